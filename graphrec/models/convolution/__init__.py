"""Graph convolution over users, items and entities in one graph: what VGAE and Splitter share."""
