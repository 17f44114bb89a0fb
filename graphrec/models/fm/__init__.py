"""Factorisation machines."""
