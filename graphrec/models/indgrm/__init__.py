"""InDGRM: user clusters and item groups in a generative model of what users take."""
