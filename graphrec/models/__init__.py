"""One file per model, on shared parts that own everything but the arithmetic."""
