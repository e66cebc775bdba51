"""Whole processes: what the commands start, say, save and leave behind."""
