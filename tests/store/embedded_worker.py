"""What the fault tests run in a process that is killed: ``python embedded_worker.py FOLDER load|run [ID]``.

It says ``ready`` before it begins, so that the time until it is killed does not count the imports.
"""

from __future__ import annotations

import sys

import numpy as np
import pyarrow as pa

from graphrec.schema import EdgeKind
from graphrec.store.embedded.embedded_store import EmbeddedStore
from graphrec.tables import DatasetInfo, Explanations, GraphTables, RunInfo
from graphrec.tables.explanations import REASONS, RECOMMENDATIONS

USERS, ITEMS, EDGES = 300, 200, 5_000
INFO = DatasetInfo("made", "Made", "tests")


def tables() -> GraphTables:
    """Return seeded users, items and interactions."""
    random = np.random.default_rng(11)
    pairs = np.unique(random.integers(0, USERS * ITEMS, EDGES))
    users, items = (pa.array([f"{kind}{i}" for i in range(n)]) for kind, n in (("u", USERS), ("i", ITEMS)))
    ends = {"from": users.take(pa.array(pairs // ITEMS)), "to": items.take(pa.array(pairs % ITEMS))}
    ratings = {"rating": random.integers(1, 6, len(pairs)).astype(float), "weight": np.ones(len(pairs))}
    nodes = {"User": pa.table({"id": users, "name": users}), "Item": pa.table({"id": items, "name": items})}
    return GraphTables(nodes, {EdgeKind("INTERACTED", "User", "Item"): pa.table({**ends, **ratings})})


def more_tables() -> GraphTables:
    """Return an overlay: a genre for every item."""
    items = [f"i{i}" for i in range(ITEMS)]
    genres = [f"item.genre={i % 7}" for i in range(ITEMS)]
    found = sorted(set(genres))
    attribute = {"id": found, "name": found, "owner": ["item"] * 7, "kind": ["genre"] * 7, "value": found}
    edges = {EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute"): pa.table({"from": items, "to": genres})}
    return GraphTables({"Attribute": pa.table(attribute)}, edges)


def run(run_id: str, data: str) -> RunInfo:
    """Return the record of a run; later ids are newer."""
    return RunInfo(run_id, run_id, "made", "fit", f"2026-01-01T00:00:{len(run_id):02d}Z", data, "score")


def batches(run_id: str) -> list[Explanations]:
    """Return seeded recommendations: 3 items for each of the users, each with two reasons, in 6 batches."""
    made = []
    for low in range(0, USERS, USERS // 6):
        users = np.repeat(np.arange(low, low + USERS // 6), 3)
        items = (users * 7 + np.tile([0, 50, 100], USERS // 6) + len(run_id)) % ITEMS
        names = {"user": [f"u{u}" for u in users], "item": [f"i{i}" for i in items]}
        numbers = {"score": users * 1.0, "rank": np.tile([1, 2, 3], len(users) // 3), "rest": np.zeros(len(users))}
        recommended = {**names, "name": names["item"], **numbers, "n_reasons": np.full(len(users), 2)}
        twice = {name: np.repeat(values, 2) for name, values in names.items()}
        n = 2 * len(users)
        claim = {"label": ["Item"] * n, "evidence": [f"i{i}" for i in np.arange(n) % ITEMS], "method": ["linear"] * n}
        weights = {"via": ["self"] * n, "set": np.zeros(n, int), "weight": np.ones(n), "share": np.full(n, 0.5)}
        rest = {
            "percent": ["50 %"] * n,
            "rank": np.tile([1, 2], n // 2),
            "effect": np.ones(n),
            "ground": ["history"] * n,
        }
        reasons = {**twice, **claim, **weights, **rest}
        made.append(Explanations(_typed(recommended, RECOMMENDATIONS), _typed(reasons, REASONS)))
    return made


def _typed(columns: dict[str, object], schema: pa.Schema) -> pa.Table:
    rows = len(next(iter(columns.values())))  # type: ignore[arg-type]
    return pa.table(
        [pa.array(columns[f.name]).cast(f.type) if f.name in columns else pa.nulls(rows, f.type) for f in schema],
        schema=schema,
    )


def main(folder: str, job: str, run_id: str = "") -> None:
    """Do one job in the store."""
    with EmbeddedStore(folder) as store:
        made = batches(run_id) if job == "run" else None
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        if made is None:
            store.load(*((tables(), INFO) if job == "load" else (more_tables(), DatasetInfo("more", "m", "", "made"))))
        else:
            store.write_run(run(run_id, store.data_fingerprint()), made)
    sys.stdout.write("done\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
