"""One simulated shop behind four storefronts: Shopify, WooCommerce, Amazon and Flipkart, each in its own wire format.

A process of its own (`python -m sandbox.shops`), never deployed. A client cannot tell it from the provider: only the
base URL differs.
"""
