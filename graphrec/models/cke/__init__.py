"""CKE: collaborative filtering beside an embedding of the knowledge graph."""
