"""The control page: what each simulated shop is, and buttons that make something happen in it."""

from __future__ import annotations

from pathlib import Path

SHOPS: dict[str, tuple[str, str, str]] = {
    # name, what to type in the connect wizard, what it gives
    "shopify": ("Shopify", "timbre-sandbox.myshopify.com", "customers, orders, products, abandoned checkouts"),
    "woo": ("WooCommerce", "this address with /woo behind it", "customers, orders, products, reviews"),
    "amazon": ("Amazon", "the sandbox application", "orders and products; no buyers"),
    "flipkart": ("Flipkart", "the sandbox application", "shipments and listings; no buyers"),
}

BUTTONS: dict[str, list[tuple[str, str]]] = {
    "shopify": [
        ("order", "Place an order"),
        ("consent", "Customer changes consent"),
        ("edit_customer", "Customer changes name"),
        ("cart", "Abandon a cart"),
        ("recover", "Complete a cart"),
        ("refund", "Refund a part"),
        ("cancel", "Cancel an order"),
        ("price", "Price drop"),
        ("stock", "Back in stock"),
        ("merge", "Merge two customers"),
        ("redact", "Ask to forget a customer"),
        ("uninstall", "Uninstall the app"),
    ],
    "woo": [
        ("order", "Place an order"),
        ("edit_customer", "Customer changes name"),
        ("review", "Write a review"),
        ("refund", "Refund a part"),
        ("cancel", "Cancel an order"),
        ("price", "Price drop"),
        ("stock", "Back in stock"),
    ],
    "amazon": [
        ("order", "Place an order"),
        ("refund", "Refund a part"),
        ("cancel", "Cancel an order"),
        ("ship", "Ship an order"),
    ],
    "flipkart": [
        ("order", "Place an order"),
        ("refund", "Refund a part"),
        ("cancel", "Cancel an order"),
        ("ship", "Ship an order"),
    ],
}

PAGE = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")
