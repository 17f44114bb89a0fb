"""Models that score a pair from a vector of its user and one of its item, and learn from sampled pairs."""
