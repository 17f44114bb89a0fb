"""Models that learn from the features that people mention in reviews."""
