"""Explainers for any model whose inputs can be switched off."""
