"""Shared parts of the commands: standard library only, so that they run before anything is installed."""
