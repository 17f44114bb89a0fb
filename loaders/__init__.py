"""One file per data set; each turns raw files into graph tables."""
