"""RecoNet: a mean of embeddings, one linear map, and exact reasons."""
