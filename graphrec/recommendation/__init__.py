"""From a fitted model to a stream of recommendations with reasons."""
