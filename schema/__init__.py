"""The shapes of Timbre's documents and messages, and the one way to write them."""
