"""People: merging, notes, tags, exports, and what time alone changes about them."""
