"""What a day's interactions cost in a store of many, beside loading all of them: made-up rows of MovieLens' shape.

    python -m benchmarks.daily_load FOLDER|URI [--interactions 1000000] [--day 10000]

A folder is a new embedded store, which is removed at the end; the database at a URI (``neo4j://…``) is emptied first.
A day is new pairs, a tenth of them of new users. Bar on Neo4j: at most 1/50 of the time of loading all.
"""

from __future__ import annotations

import argparse
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from benchmarks.neo4j_bare import Bare
from benchmarks.synthetic import taken_pairs
from graphrec.schema import EdgeKind
from graphrec.store.opening import open_store
from graphrec.tables import DatasetInfo, GraphTables

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.store.accounts import LoadSummary
    from graphrec.store.store import Store

INFO = DatasetInfo("daily", "Made up", "benchmarks")
TAKEN_BY_ONE, USERS_OF_ITEM = 116, 600
"""Interactions of a user and of an item on average, as in MovieLens 20M."""


def day(user: npt.NDArray[np.int64], item: npt.NDArray[np.int64], start: int) -> GraphTables:
    """Return interactions with the nodes that they mention, as a file of one day brings them.

    Args:
        user: numbers of users, int [interactions].
        item: numbers of items, likewise.
        start: time of the first interaction, seconds since 1970.
    """
    ends = {}
    nodes = {}
    for label, numbers in (("User", user), ("Item", item)):
        present, codes = np.unique(numbers, return_inverse=True)
        ids = pa.array([f"{label[0].lower()}{number}" for number in present])
        nodes[label] = pa.table({"id": ids})
        ends["from" if label == "User" else "to"] = pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), ids)
    rows = len(user)
    values = {"rating": (user + item) % 5 + 1.0, "weight": np.ones(rows), "timestamp": start + np.arange(rows)}
    return GraphTables(nodes, {EdgeKind("INTERACTED", "User", "Item"): pa.table({**ends, **values})})


class Clock:
    """Two clocks: of the wall, and of the processor time that this process and the server used.

    Args:
        bare: connected to the server; None for an embedded store, which has none.
    """

    def __init__(self, bare: Bare | None) -> None:
        self._bare = bare

    def read(self) -> npt.NDArray[np.float64]:
        """Return the seconds on both clocks, float [2]."""
        server = self._bare.processor_seconds() if self._bare is not None else 0.0
        return np.array([time.perf_counter(), time.process_time() + server])


def timed(store: Store, clock: Clock, what: str, tables: GraphTables) -> tuple[npt.NDArray[np.float64], LoadSummary]:
    """Load, print the seconds, and return those of both clocks with the account."""
    started = clock.read()
    summary = store.load(tables, INFO)
    seconds = clock.read() - started
    rows, added = sum(tables.counts().values()), sum(summary.added.values())
    wall, processor = seconds
    print(f"{what:<20} {rows:>12,} rows {wall:9.2f} s, {processor:9.2f} s of processors, added {added:,}", flush=True)
    return seconds, summary


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("store", help="a new folder, or neo4j://…")
    parser.add_argument("--interactions", type=int, default=1_000_000)
    parser.add_argument("--day", type=int, default=10_000, help="interactions of a day")
    parser.add_argument("--days", type=int, default=3)
    parser.add_argument("--go-on", action="store_true", help="on Neo4j, after an interrupted run of the same sizes")
    arguments = parser.parse_args()
    rng = np.random.default_rng(0)
    users, items = arguments.interactions // TAKEN_BY_ONE, max(100, arguments.interactions // USERS_OF_ITEM)
    user, item = taken_pairs(rng, users, items, arguments.interactions + arguments.day * arguments.days)
    order = rng.permutation(len(user))
    later, earlier = order[: arguments.day * arguments.days], np.sort(order[arguments.day * arguments.days :])
    newcomers = user[later] + np.where(np.arange(len(later)) % 10 == 0, users, 0)
    bare = Bare(arguments.store) if "://" in arguments.store else None
    if bare is not None and not arguments.go_on:
        bare.empty()
    clock = Clock(bare)
    with open_store(arguments.store) as store:
        what = "what was missing" if arguments.go_on else "all"
        whole, _ = timed(store, clock, what, day(user[earlier], item[earlier], 0))
        days = []
        for number in range(arguments.days):
            rows = slice(number * arguments.day, (number + 1) * arguments.day)
            tables = day(newcomers[rows], item[later[rows]], 10**9 + rows.start)
            daily, summary = timed(store, clock, f"day {number + 1}", tables)
            assert summary.changed
            days.append(daily)
        again, summary = timed(store, clock, "the last day again", tables)
        assert not summary.changed
        assert not summary.added
    if not arguments.go_on:
        ratios = zip(("time", "processor time"), whole / np.median(days, axis=0), whole / again, strict=True)
        for name, one, repeated in ratios:
            print(f"{name}: a day (median) costs 1/{one:.0f} of loading all, the same again 1/{repeated:.0f}")
    if bare is None:
        shutil.rmtree(Path(arguments.store))
    else:
        bare.close()


if __name__ == "__main__":
    main()
