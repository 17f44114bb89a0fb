"""Splitter: detected communities, and an embedding of every node in each of them."""
