"""Segments of customers: features, RFM scores, clusters, stable identity, names, and the job behind them."""
