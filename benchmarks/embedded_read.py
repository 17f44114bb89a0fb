"""All interactions of MovieLens 1M back into arrays, beside the engine's bare Arrow export.

``python -m benchmarks.embedded_read ML1M``. Bar: the median ratio of interleaved pairs is at most 1.5. The export that
counts gives ids as strings, as users and items are known by; the ratio to an export of bare positions, which still
would have to be mapped to ids, is printed beside it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from benchmarks.embedded_jobs import INTERACTED, middle, movielens
from graphrec.store.embedded.embedded_store import EmbeddedStore
from graphrec.store.embedded.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Callable

PATTERN = "MATCH (u:User)-[r:INTERACTED]->(i:Item) RETURN"
EXPORTS = {
    "ids": f"{PATTERN} u.id, i.id, r.rating, r.weight, r.timestamp",
    "positions": f"{PATTERN} offset(id(u)), offset(id(i)), r.rating, r.weight, r.timestamp",
}


def seconds(job: Callable[[], object]) -> float:
    """Return how long a job takes."""
    began = time.perf_counter()
    job()
    return time.perf_counter() - began


def one_pair(folder: Path, engine: Engine, text: str, *, graphrec_first: bool) -> dict[str, float]:
    """Time both once; graphrec with a newly opened store that has read the ids of users and items alone."""
    with EmbeddedStore(folder, read_only=True) as store:
        users, items = (
            pa.Table.from_batches(store.read_nodes(label, ["id"]))["id"].combine_chunks() for label in ("User", "Item")
        )
        jobs: dict[str, Callable[[], object]] = {
            "graphrec": lambda: store.index_edges(INTERACTED, users, items, ["rating", "weight", "timestamp"]),
            "bare": lambda: engine.run(text).get_as_arrow(-1),
        }
        order = ("graphrec", "bare") if graphrec_first else ("bare", "graphrec")
        return {name: round(seconds(jobs[name]), 4) for name in order}


def main() -> None:
    """Time pairs in one process, and print their median ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", type=Path, help="the folder movielens-1m")
    parser.add_argument("--pairs", type=int, default=7)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        with EmbeddedStore(Path(name) / "store") as store:
            store.load(*movielens(options.path))
        ratios: dict[str, list[float]] = {export: [] for export in EXPORTS}
        with Engine(Path(name) / "store" / "graph.lbug", read_only=True) as engine:
            for pair in range(options.pairs):
                for export, text in EXPORTS.items():
                    seconds_of = one_pair(Path(name) / "store", engine, text, graphrec_first=bool(pair % 2))
                    ratios[export].append(seconds_of["graphrec"] / seconds_of["bare"])
                    print(f"pair {pair + 1}, {export}: {seconds_of}", flush=True)
    for export, values in ratios.items():
        bar = " (bar 1.5)" if export == "ids" else ""
        print(f"median ratio to an export of {export} {middle(values):.2f}{bar}")


if __name__ == "__main__":
    main()
