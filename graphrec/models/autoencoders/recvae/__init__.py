"""RecVAE: a variational autoencoder with a composite prior, trained in alternation."""
