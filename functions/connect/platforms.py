"""The storefronts there are, by platform."""

from __future__ import annotations

from functions.connect.storefront import REGISTRY, Rejected, Storefront
from schema.base import Platform


def _fill() -> None:
    from functions.connect.amazon import Amazon
    from functions.connect.flipkart import Flipkart
    from functions.connect.shopify import Shopify
    from functions.connect.woocommerce import WooCommerce

    REGISTRY.update({"shopify": Shopify, "woocommerce": WooCommerce, "amazon": Amazon, "flipkart": Flipkart})


def storefront(platform: str) -> Storefront:
    """The storefront of a platform.

    Raises:
        Rejected: there is none of that name.
    """
    if not REGISTRY:
        _fill()
    for name, make in REGISTRY.items():
        if name == platform:
            return make()
    raise Rejected(
        "platform",
        f"platform must be one of {', '.join(REGISTRY)}.",
        f"platform 必须是以下之一：{'、'.join(REGISTRY)}。",
        field="platform",
    )


def names() -> tuple[Platform, ...]:
    """Every connectable platform."""
    if not REGISTRY:
        _fill()
    return tuple(REGISTRY)
