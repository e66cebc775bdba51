"""What stands in for the outside world on a developer's machine: an invented shop and its customers.

Nothing here is imported by the product, and nothing here imports it except the shapes in `schema/`.
"""
