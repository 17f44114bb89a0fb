"""ELSA: a linear item–item model whose weights are inner products of items' vectors."""
