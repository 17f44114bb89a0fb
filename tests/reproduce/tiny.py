"""A recipe that takes seconds, on data with a pattern that models can find."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

TINY = """
name = "tiny"
title = "A tiny report"
paper = "Nobody: Nothing, 2026."

[data]
name = "toy movies"
loader = "movielens"
folder = "toy"
files = ["ratings.csv", "movies.csv"]
source = "https://example.org/toy"
about = "Unpack toy.zip"

[protocol]
positive_if = "rating>=3"
seeds = [0, 1]
metric = "recall@10"
also = ["ndcg@10"]
trials = 2
choices = ["Everything is small."]

[[rows]]
name = "EASE"
model = "ease"
paper = { "recall@10" = 0.01 }
grid = { reg = [1.0, 100.0] }

[[rows]]
name = "RecoNet"
model = "reconet"
paper = { "recall@10" = 0.999 }
fixed = { epochs = 6, embedding_size = 16, learning_rate = 0.05, batch_size = 64 }
trials = [{ item_attributes = false }, { item_attributes = true }]

[[rows]]
name = "popularity"
model = "popularity"
unequal = "it has no settings"

[[sections]]
kind = "results_table"
name = "table"
title = "The table"
best = "RecoNet"

[[sections]]
kind = "settings"
title = "Settings"
"""
"""Rows, splits and the two plainest sections."""

REASONS = """
[[reasons]]
name = "linear"
row = "RecoNet"
users = 20
up_to = 5

[reasons.methods]
LRP = { explainer = "own" }
removal = { explainer = "removal" }
LIME = { explainer = "lime", samples = 60 }

[[sections]]
kind = "paired_differences"
title = "Differences"
pairs = [
    { first = "RecoNet", second = "popularity", want = "above" },
    { first = "popularity", second = "EASE", want = "above" },
]

[[sections]]
kind = "cold_start_curves"
title = "Cold users"
rows = ["RecoNet", "popularity"]
up_to = 10
seeds = [0, 1]
best = "RecoNet"
above = ["popularity"]

[[sections]]
kind = "removal_curves"
title = "Removal"
of = ["linear"]
rival = "LIME"

[[sections]]
kind = "top1_distributions"
title = "First against random"
of = ["linear"]

[[sections]]
kind = "agreement_by_position"
title = "Agreement"
of = ["linear"]
positions = 3

[[sections]]
kind = "explanation_cost"
title = "Cost"
rows = ["RecoNet"]
users = 20
slow_users = 2
samples = 100

[[sections]]
kind = "stability"
title = "Stability"
rows = ["RecoNet"]
seeds = [0, 1, 2, 3]
together = 2
users = 20
below = "What can be done is said here."

[[sections]]
kind = "score_falls"
title = "Falls"
row = "RecoNet"
own = "LRP"
above = ["LIME"]
not_above = ["removal"]
users = 20
k = 2

[sections.methods]
LRP = { explainer = "own" }
removal = { explainer = "removal" }
LIME = { explainer = "lime", samples = 60 }

[[sections]]
kind = "sankey"
title = "Sankey"
row = "RecoNet"

[[sections]]
kind = "planted_truth"
title = "Planted truth"
seeds = [7]
noise = [0.5]
correlation = []
standard = { users = 60, interactions = 10 }
methods = ["EASE", "Random on EASE"]
own = "EASE"

[[sections]]
kind = "planted_driver"
title = "Planted drivers"
seeds = [7, 8]
vary = { noise = [0.2] }
standard = { users = 60, items = 120, interactions = 10, directors = 8, actors = 20, genres = 6 }
own = "EASE"

[sections.methods]
EASE = { model = "ease", settings = { reg = 20.0, attribute_weight = 20.0 } }
control = { model = "ease", settings = { reg = 20.0, attribute_weight = 20.0 }, explainer = "random", users = 20 }

[[sections]]
kind = "stated_tastes"
title = "Stated tastes"
seeds = [7, 8]
vary = { strength = [0.9, 2.0] }
standard = { users = 60, items = 50, interactions = 10 }
methods = ["EASE: weights", "EASE with attributes: joint effect, lift"]
"""
"""Every other kind of section."""

QUICK = """
[quick]
users = 30
items = 25
seeds = [0]
trials = 1

[quick.models]
reconet = { epochs = 1 }

[quick.reasons]
users = 5

[quick.sections]
settings = { title = "Settings of a quick look" }
"""


def write_toy(folder: Path, users: int = 48, movies: int = 40) -> Path:
    """Write ratings where a user of one half takes movies of one half, mostly; genres name the halves."""
    rng = np.random.default_rng(0)
    folder.mkdir(parents=True)
    rows = ["userId,movieId,rating,timestamp"]
    for user in range(users):
        liked = rng.permutation(np.arange(movies)[np.arange(movies) % 2 == user % 2])[:14]
        other = rng.permutation(np.arange(movies)[np.arange(movies) % 2 != user % 2])[:4]
        rows += [
            f"{user + 1},{movie + 1},{5 if movie in liked else rng.integers(2, 4)},0" for movie in (*liked, *other)
        ]
    titles = "\n".join(f"{m + 1},Movie {m + 1} (2000),{'Comedy' if m % 2 else 'Drama'}" for m in range(movies))
    (folder / "ratings.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (folder / "movies.csv").write_text(f"movieId,title,genres\n{titles}\n", encoding="utf-8")
    return folder


def write_recipe(folder: Path, text: str = TINY, **replaced: Any) -> Path:
    """Write a recipe with some of its text replaced."""
    for old, new in replaced.items():
        assert old in text
        text = text.replace(old, str(new))
    path = folder / "tiny.toml"
    path.write_text(text, encoding="utf-8")
    return path
