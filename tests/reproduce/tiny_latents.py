"""A recipe with every kind of section on latent spaces, clusters and groups."""

from __future__ import annotations

ENTRY = "tests.evaluation.clusters.clustered:Clustered"

LATENTS = """
name = "tiny-latents"
title = "A tiny report of latent spaces"
paper = "Nobody: Nothing, 2026."

[data]
name = "toy movies"
loader = "movielens"
folder = "toy"
files = ["ratings.csv", "movies.csv"]
source = "https://example.org/toy"

[protocol]
positive_if = "rating>=3"
seeds = [0]
metric = "recall@10"
trials = 1

[[rows]]
name = "NMF"
model = "nmf"
fixed = { embedding_size = 4 }

[[rows]]
name = "VGAE"
model = "vgae"
fixed = { epochs = 4, embedding_size = 4, hidden_size = 6 }

[[rows]]
name = "MF"
model = "mf"
fixed = { epochs = 3, embedding_size = 4 }

[[rows]]
name = "clusters"
model = "clustered"

[[sections]]
kind = "latent_spaces"
title = "Latent spaces"
rows = ["NMF", "VGAE", "MF"]
without_vote = ["MF"]
paper = { NMF = { independence = 0.9056, disentanglement = 0.4346 } }
votes = 3
vectors = 8
seeds = [3, 4, 5]

[[sections]]
kind = "cluster_quality"
title = "Clusters"
rows = ["clusters"]
largest_share = 0.7
purity = 0.95

[[sections]]
kind = "cluster_stability"
title = "Stability of clusters"
rows = ["clusters"]
seeds = [0, 1, 2]
bar = 0.7

[[sections]]
kind = "altered_dimensions"
title = "Items altered"
row = "NMF"
starts = 10
nearest = 5
steps = 3
shown = 4

[[sections]]
kind = "altered_dimensions"
name = "users-altered"
title = "Users altered"
row = "NMF"
of = "users"
starts = 10
nearest = 5
examples = 1

[[sections]]
kind = "settings"
title = "Settings"

[quick]
users = 30
items = 30
seeds = [0]
"""
