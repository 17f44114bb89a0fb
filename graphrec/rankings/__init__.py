"""Rankings from scores: candidates, the best items in a defined order, and metrics."""
