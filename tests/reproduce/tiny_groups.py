"""A recipe with every kind of section on groups, mappings and components, on losses, and on the data alone."""

from __future__ import annotations

ENTRY = "tests.toy_mixture:Mixture"

GROUPS = """
name = "tiny-groups"
title = "A tiny report of groups"
paper = "Nobody: Nothing, 2026."

[data]
name = "toy movies"
loader = "movielens"
folder = "toy"
files = ["ratings.csv", "movies.csv"]
source = "https://example.org/toy"

[protocol]
positive_if = "rating>=3"
seeds = [0, 1]
metric = "ndcg@5"
trials = 1

[[rows]]
name = "mixture"
model = "mixture"
fixed = { first = 20 }

[[rows]]
name = "slow"
model = "mf"
fixed = { epochs = 6, embedding_size = 4, learning_rate = 0.001 }

[[rows]]
name = "fast"
model = "mf"
fixed = { epochs = 6, embedding_size = 4, learning_rate = 0.05 }

[[sections]]
kind = "group_removal"
title = "Groups removed"
row = "mixture"
users = 30

[[sections]]
kind = "score_falls"
title = "Falls of log p"
row = "mixture"
own = "own"
above = ["LIME"]
measure = "log_p"
users = 20
removed = [1, 2]
oracle = { method = "removal", of_oracle = 0.9, cheaper = 2.0, users = 5 }

[sections.methods]
own = { explainer = "own" }
removal = { explainer = "removal" }
LIME = { explainer = "lime", samples = 40 }

[[sections]]
kind = "factor_mapping"
title = "The mapping"
row = "mixture"
users = 40

[[sections]]
kind = "pruning"
title = "Pruned"
row = "mixture"
relative = [0.1, 1.0]
absolute = [0.001, 0.3]

[[sections]]
kind = "convergence"
title = "Convergence"
rows = ["slow", "fast"]
best = "fast"

[[sections]]
kind = "data_distributions"
title = "The data"
main_share = 0.5
more_than = 1
per_value = 3
"""
