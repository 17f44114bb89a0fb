"""Writing a run of 10 recommendations with 10 reasons each into Neo4j, beside a bare driver loop over the same tables.

``NEO4J_PASSWORD=… python -m benchmarks.neo4j_write_run URI`` empties the database at URI first.

Bar: the median ratio (time of the bare driver over that of graphrec) of interleaved pairs is at least 0.8.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from benchmarks.neo4j_bare import Bare, interactions, pairs
from graphrec.store.neo4j import Neo4jStore
from graphrec.tables import Explanations, RunInfo
from graphrec.tables.explanations import REASONS, RECOMMENDATIONS

if TYPE_CHECKING:
    from graphrec.tables import GraphTables

TOP = 10


def made_up(tables: GraphTables, users: int, size: int = 500) -> list[Explanations]:
    """Return ten items for each of some users, drawn at random, with ten reasons each, in batches of users."""
    rng = np.random.default_rng(0)
    people = tables.nodes["User"]["id"].to_pylist()[:users]
    items = np.asarray(tables.nodes["Item"]["id"].to_pylist(), dtype=object)
    return [_batch(people[start : start + size], items, rng) for start in range(0, len(people), size)]


def _batch(users: list[str], items: np.ndarray, rng: np.random.Generator) -> Explanations:
    owner = np.repeat(np.asarray(users, dtype=object), TOP)
    taken = np.concatenate([rng.choice(len(items), TOP, replace=False) for _ in users])
    rows = len(owner)
    recommended = {"user": owner, "item": items[taken], "name": items[taken], "score": rng.random(rows)}
    recommended |= {"rank": np.tile(np.arange(TOP) + 1, len(users)), "rest": rng.random(rows)}
    recommended["n_reasons"] = np.full(rows, TOP)
    because = items[np.concatenate([rng.choice(len(items), TOP, replace=False) for _ in range(rows)])]
    weight = rng.random(rows * TOP)
    reasons = {"user": np.repeat(owner, TOP), "item": np.repeat(items[taken], TOP), "evidence": because}
    reasons |= {"weight": weight, "share": weight / TOP, "effect": weight, "anchor": because}
    reasons["percent"] = np.asarray([f"{share:.0f} %" for share in weight * TOP], dtype=object)
    reasons["rank"] = np.tile(np.arange(TOP) + 1, rows)
    same = {"label": "Item", "method": "linear", "via": "self", "set": 0, "ground": "history"}
    return Explanations(_table(recommended, {}, RECOMMENDATIONS, rows), _table(reasons, same, REASONS, rows * TOP))


def _table(columns: dict[str, np.ndarray], same: dict[str, object], schema: pa.Schema, rows: int) -> pa.Table:
    arrays = []
    for field in schema:
        plain = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        if field.name in columns:
            array = pa.array(columns[field.name], plain)
        else:
            array = pa.repeat(pa.scalar(same.get(field.name), plain), rows)
        arrays.append(array.dictionary_encode() if pa.types.is_dictionary(field.type) else array)
    return pa.table(arrays, names=schema.names)


def main() -> None:
    """Write the same run in turn, each time into a database without runs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("uri")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--users", type=int, default=6_040)
    options = parser.parse_args()
    tables, info = interactions(100_000)
    batches = made_up(tables, options.users)
    bare = Bare(options.uri)
    with Neo4jStore(options.uri) as store:
        bare.empty()
        data = store.load(tables, info).dataset.fingerprint
        run = RunInfo("r", "r", "ease", "fit", "2026-01-01T00:00:00Z", data, "score")

        store.write_run(run, batches)
        rows = sum(batch.reasons.num_rows for batch in batches)
        pairs(
            options.pairs,
            rows,
            lambda: store.write_run(run, batches),
            lambda: bare.write("r", batches),
            bare.remove_runs,
        )
    bare.close()


if __name__ == "__main__":
    main()
