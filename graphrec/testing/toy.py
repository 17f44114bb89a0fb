"""Small data sets in memory, each made in a line or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.interactions import Interactions
from graphrec.dataset.kinds import ITEM_ATTRIBUTES, USER_ATTRIBUTES
from graphrec.dataset.negative_rule import NegativeRule
from graphrec.dataset.positive_rule import PositiveRule

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOBODY, NEWCOMER, PICKY = "nobody", "newcomer", "picky"
"""Users of ``toy``: without anything; with attributes alone; with low ratings alone."""

ATTRIBUTES = {
    **{f"item.genre={name}": ("item", "genre") for name in ("comedy", "drama", "horror", "western")},
    **{f"item.director={name}": ("item", "director") for name in ("Ito", "Lang", "Varda")},
    **{f"user.age={name}": ("user", "age") for name in ("young", "old")},
    **{f"user.gender={name}": ("user", "gender") for name in ("F", "M")},
}


def build(
    taken: Mapping[str, Mapping[str, float]],
    items: Sequence[str],
    *,
    carried: Mapping[str, Sequence[str]] | None = None,
    attributes: Mapping[str, tuple[str, str]] = ATTRIBUTES,
    positive_if: str = "",
    negative_if: str = "",
    fingerprint: str = "toy",
) -> Dataset:
    """Return a data set with the users, items and attributes that are named; it has no knowledge graph.

    Args:
        taken: for each user the rating of each item.
        items: ids in the order of their numbers.
        carried: for a user's or item's id its attributes.
        attributes: owner and kind of each attribute.
        positive_if: which interactions are positive.
        negative_if: which are explicit dislikes.
        fingerprint: of the stored data that this stands for.
    """
    users, names, carried = list(taken), list(attributes), carried or {}
    rows = sorted(
        (users.index(user), items.index(item), rating) for user, of in taken.items() for item, rating in of.items()
    )
    user, item, rating = (np.array(column) for column in zip(*rows, strict=True)) if rows else (np.empty(0),) * 3

    def incidence(nodes: Sequence[str]) -> Incidence:
        pairs = [(row, names.index(name)) for row, node in enumerate(nodes) for name in carried.get(node, ())]
        first, second = (np.array(column) for column in zip(*pairs, strict=True)) if pairs else (np.empty(0),) * 2
        return Incidence.from_pairs(first, second, (len(nodes), len(names)))

    return Dataset(
        nodes={
            "User": IdMap.of("User", users),
            "Item": IdMap.of("Item", items, name=[f"The {item}" for item in items]),
            "Attribute": IdMap.of(
                "Attribute", names, owner=[o for o, _ in attributes.values()], kind=[k for _, k in attributes.values()]
            ),
        },
        interactions=Interactions(
            user.astype(np.int32),
            item.astype(np.int32),
            rating.astype(np.float32),
            np.ones(len(rows), dtype=np.float32),
            np.zeros(len(rows)),
        ),
        links={ITEM_ATTRIBUTES: incidence(items), USER_ATTRIBUTES: incidence(users)},
        positive_if=PositiveRule(positive_if),
        negative_if=NegativeRule(negative_if),
        fingerprint=fingerprint,
    )


def toy(seed: int = 0, *, n_users: int = 24, n_items: int = 12) -> Dataset:
    """Return users with ratings of 1 to 5, of whom three or more are positive; two tastes, with genres to match."""
    rng = np.random.default_rng(seed)
    items = [f"i{number:02}" for number in range(n_items)]
    people = [f"u{number:02}" for number in range(n_users)]
    names = list(ATTRIBUTES)
    carried = {
        item: [names[number % 2], *rng.choice(names[2:7], rng.integers(0, 3), replace=False)]
        for number, item in enumerate(items)
    }
    taken: dict[str, dict[str, float]] = {}
    for number, user in enumerate(people):
        chance = np.where(np.arange(n_items) % 2 == number % 2, 0.5, 0.15)
        chosen = np.flatnonzero(rng.random(n_items) < chance)
        chosen = np.union1d(chosen, rng.choice(n_items, 2, replace=False))
        taken[user] = {items[item]: float(rng.integers(1, 6)) for item in chosen} | {items[number % n_items]: 5.0}
        carried[user] = [names[7 + number % 2], names[9 + rng.integers(2)]]
    carried[NEWCOMER] = ["user.age=young", "user.gender=F"]
    taken |= {NOBODY: {}, NEWCOMER: {}, PICKY: {"i00": 1.0, "i01": 2.0}}
    return build(taken, items, carried=carried, positive_if="rating>=3")
