"""Matrix factorisation with the softmax of the whole catalogue."""
