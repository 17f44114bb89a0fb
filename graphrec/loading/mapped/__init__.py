"""The mapping file of the table loader: its sections, its checks, and the reading of the files that it names."""
