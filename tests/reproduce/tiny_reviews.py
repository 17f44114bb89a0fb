"""A recipe with every kind of section on features of reviews, and what it needs registered."""

from __future__ import annotations

REVIEWS = """
name = "tiny-reviews"
title = "A tiny report of features in reviews"
paper = "Nobody: Nothing, 2026."

[data]
name = "toy reviews"
loader = "toy-reviews"
folder = "reviews"
files = ["reviews.csv"]
source = "https://example.org/reviews"

[protocol]
seeds = [0, 1]
metric = "ndcg@5"
trials = 1

[[rows]]
name = "toy"
model = "toy-reviews"

[[rows]]
name = "EASE"
model = "ease"
fixed = { reg = 5.0 }

[[sections]]
kind = "feature_agreement"
title = "Features beside what people mention"
k = 5
items = 3
beside = ["own, then popular"]
reach = [
    { method = "own, then popular", form = "printed", unit = "users", metric = "precision", at_least = 0.5 },
    { method = "signed", form = "honest", unit = "pairs", metric = "ndcg", at_least = 0.99 },
]

[sections.methods]
"own, then popular" = { method = "own_then_popularity" }
"own × item" = { method = "own_item_counts", grid = { own = [2.0, 200.0], item = [5.0] } }
signed = { method = "own_vectors", row = "toy", paper = { f1 = 0.2028, ndcg = 0.3124 } }
absolute = { method = "own_vectors", row = "toy", settings = { phi = "absolute" } }
gradient = { method = "gradient", row = "toy" }
removal = { method = "explainer", row = "toy", settings = { explainer = "removal" } }
"items of EASE" = { method = "item_counts", row = "EASE", settings = { item = 5.0 } }

[[sections]]
kind = "explanation_words"
title = "Words"
users = 3
k = 4

[sections.methods]
signed = { method = "own_vectors", row = "toy" }
popularity = { method = "popularity" }

[[sections]]
kind = "explanation_correlation"
title = "Correlation"
users = 20

[sections.methods]
signed = { method = "own_vectors", row = "toy" }
absolute = { method = "own_vectors", row = "toy", settings = { phi = "absolute" } }
gradient = { method = "gradient", row = "toy" }

[[sections]]
kind = "explanation_map"
title = "Map"
users = 12
perplexity = 5

[sections.methods]
signed = { method = "own_vectors", row = "toy" }
gradient = { method = "gradient", row = "toy" }

[[sections]]
kind = "feature_tilt"
title = "Tilt"
rows = ["toy", "EASE"]
shown = 3
items = 4
"""
