"""What is worth knowing: findings above the noise, tags from words, early warning and care cases."""
