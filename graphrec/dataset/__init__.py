"""The training data as arrays: ids, interactions, attributes, splits, profiles."""
