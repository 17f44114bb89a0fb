"""Planted data in which each person takes films for one value of one kind of attribute, and whether reasons say so."""
