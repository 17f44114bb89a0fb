"""Serving: the time of the shipped why-queries, warm, for one user and item.

    python -m benchmarks.why_query                         embedded, on a synthetic store of ML-1M's size
    python -m benchmarks.why_query --neo4j URI             Neo4j beside it; its database is empty, or holds that data
    python -m benchmarks.why_query --store URI             any store that has a current run

The synthetic store holds a million interactions and 60,400 recommendations with 604,000 reasons. A time is that of
``Store.query``: the text sent, all rows fetched, a data frame made. The aim is a 95th percentile of at most 20 ms on
Neo4j and 50 ms embedded.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks import synthetic
from graphrec import queries
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from graphrec.store.store import Store

AIM_MS = {"neo4j": 20.0, "ladybug": 50.0}
WARM_UP, ASKED = 50, 300


def fill(store: Store) -> None:
    """Put the synthetic data and run into a store, unless they are there."""
    if any(info.id == synthetic.INFO.id for info in store.datasets()):
        return
    graph, explanations = synthetic.build()
    store.load(graph, synthetic.INFO)
    run = replace(synthetic.RUN, data=store.data_fingerprint(), status="writing", current=False)
    store.write_run(run, [explanations])


def some_pairs(store: Store, seed: int) -> list[tuple[str, str]]:
    """Return users and items recommended to them in the current run, drawn without replacement."""
    run = store.run().id
    users: list[str] = []
    items: list[str] = []
    for batch in store.read_nodes("Recommendation", ["run", "user", "item"]):
        is_current = np.asarray(batch.column("run").to_pylist()) == run
        users += np.asarray(batch.column("user").to_pylist())[is_current].tolist()
        items += np.asarray(batch.column("item").to_pylist())[is_current].tolist()
    drawn = np.random.default_rng(seed).permutation(len(users))[: WARM_UP + ASKED]
    return [(users[n], items[n]) for n in drawn]


def measure(store: Store, name: str, pairs: list[tuple[str, str]]) -> tuple[float, float, float]:
    """Return the 50th and 95th percentile in milliseconds, and the mean number of rows."""
    query = queries.load(name, store.engine)
    times, rows = [], []
    for user, item in pairs:
        values = {"user": user, "item": item, "run": "", "strongest": 3}
        begin = time.perf_counter()
        answer = store.query(query.text, {key: values[key] for key in query.parameters})
        times.append((time.perf_counter() - begin) * 1000)
        rows.append(len(answer))
    warm = times[WARM_UP:] or times
    return float(np.percentile(warm, 50)), float(np.percentile(warm, 95)), float(np.mean(rows))


def report(store: Store, seed: int) -> None:
    """Print one line per why-query."""
    pairs = some_pairs(store, seed)
    print(f"\n{store.engine}: {len(pairs)} pairs of the current run, of which {WARM_UP} warm up")
    print(f"{'query':24} {'p50 ms':>8} {'p95 ms':>8} {'rows':>6}  aim: p95 ≤ {AIM_MS[store.engine]:.0f} ms")
    for name in queries.names("why"):
        p50, p95, rows = measure(store, name, pairs)
        print(f"{name:24} {p50:8.2f} {p95:8.2f} {rows:6.1f}")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", help="a store with a current run, instead of synthetic ones")
    parser.add_argument("--neo4j", help="a Neo4j server for the synthetic data, beside the embedded store")
    parser.add_argument("--seed", type=int, default=0, help="which users and items are asked about")
    options = parser.parse_args()
    if options.store:
        with open_store(options.store) as store:
            report(store, options.seed)
        return
    with tempfile.TemporaryDirectory() as folder:
        for uri in (str(Path(folder) / "store"), *filter(None, [options.neo4j])):
            with open_store(uri) as store:
                fill(store)
                report(store, options.seed)


if __name__ == "__main__":
    main()
