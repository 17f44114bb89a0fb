"""What is said of user clusters and item groups that a fit found: sizes, purity, variance explained, stability."""
