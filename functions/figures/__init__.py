"""Figures for the screens: recomputed for what changed, never counted along with events."""
