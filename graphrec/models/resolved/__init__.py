"""The graph model with resolved representations: segments by source and by factor, and reasons through factors."""
