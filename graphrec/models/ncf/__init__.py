"""NCF: neural collaborative filtering."""
