"""Measured claims, as `make bench` prints them. Not tests: a slow machine is no bug."""
