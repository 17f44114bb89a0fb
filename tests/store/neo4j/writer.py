"""A graph of some batches, and a program that writes it, to be killed: python writer.py URI load|run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.schema import EdgeKind
from graphrec.store.neo4j import Neo4jStore, packing, run_batches
from graphrec.tables import DatasetInfo, Explanations, GraphTables, RunInfo
from graphrec.tables.explanations import REASONS, RECOMMENDATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

USERS, ITEMS, DEGREE, TOP, REASONS_EACH = 200, 60, 20, 5, 4
INTERACTED = EdgeKind("INTERACTED", "User", "Item")
INFO = DatasetInfo("many", "Many", "tests")


def small_batches() -> None:
    """Make a batch small, so that there are moments between batches."""
    packing.BATCH_ROWS = 100
    run_batches.RECOMMENDATIONS_A_BATCH = 50


def tables() -> GraphTables:
    """Return 200 users with 20 of 60 items each."""
    rng = np.random.default_rng(0)
    users, items = [f"u{n:03}" for n in range(USERS)], [f"i{n:02}" for n in range(ITEMS)]
    taken = np.argsort(rng.random((USERS, ITEMS)), axis=1)[:, :DEGREE].ravel()
    edges = {
        "from": pa.array(np.repeat(users, DEGREE)),
        "to": pa.array(np.asarray(items)[taken]),
        "rating": rng.integers(1, 6, USERS * DEGREE).astype(float),
        "weight": np.ones(USERS * DEGREE),
    }
    return GraphTables(
        {"User": pa.table({"id": users, "name": users}), "Item": pa.table({"id": items, "name": items})},
        {INTERACTED: pa.table(edges)},
    )


def described(run: str, data: str) -> RunInfo:
    """Describe a run."""
    created = "2026-01-01T00:00:00Z" if run == "first" else "2026-01-02T00:00:00Z"
    return RunInfo(run, run, "ease", "fit", created, data, "score")


def batches(size: int = 20) -> Iterator[Explanations]:
    """Yield 5 items for each user with 4 reasons each, ``size`` users at a time."""
    for start in range(0, USERS, size):
        rows, reasons = [], []
        for number in range(start, start + size):
            for rank in range(TOP):
                key = {"user": f"u{number:03}", "item": f"i{(number + rank) % ITEMS:02}"}
                rows.append({**key, "name": key["item"], "score": 1.0, "rank": rank + 1, "n_reasons": REASONS_EACH})
                reasons += [
                    {
                        **key,
                        "label": "Item",
                        "evidence": f"i{(number + rank + place + 1) % ITEMS:02}",
                        "method": "linear",
                        "via": "self",
                        "set": 0,
                        "weight": 0.25,
                        "share": 0.25,
                        "percent": "25 %",
                        "rank": place + 1,
                        "ground": "history",
                    }
                    for place in range(REASONS_EACH)
                ]
        recommended = pa.Table.from_pylist(rows, schema=_loose(RECOMMENDATIONS))
        yield Explanations(recommended, pa.Table.from_pylist(reasons, schema=_loose(REASONS)))


def _loose(schema: pa.Schema) -> pa.Schema:
    return pa.schema([field.with_nullable(True) for field in schema])


def main(uri: str, what: str) -> None:
    """Write, and say when it begins."""
    small_batches()
    with Neo4jStore(uri) as store:
        sys.stdout.write("begin\n")
        sys.stdout.flush()
        if what == "load":
            store.load(tables(), INFO)
        else:
            store.write_run(described("second", store.data_fingerprint()), batches())
    sys.stdout.write("end\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
