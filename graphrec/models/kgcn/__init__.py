"""KGCN: items as their neighbourhoods in a knowledge graph look to a user."""
