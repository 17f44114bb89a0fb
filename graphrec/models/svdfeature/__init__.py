"""SVDFeature: feature-based matrix factorisation."""
