"""Splitter: communities found beforehand, and an embedding of every node in each of them."""
