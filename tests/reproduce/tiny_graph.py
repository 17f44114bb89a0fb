"""A recipe with every kind of section that a model of factors needs, on a small knowledge graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

GRAPH = """
name = "tiny-graph"
title = "A tiny report of factors"
paper = "Nobody: Nothing, 2026."

[data]
name = "toy artists"
loader = "lastfm"
folder = "artists"
files = ["user_artists.dat", "kgcn/kg.txt"]
options = { graph = "kgcn" }
source = "https://example.org/artists"

[protocol]
seeds = [0, 1]
metric = "ndcg@20"
also = ["recall@2", "recall@10"]
trials = 1

[protocol.split]
kind = "users"
options = { validation = 12, test = 12, given = 0.8, given_in_training = true }

[[rows]]
name = "EASE"
model = "ease"
paper = { "ndcg@20" = 0.001, "recall@2" = 0.9 }
fixed = { reg = 5.0 }

[[rows]]
name = "as printed"
model = "resolved"
paper = { "ndcg@20" = 0.999 }
fixed = { epochs = 1, embedding_size = 4, item_factors = 2, entity_factors = 2, activation = "tanh", decoder = "inner" }

[[rows]]
name = "resolved"
model = "resolved"
fixed = { epochs = 8, embedding_size = 8, item_factors = 2, entity_factors = 2, learning_rate = 0.02 }

[[rows]]
name = "two of it"
model = "resolved"
like = "resolved"
fixed = { members = 2 }

[[sections]]
kind = "results_table"
name = "table"
title = "The table"
metrics = ["recall@2", "ndcg@20"]
brief = true

[[sections]]
kind = "paired_differences"
title = "Differences"
pairs = [{ first = "EASE", second = "as printed", want = "above", by = 0.9 }]

[[sections]]
kind = "departures"
title = "Departures"
printed = "as printed"
rows = ["resolved"]
budget = ["epochs", "learning_rate"]

[[sections]]
kind = "sensitivity"
title = "Factors"
row = "resolved"
vary = ["item_factors", "entity_factors"]
values = [1, 2, 3]
sweeps = [
    { name = "D fixed", paper = [0.1, 0.2, 0.3] },
    { name = "C x D fixed", product = { embedding_size = 16 } },
]

[[sections]]
kind = "shift_curves"
name = "shift"
title = "Shift"
row = "resolved"
own = "own"
rivals = ["SEP"]
oracle = "removal"
removed = [1, 2]

[sections.methods]
own = { explainer = "own" }
SEP = { explainer = "sep" }
removal = { explainer = "removal" }

[[sections]]
kind = "shift_curves"
name = "shift-of-entities"
title = "Shift of entities"
row = "resolved"
own = "own"
removed = [1, 2]
label = "Entity"
splits = 1

[sections.methods]
own = { explainer = "own" }

[[sections]]
kind = "explanation_graphs"
title = "Graphs"
row = "resolved"
items = ["Artist", "Artist"]

[[sections]]
kind = "embedding_map"
title = "Map"
row = "resolved"
array = "0.items"
factors = "/item-"
panels = [{ name = "as chosen" }, { name = "three factors", settings = { item_factors = 3 } }]
perplexity = 5

[[sections]]
kind = "settings"
title = "Settings"

[quick]
users = 40
items = 20
seeds = [0]
"""


def write_artists(folder: Path, users: int = 60, artists: int = 30) -> Path:
    """Write plays where a listener of one half plays artists of one half, mostly; towns and labels name the halves."""
    rng = np.random.default_rng(0)
    (folder / "kgcn").mkdir(parents=True)
    plays = ["userID\tartistID\tweight"]
    for user in range(users):
        own, other = (
            rng.permutation(np.arange(artists)[np.arange(artists) % 2 == side % 2]) for side in (user, user + 1)
        )
        plays += [f"{user}\t{100 + artist}\t{rng.integers(1, 9)}" for artist in (*own[:9], *other[:2])]
    facts = [f"{a}\thome\t{50 + a % 4}\n{a}\tlabel\t{60 + a % 6}" for a in range(artists)]
    names = ["id\tname\turl\tpictureURL", *(f"{100 + a}\tArtist {a}\t\t" for a in range(artists))]
    mapped = [f"{100 + a}\t{a}" for a in range(artists)]
    for name, lines in (
        ("user_artists.dat", plays),
        ("artists.dat", names),
        ("kgcn/kg.txt", facts),
        ("kgcn/item_index2entity_id.txt", mapped),
    ):
        (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
