"""What a knowledge graph brings to a data set: links to items, names of entities, and what of it is left out."""
