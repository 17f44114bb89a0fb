"""Peak memory of explaining and writing back as the number of interactions grows: 1, 4 and 16 million.

    python -m benchmarks.explain_memory [--data FOLDER] [--times 1 4 16]

MovieLens 1M is expanded by copying its users under fresh ids, which keeps its shape. The same 6,040 users get ten
recommendations with ten reasons each, written to the embedded store; what is measured, in a process of its own, is
how far memory rises above what the process held once data and model were in place.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.movielens import data_folder
from graphrec.dataset.dataset import Dataset
from graphrec.loaders import movielens
from graphrec.models.reconet.model import RecoNet
from graphrec.models.saving import load_model, save_model
from graphrec.recommendation.batches import recommend
from graphrec.recommendation.request import Request
from graphrec.recommendation.run_record import run_info
from graphrec.store.opening import open_store
from graphrec.tables.graph_tables import GraphTables

if TYPE_CHECKING:
    from collections.abc import Iterator

MEGABYTE = 1 << 20


def expanded(tables: GraphTables, times: int) -> GraphTables:
    """Return the graph with every user, and all links of the user, copied under new ids."""
    nodes = {**tables.nodes, "User": _copies(tables.nodes["User"], "id", times)}
    edges = {
        kind: _copies(table, "from", times) if kind.source == "User" else table for kind, table in tables.edges.items()
    }
    return GraphTables(nodes, edges)


def _copies(table: pa.Table, column: str, times: int) -> pa.Table:
    place = table.column_names.index(column)
    return pa.concat_tables(
        [table.set_column(place, column, _suffixed(table[column], number)) for number in range(times)]
    ).unify_dictionaries()


def _suffixed(ids: pa.ChunkedArray, number: int) -> pa.Array:
    if not number:
        return ids
    array = ids.combine_chunks()
    if isinstance(array, pa.DictionaryArray):
        return pa.DictionaryArray.from_arrays(array.indices, _suffixed(pa.chunked_array([array.dictionary]), number))
    return pc.binary_join_element_wise(array, f"copy{number}", "-")


@contextmanager
def rise() -> Iterator[dict[str, float]]:
    """Watch this process's memory: ``held`` at the start, and how far it rose at most, in megabytes."""
    process = psutil.Process()
    seen = {"held": process.memory_info().rss / MEGABYTE, "peak": 0.0}
    done = threading.Event()

    def watch() -> None:
        while not done.wait(0.01):
            seen["peak"] = max(seen["peak"], process.memory_info().rss / MEGABYTE)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def prepare(data: Path, folder: Path, times: int) -> None:
    """Load the expanded data, and fit a model on the first copy."""
    loaded = movielens.load(data, dbpedia=False)
    if not (folder / "model").exists():
        with open_store(str(folder / "first")) as store:
            store.load(loaded.tables, loaded.info)
            save_model(
                RecoNet(embedding_size=200, epochs=1).fit(Dataset.from_store(store, "rating>=3")), folder / "model"
            )
    with open_store(str(folder / f"store{times}")) as store:
        store.load(expanded(loaded.tables, times), loaded.info)


def measure(folder: Path, times: int) -> None:
    """Recommend, explain and write for the first 6,040 users; print the cost as JSON."""
    model = load_model(folder / "model")
    with open_store(str(folder / f"store{times}")) as store:
        dataset = Dataset.from_store(store, "rating>=3")
        aligned, _ = model.align(dataset)
        held = aligned.taken.n_entries, aligned.positives.n_entries  # the arrays that a model is asked with
        first = np.flatnonzero([not name.count("-copy") for name in dataset.users.ids.to_pylist()])
        request = Request(users=tuple(dataset.users.ids.take(pa.array(first)).to_pylist()))
        info = run_info(model, dataset, request)
        started = time.perf_counter()
        with rise() as explaining:
            reasons = sum(batch.reasons.num_rows for batch in recommend(model, dataset, request))
        with rise() as writing:
            store.write_run(info, recommend(model, dataset, request))
        print(
            json.dumps(
                {
                    "interactions": len(dataset.interactions),
                    "taken, positive": held,
                    "reasons": reasons,
                    "held": round(explaining["held"]),
                    "explaining": round(explaining["peak"] - explaining["held"]),
                    "writing": round(max(explaining["peak"], writing["peak"]) - explaining["held"]),
                    "seconds": round(time.perf_counter() - started, 1),
                }
            )
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=data_folder() / "movielens-1m")
    parser.add_argument("--times", type=int, nargs="+", default=[1, 4, 16])
    parser.add_argument("--step", choices=["prepare", "measure"])
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    if arguments.step == "prepare":
        prepare(arguments.data, arguments.folder, arguments.times[0])
    elif arguments.step == "measure":
        measure(arguments.folder, arguments.times[0])
    else:
        with tempfile.TemporaryDirectory() as folder:
            print(f"{'interactions':>14} {'held':>9} {'+explaining':>12} {'+writing':>9}   (MB; same 6,040 users)")
            for times in arguments.times:
                for step in ("prepare", "measure"):
                    command = [sys.executable, "-m", "benchmarks.explain_memory", "--step", step]
                    command += ["--folder", folder, "--times", str(times), "--data", str(arguments.data)]
                    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                row = json.loads(printed.splitlines()[-1])
                print(f"{row['interactions']:14,} {row['held']:9,} {row['explaining']:12,} {row['writing']:9,}")


if __name__ == "__main__":
    main()
