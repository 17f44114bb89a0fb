"""What is said of latent spaces: independence, disentanglement and meaning of dimensions, each beside controls."""
