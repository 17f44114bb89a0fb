"""EASE on each item's nearest items alone: a linear item–item model for large catalogues."""
