"""VGAE: a variational autoencoder of the graph."""
