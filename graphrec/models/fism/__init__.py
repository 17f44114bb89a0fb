"""FISM: factored item similarity models."""
