"""Connected shops: one file a platform behind one interface (`storefront.py`), and what is the same for all of them."""
