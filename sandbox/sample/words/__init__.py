"""The customers' words: fragments in text files, composed into texts that no two customers share."""
