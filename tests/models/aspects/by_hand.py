"""A model of two members with random arrays, and its scores by loops over users, items and features."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import USER_FEATURES
from graphrec.dataset.profiles import Profiles
from graphrec.models.aspects.model import Aspects

if TYPE_CHECKING:
    import numpy.typing as npt

USERS, ITEMS, FEATURES, SIZE = 7, 9, 6, 4
TAKEN = [[0, 3, 5], [2], [1, 4], [], [0, 1, 2, 3, 4, 5, 6], [7], []]
MENTIONED = [{0: 2, 2: 1, 5: 4}, {1: 3}, {}, {0: 1, 4: 2}, {2: 1, 3: 1, 4: 1, 5: 1}, {3: 2}, {}]
"""The second and the sixth took one item and mention one feature; the last has nothing at all."""


def arrays(seed: int, *, n_items: int = ITEMS, n_features: int = FEATURES) -> dict[str, npt.NDArray[Any]]:
    """Return random arrays of one member; the profiles of items, two features of each, are the same for all seeds."""
    rng, profiles_rng = np.random.default_rng(seed), np.random.default_rng(99)
    said = np.stack([profiles_rng.choice(n_features, 2, replace=False) for _ in range(n_items)])
    profiles = Incidence.from_pairs(np.repeat(np.arange(n_items), 2), said.ravel(), (n_items, n_features))
    return {
        "of_features": rng.normal(size=(n_features, SIZE)).astype(np.float32),
        "taken": rng.normal(size=(n_items, SIZE)).astype(np.float32),
        "items": rng.normal(size=(n_items, SIZE)).astype(np.float32),
        "weights": rng.normal(size=n_features).astype(np.float32),
        "bias": rng.normal(size=n_items).astype(np.float32),
        "profile_starts": profiles.indptr,
        "profile_features": profiles.indices,
        "profile_values": profiles_rng.random(profiles.n_entries).astype(np.float32),
        "idf": np.linspace(0.5, 2, n_features).astype(np.float32),
    }


def members(**settings: Any) -> tuple[Aspects, list[dict[str, npt.NDArray[Any]]]]:
    """Return a model of two members, and the arrays of each; they share the idf."""
    model, both = Aspects(**{"members": 2, **settings}), [arrays(0), arrays(1)]
    model.restore(model.joined(both))
    return model, both


def profiles() -> Profiles:
    """Return the users; the counts of mentions differ, sentiment plays no part."""
    owner = np.array([user for user, of in enumerate(MENTIONED) for _ in of])
    feature = np.array([feature for of in MENTIONED for feature in of])
    count = np.array([count for of in MENTIONED for count in of.values()], dtype=np.float64)
    rows = np.array([user for user, items in enumerate(TAKEN) for _ in items])
    counts = Incidence.from_pairs(owner, feature, (USERS, FEATURES), count)
    return Profiles(
        np.full(USERS, -1, dtype=np.int32),
        Incidence.from_pairs(rows, np.array([item for items in TAKEN for item in items]), (USERS, ITEMS)),
        {USER_FEATURES: counts},
        {USER_FEATURES: counts},
    )


def numbers(user: int, idf: npt.NDArray[Any], *, paper: bool = False) -> npt.NDArray[Any]:
    """Return f_u before it is brought to unit length: log(1 + t) · idf, or 1 + 4 (2/(1 + e^−t) − 1)."""
    f = np.zeros(len(idf))
    for feature, count in MENTIONED[user].items():
        f[feature] = 1 + 4 * (2 / (1 + np.exp(-count)) - 1) if paper else np.log(1 + count) * idf[feature]
    return f


def score(
    of: list[dict[str, npt.NDArray[Any]]],
    item: int,
    f: npt.NDArray[Any],
    taken: dict[int, float],
    n: float,
) -> float:
    """Return the mean score of the members for one item.

    Args:
        of: arrays of the members.
        item: i.
        f: f_u [features].
        taken: item → strength.
        n: what the sum over taken items is divided by the root of.
    """
    total = 0.0
    for part in of:
        x = sum((f[k] * part["of_features"][k] for k in range(len(f))), np.zeros(SIZE))
        x = x + sum((s * part["taken"][j] for j, s in taken.items()), np.zeros(SIZE)) / np.sqrt(max(n, 1e-12))
        total += part["bias"][item] + float(x @ part["items"][item])
        for entry in range(part["profile_starts"][item], part["profile_starts"][item + 1]):
            k = part["profile_features"][entry]
            total += part["weights"][k] * f[k] * part["profile_values"][entry]
    return total / len(of)


def unit(f: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """Return f at unit length; zeros stay."""
    return f / max(float(np.linalg.norm(f)), 1e-12)
