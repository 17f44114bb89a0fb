"""Arithmetic on arrays that knows nothing of graphs: blocks of bounded memory, padding, look-ups, hashed numbers."""
