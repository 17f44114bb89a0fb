"""What it costs to know, before a query, that the database file is the one that was written.

    python -m benchmarks.verified_opening               on a synthetic store of ML-1M's size
    python -m benchmarks.verified_opening --store URI   on a store with a current run; it is not changed

Times are of a process that opens the store, asks one why-query and closes it: with the file's reading remembered, with
no comparison at all (interleaved, so that a busy machine is as busy for both), and with the file read whole, as once
after every change of it. The aim is that the first takes at most 1.05 times as long as the second.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from statistics import median
from unittest.mock import patch

from benchmarks.why_query import fill, some_pairs
from graphrec import queries
from graphrec.store.embedded import reading, verifying
from graphrec.store.embedded.embedded_store import EmbeddedStore
from graphrec.store.embedded.folder import StoreFolder
from graphrec.store.embedded.manifest import read_manifest
from graphrec.store.embedded.verifying import is_as_written

ROUNDS = 41
CALLS = 1001
AIM = 1.05


def seconds(folder: Path, pair: tuple[str, str]) -> float:
    """Return how long opening, one why-query and closing take."""
    query = queries.load("why/item", "ladybug")
    values = {"user": pair[0], "item": pair[1], "run": ""}
    begun = time.perf_counter()
    with EmbeddedStore(folder, read_only=True) as store:
        store.query(query.text, {name: values[name] for name in query.parameters})
    return time.perf_counter() - begun


def alone(folder: Path) -> float:
    """Return how long the comparison takes while the file's reading is remembered."""
    store = StoreFolder(folder)
    manifest = read_manifest(store)
    if manifest is None or manifest.database is None:
        raise SystemExit(f"{folder} holds no database")
    taken = []
    for _ in range(CALLS):
        begun = time.perf_counter()
        is_as_written(store, store.database, manifest.database)
        taken.append(time.perf_counter() - begun)
    return median(taken)


def report(folder: Path) -> None:
    """Print the three times and their ratios."""
    with EmbeddedStore(folder, read_only=True) as store:
        pair = some_pairs(store, 0)[0]
    seconds(folder, pair)
    times: dict[str, list[float]] = {"remembered": [], "no comparison": [], "read whole": []}
    for _ in range(ROUNDS):
        times["remembered"].append(seconds(folder, pair))
        with patch.object(reading, "is_as_written", lambda *_: True):
            times["no comparison"].append(seconds(folder, pair))
        with patch.object(verifying, "TRUSTED_FOR", -1.0):
            times["read whole"].append(seconds(folder, pair))
    bare = median(times["no comparison"])
    print(f"graph.lbug has {(folder / 'graph.lbug').stat().st_size / 1e6:.0f} MB; medians of {ROUNDS} rounds")
    print(f"comparison by what is remembered, alone: {alone(folder) * 1000:.3f} ms, the median of {CALLS} calls")
    for name, taken in times.items():
        aim = f"  aim {AIM} ×" if name == "remembered" else ""
        print(f"{name:<14} {median(taken) * 1000:8.1f} ms  {median(taken) / bare:6.3f} ×{aim}")


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", help="a folder with a current run, instead of a synthetic one")
    chosen = parser.parse_args().store
    if chosen:
        report(Path(chosen))
        return
    with tempfile.TemporaryDirectory() as place:
        with EmbeddedStore(Path(place) / "store") as store:
            fill(store)
        report(Path(place) / "store")


if __name__ == "__main__":
    main()
