"""Metrics of explanations, for any model and any order of evidence, in batches."""
