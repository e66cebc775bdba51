"""The commands behind the Makefile. Each file without an ending is one command; `lib/` holds what they share."""
