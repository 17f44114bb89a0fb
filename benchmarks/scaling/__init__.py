"""How the cost of every stage grows: ``python -m benchmarks.scaling``."""
