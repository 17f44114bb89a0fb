"""KGCN: items represented by their neighbourhoods in a knowledge graph, weighted for each user."""
