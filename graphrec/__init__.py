"""Recommendations you can query: learn from a property graph, write every recommendation back with its reasons."""

__version__ = "0.1.0"
