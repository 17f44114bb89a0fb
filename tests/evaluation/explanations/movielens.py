"""A part of MovieLens small (2016): popular films with their genres."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import torch

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.kinds import ITEM_ATTRIBUTES
from graphrec.dataset.positive_rule import PositiveRule
from graphrec.dataset.profiles import profiles_of
from graphrec.rankings.top_items import top_items

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.profiles import Profiles
    from graphrec.dataset.splitting import SplitData
    from graphrec.models.model import Model

LEAST = 20
"""Ratings of a film that is taken."""


class Asked(NamedTuple):
    """A fitted model, and the best item of some users.

    Attributes:
        model: fitted on the training part.
        profiles: of B users.
        items: int64 [B, 1].
        taken, held_out: B × items.
    """

    model: Model
    profiles: Profiles
    items: torch.Tensor
    taken: Incidence
    held_out: Incidence


def read(folder: Path) -> Dataset:
    """Return the data; ratings of 3 or more are positive."""
    ratings = pd.read_csv(folder / "ratings.csv", dtype={"userId": str, "movieId": str})
    ratings = ratings[ratings.groupby("movieId")["userId"].transform("size") >= LEAST]
    films = pd.read_csv(folder / "movies.csv", dtype=str).set_index("movieId").loc[sorted(ratings["movieId"].unique())]
    user, users = pd.factorize(ratings["userId"], sort=True)
    item = films.index.get_indexer(ratings["movieId"])
    carried = films["genres"].str.split("|").explode()
    genre, genres = pd.factorize(carried, sort=True)
    order = np.lexsort((item, user))
    count = len(films)
    return Dataset(
        nodes={
            "User": IdMap.of("User", list(users)),
            "Item": IdMap.of("Item", list(films.index), name=list(films["title"])),
            "Attribute": IdMap.of(
                "Attribute",
                [f"item.genre={name}" for name in genres],
                owner=["item"] * len(genres),
                kind=["genre"] * len(genres),
            ),
        },
        interactions=Interactions(
            user[order].astype(np.int32),
            item[order].astype(np.int32),
            ratings["rating"].to_numpy(np.float32)[order],
            np.ones(len(order), dtype=np.float32),
            np.zeros(len(order)),
        ),
        links={
            ITEM_ATTRIBUTES: Incidence.from_pairs(films.index.get_indexer(carried.index), genre, (count, len(genres)))
        },
        positive_if=PositiveRule("rating>=3"),
        fingerprint="movielens-small-2016",
    )


def asked(model: Model, cut: SplitData, users: int) -> Asked:
    """Ask a model, fitted on the training part, about users with 20 to 100 films, spread over all there are."""
    data, known = model.align(cut.train)
    able = np.flatnonzero((data.positives.counts >= 20) & (data.positives.counts <= 100) & (cut.test.counts > 0))
    rows = able[np.linspace(0, len(able) - 1, users).astype(np.int64)]
    profiles = profiles_of(data, known, rows)
    everything = np.ones(len(data.items), dtype=np.bool_)
    items, _ = top_items(model.score(profiles).numpy(), data.taken.rows(rows), everything, 1)
    return Asked(model, profiles, torch.from_numpy(items), data.taken.rows(rows), cut.test.rows(rows))
