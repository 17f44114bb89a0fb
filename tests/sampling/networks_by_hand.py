"""Data for attribute networks, and the networks as dense matrices, as the paper's formula has them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.testing.toy import build

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence

VALUES = {
    **{f"item.genre=g{n}": ("item", "genre") for n in range(4)},
    **{f"item.actor=a{n}": ("item", "actor") for n in range(9)},
    "item.label=one": ("item", "label"),
    "user.age=old": ("user", "age"),
}


def random_data(seed: int = 0, *, users: int = 40, items: int = 25) -> Dataset:
    """Return data in which items carry several values of a kind, one carries none, and one user took one item."""
    rng = np.random.default_rng(seed)
    names = [f"i{n}" for n in range(items)]
    of_kind = [value for value, (_, kind) in VALUES.items() if kind in ("genre", "actor")]
    carried = {name: [value for value in of_kind if rng.random() < 0.35] for name in names[1:]}
    carried["i1"] = [*carried["i1"], "item.label=one"]
    popularity = rng.random(items) ** 2
    taken: dict[str, dict[str, float]] = {
        f"u{n}": {name: float(rng.integers(1, 6)) for name in rng.permutation(names)[rng.random(items) < popularity]}
        for n in range(users)
    }
    return build({**taken, "once": {"i2": 5.0}}, names, carried=carried, attributes=VALUES, positive_if="rating>=3")


def dense_network(together: Incidence, carried: Incidence) -> dict[str, npt.NDArray[Any]]:
    """Return for every two items, without loops: users who took both, and these × the values that both carry."""
    took, carries = together.csr(np.int64).toarray(), carried.csr(np.int64).toarray()
    users = took.T @ took
    shared = carries @ carries.T
    np.fill_diagonal(shared, 0)
    return {"co_takers": users * (shared > 0), "paths": users * shared}


def dense_entries(whole: dict[str, npt.NDArray[Any]], entries: str, threshold: int) -> npt.NDArray[Any]:
    """Return items × items: what stands at the edges of so many co-takers."""
    is_edge = whole["co_takers"] >= threshold
    return is_edge.astype(np.int64) if entries == "edges" else whole[entries] * is_edge
