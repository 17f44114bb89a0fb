"""Aspects: an additive model of what people write about and what they took."""
