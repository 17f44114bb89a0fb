"""Graph convolution over users, items and entities in one graph, for VGAE and Splitter."""
