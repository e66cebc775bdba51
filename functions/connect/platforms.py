"""The storefronts there are, by platform; a platform's file is loaded when it is first asked for."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from functions.connect.storefront import Rejected, Storefront
from schema.base import Platform

PLATFORMS: dict[Platform, tuple[str, str]] = {
    "shopify": ("functions.connect.shopify", "Shopify"),
    "woocommerce": ("functions.connect.woocommerce", "WooCommerce"),
    "amazon": ("functions.connect.amazon", "Amazon"),
    "flipkart": ("functions.connect.flipkart", "Flipkart"),
}
"""Module and class of each."""


def storefront(platform: str) -> Storefront:
    """The storefront of a platform.

    Raises:
        Rejected: there is none of that name.
    """
    for name, (module, made) in PLATFORMS.items():
        if name == platform:
            return cast(Storefront, getattr(import_module(module), made)())
    raise Rejected(
        "platform",
        f"platform must be one of {', '.join(PLATFORMS)}.",
        f"platform 必须是以下之一：{'、'.join(PLATFORMS)}。",
        field="platform",
    )


def names() -> tuple[Platform, ...]:
    """Every connectable platform."""
    return tuple(PLATFORMS)
