"""A recipe with every kind of section that a model of attribute networks needs, on films with people."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

NETWORKS = """
name = "tiny-networks"
title = "A tiny report of attribute networks"
paper = "Nobody: Nothing, 2026."

[data]
name = "toy films"
loader = "movielens"
folder = "films"
files = ["ratings.csv", "movies.csv", "movie_attributes.csv"]
source = "https://example.org/films"

[protocol]
seeds = [0, 1]
metric = "ndcg@5"
also = ["precision@5"]
trials = 1

[[rows]]
name = "networks"
model = "toy-networks"

[[rows]]
name = "EASE"
model = "ease"
fixed = { reg = 5.0 }

[[sections]]
kind = "network_masking"
title = "Masked networks"
row = "networks"
users = 30
k = 2

[[sections]]
kind = "attention_groups"
title = "Attention groups"
row = "networks"
network = "actor"
without = { attributes = "director,genre" }
size = 12

[[sections]]
kind = "embedding_map"
title = "Users"
row = "networks"
of = "users"
users = 30
perplexity = 5
panels = [{ name = "all" }, { name = "without actors", settings = { attributes = "director,genre" } }]

[[sections]]
kind = "embedding_map"
name = "map-of-groups"
title = "Groups of users"
row = "networks"
of = "users"
colour = "group"
network = "actor"
size = 12
perplexity = 5

[[sections]]
kind = "settings"
title = "Settings"
"""


def write_films(folder: Path, users: int = 48, films: int = 60) -> Path:
    """Write ratings where one user in two follows a director, and the others an actor."""
    rng = np.random.default_rng(0)
    folder.mkdir(parents=True)
    director, actor = np.arange(films) % 4, rng.permutation(films) % 5
    rows = ["userId,movieId,rating,timestamp"]
    for user in range(users):
        carried = director == user % 4 if user % 2 else actor == user % 5
        own = rng.permutation(np.flatnonzero(carried))[:10]
        other = rng.permutation(np.flatnonzero(~carried))[:6]
        rows += [f"{user + 1},{film + 1},5,0" for film in (*own, *other)]
    titles = [f"{f + 1},Film {f + 1} (2000),{('Comedy', 'Drama', 'Crime')[f % 3]}" for f in range(films)]
    people = [f"{f + 1},Director {director[f]},Actor {actor[f]}|Actor {f % 7 + 9}," for f in range(films)]
    for name, head, lines in (
        ("ratings.csv", rows[0], rows[1:]),
        ("movies.csv", "movieId,title,genres", titles),
        ("movie_attributes.csv", "movieId,directors,actors,keywords", people),
    ):
        (folder / name).write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return folder
