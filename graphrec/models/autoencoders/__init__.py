"""Autoencoders of users' rows: baselines that put a user into a latent space and decode scores of all items."""
