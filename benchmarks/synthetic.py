"""A store's content at the size of MovieLens 1M with one whole run, for benchmarks of queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.schema.elements import EdgeKind
from graphrec.tables import DatasetInfo, Explanations, GraphTables, RunInfo
from graphrec.tables.explanations import REASONS, RECOMMENDATIONS

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy.typing as npt

    _Ints: TypeAlias = npt.NDArray[np.int64]

USERS, ITEMS, GENRES, PEOPLE = 6040, 3706, 18, 9000
INTERACTIONS, LIST, REASONS_EACH = 1_000_209, 10, 10

INFO = DatasetInfo("synthetic", "MovieLens-shaped", "benchmarks")
RUN = RunInfo(
    "bench-run", "bench", "ease", "bench-fit", "2026-01-01T00:00:00Z", "bench-data", "score", status="complete",
    current=True, params={"history": "all"},
)  # fmt: skip


def _names(prefix: str, count: int) -> list[str]:
    return [f"{prefix}{n}" for n in range(count)]


def _coded(codes: _Ints, values: list[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), pa.array(values))


def _constant(value: str, rows: int) -> pa.Array:
    return _coded(np.zeros(rows, dtype=np.int64), [value])


def attribute_names() -> list[str]:
    """Return the ids of all attributes: genres, then people."""
    return _names("item.genre=G", GENRES) + _names("item.actor=P", PEOPLE)


def taken_pairs(
    rng: np.random.Generator, users: int = USERS, items: int = ITEMS, interactions: int = INTERACTIONS
) -> tuple[_Ints, _Ints]:
    """Return users and items of interactions, popular items more often; sorted by user."""
    popularity = 1 / (np.arange(items) + 30.0)
    user = rng.integers(0, users, int(interactions * 1.35))
    item = rng.choice(items, size=len(user), p=popularity / popularity.sum())
    keys = np.unique(user * items + item)
    keys = np.sort(rng.permutation(keys)[:interactions])
    return keys // items, keys % items


def carried(rng: np.random.Generator) -> _Ints:
    """Return an items × 8 table of attribute numbers: two genres and six people each."""
    genres = np.stack([rng.integers(0, GENRES // 2, ITEMS), rng.integers(GENRES // 2, GENRES, ITEMS)], axis=1)
    blocks = [GENRES + b * (PEOPLE // 6) + rng.integers(0, PEOPLE // 6, ITEMS) for b in range(6)]
    return np.concatenate([genres, np.stack(blocks, axis=1)], axis=1)


def build(seed: int = 0) -> tuple[GraphTables, Explanations]:
    """Return the graph and one run: 60,400 recommendations, half their reasons items, half attributes."""
    rng = np.random.default_rng(seed)
    user, item = taken_pairs(rng)
    attributes = carried(rng)
    return _graph(user, item, attributes, rng), _run(user, item, attributes, rng)


def _graph(user: _Ints, item: _Ints, attributes: _Ints, rng: np.random.Generator) -> GraphTables:
    users, items, values = _names("u", USERS), _names("i", ITEMS), attribute_names()
    kinds = np.where(np.arange(len(values)) < GENRES, 0, 1)
    nodes = {
        "User": pa.table({"id": users, "name": users}),
        "Item": pa.table({"id": items, "name": [f"Film {n}" for n in range(ITEMS)]}),
        "Attribute": pa.table(
            {
                "id": values,
                "name": [v.split("=")[1] for v in values],
                "owner": _constant("item", len(values)),
                "kind": _coded(kinds, ["genre", "actor"]),
                "value": [v.split("=")[1] for v in values],
            }
        ),
    }
    pairs = np.unique(rng.integers(0, ITEMS, (40_000, 2)), axis=0)
    first, second = pairs[:, 0], pairs[:, 1]
    ordered = np.array(items)[first] < np.array(items)[second]
    bought = {"from": _coded(first[ordered], items), "to": _coded(second[ordered], items)}
    edges = {
        EdgeKind("INTERACTED", "User", "Item"): pa.table(
            {
                "from": _coded(user, users),
                "to": _coded(item, items),
                "rating": rng.integers(1, 6, len(user)).astype(float),
                "weight": np.ones(len(user)),
                "timestamp": np.arange(len(user)),
            }
        ),
        EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute"): pa.table(
            {"from": _coded(np.repeat(np.arange(ITEMS), 8), items), "to": _coded(attributes.ravel(), values)}
        ),
        EdgeKind("CO_PURCHASED", "Item", "Item"): pa.table(
            {**bought, "count": np.full(ordered.sum(), 5), "source": _constant("counted", ordered.sum())}
        ),
    }
    return GraphTables(nodes, edges)


def _run(user: _Ints, item: _Ints, attributes: _Ints, rng: np.random.Generator) -> Explanations:
    users, items, values = _names("u", USERS), _names("i", ITEMS), attribute_names()
    starts = np.searchsorted(user, np.arange(USERS + 1))
    taken = np.zeros((USERS, ITEMS), dtype=bool)
    taken[user, item] = True
    noise = rng.random((USERS, ITEMS), dtype=np.float32)
    noise[taken] = -1
    listed = np.argsort(-noise, axis=1)[:, :LIST]
    rows = USERS * LIST
    users_of_rows = np.repeat(np.arange(USERS), LIST)
    # Five history items and one attribute of each: distinct because the offsets into the history differ.
    sizes = np.maximum(starts[1:] - starts[:-1], 1)
    offsets = (rng.integers(0, 1 << 30, rows)[:, None] + np.arange(5) * (sizes[users_of_rows] // 5)[:, None]) % sizes[
        users_of_rows
    ][:, None]
    anchors = item[starts[users_of_rows][:, None] + offsets]
    picked = np.stack([attributes[anchors[:, k], 2 + k] for k in range(5)], axis=1)
    weights = np.sort(rng.random((rows, 10)), axis=1)[:, ::-1]
    shares = weights / (weights.sum(axis=1, keepdims=True) * 2)
    n = rows * 10
    label = np.tile(np.arange(10) % 2, rows)
    evidence = np.empty((rows, 10), dtype=np.int64)
    evidence[:, ::2], evidence[:, 1::2] = anchors, picked + ITEMS
    anchor = np.repeat(anchors, 2, axis=1).ravel()
    percents = _coded(np.rint(shares.ravel() * 100).astype(np.int64), [f"{p} %" for p in range(101)])
    reasons = {
        "user": _coded(np.repeat(users_of_rows, 10), users),
        "item": _coded(np.repeat(listed.ravel(), 10), items),
        "label": _coded(label, ["Item", "Attribute"]),
        "evidence": _coded(evidence.ravel(), items + values),
        "method": _constant("lrp", n),
        "via": _constant("self", n),
        "set": np.zeros(n, dtype=np.int64),
        "weight": weights.ravel(),
        "share": shares.ravel(),
        "percent": percents,
        "rank": np.tile(np.arange(1, 11), rows),
        "effect": weights.ravel() * 0.9,
        "ground": _coded(label, ["history", "item_attribute"]),
        "anchor": _coded(anchor, items),
    }
    recommendations = {
        "user": _coded(users_of_rows, users),
        "item": _coded(listed.ravel(), items),
        "name": _coded(listed.ravel(), [f"Film {k}" for k in range(ITEMS)]),
        "score": weights.sum(axis=1) + 1.0,
        "rank": np.tile(np.arange(1, LIST + 1), USERS),
        "rest": np.ones(rows),
        "n_reasons": np.full(rows, REASONS_EACH),
        **{n: pa.nulls(rows, RECOMMENDATIONS.field(n).type) for n in ("counterfactual", "computed", "basis")},
    }
    missing = {f.name: pa.nulls(n, f.type) for f in REASONS if f.name not in reasons}
    return Explanations(
        pa.table({f.name: recommendations[f.name] for f in RECOMMENDATIONS}),
        pa.table({f.name: {**reasons, **missing}[f.name] for f in REASONS}),
    )
