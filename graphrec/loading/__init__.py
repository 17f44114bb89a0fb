"""The parts that loaders are made of: their contract, readers of files and frames, tables of nodes and edges."""
