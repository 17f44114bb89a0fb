"""From a store to a graph that can be sampled; DGL where it can be imported, PyTorch alone where it cannot."""
