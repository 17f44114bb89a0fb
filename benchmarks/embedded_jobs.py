"""Jobs that the benchmarks of the embedded store time, each in a fresh process: ``python -m benchmarks.embedded_jobs``.

``graphrec`` is ``EmbeddedStore.load``; ``bare`` is what somebody would write against the engine alone: create the same
tables, COPY the same Arrow tables into them, close.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
from pyarrow import feather

from graphrec.schema import SCHEMA, EdgeKind
from graphrec.tables import DatasetInfo, GraphTables, conform

if TYPE_CHECKING:
    from collections.abc import Mapping

INTERACTED = EdgeKind("INTERACTED", "User", "Item")


def movielens(path: Path) -> tuple[GraphTables, DatasetInfo]:
    """Read MovieLens 1M with genres and people."""
    from graphrec.loaders.movielens import load

    loaded = load(path)
    return loaded.tables, loaded.info


def expanded(tables: GraphTables, times: int) -> GraphTables:
    """Return the tables with every user ``times`` over, each with the same interactions and attributes."""
    if times == 1:
        return tables
    nodes = {**tables.nodes, "User": _copies(tables.nodes["User"], ("id",), times)}
    edges = {
        kind: _copies(table, ("from",), times) if kind.source == "User" else table
        for kind, table in tables.edges.items()
    }
    return GraphTables(nodes, edges)


def _copies(table: pa.Table, columns: tuple[str, ...], times: int) -> pa.Table:
    parts = []
    for copy in range(times):
        part = table
        for name in columns:
            column = part.column(name).combine_chunks()
            coded = column if isinstance(column, pa.DictionaryArray) else column.dictionary_encode()
            values = pa.array([f"{value}/{copy}" for value in coded.dictionary.to_pylist()])
            renamed = pa.DictionaryArray.from_arrays(coded.indices, values)
            plain = renamed if isinstance(column, pa.DictionaryArray) else renamed.dictionary_decode()
            part = part.set_column(part.column_names.index(name), name, plain)
        parts.append(part)
    return pa.concat_tables(parts).unify_dictionaries().combine_chunks()


def save(tables: GraphTables, info: DatasetInfo, folder: Path) -> None:
    """Write the tables in the form of the store to a folder that jobs read."""
    folder.mkdir(parents=True)
    fitted = conform(tables, SCHEMA.with_declared(info.declared))
    (folder / "info.json").write_text(json.dumps(info.to_row()), encoding="utf-8")
    for label, table in fitted.nodes.items():
        feather.write_feather(table, folder / f"{label}.arrow", compression="uncompressed")
    for kind, table in fitted.edges.items():
        feather.write_feather(table, folder / f"{'.'.join(kind)}.arrow", compression="uncompressed")


def saved(folder: Path) -> tuple[GraphTables, DatasetInfo]:
    """Read the tables and the record of the data set into memory."""
    nodes, edges = {}, {}
    for path in sorted(folder.glob("*.arrow")):
        table = feather.read_table(path, memory_map=False)
        names = path.stem.split(".")
        if len(names) == 3:
            edges[EdgeKind(*names)] = table
        else:
            nodes[names[0]] = table
    row = json.loads((folder / "info.json").read_text(encoding="utf-8"))
    return GraphTables(nodes, edges), DatasetInfo.from_row(row)


def load_store(tables: GraphTables, info: DatasetInfo, folder: Path) -> None:
    """Load into an embedded store."""
    from graphrec.store.embedded.embedded_store import EmbeddedStore

    with EmbeddedStore(folder) as store:
        store.load(tables, info)


def bare(tables: GraphTables, info: DatasetInfo, folder: Path) -> None:
    """COPY into the bare engine."""
    import ladybug

    from graphrec.schema.ladybug import node_table, relationship_table

    schema = SCHEMA.with_declared(info.declared)
    folder.mkdir()
    database = ladybug.Database(folder / "graph.lbug")
    connection = ladybug.Connection(database)
    for label, table in tables.nodes.items():
        connection.execute(node_table(schema.label(label)))
        connection.execute(f"COPY {label} FROM $rows", {"rows": table})
    for name in {kind.type for kind in tables.edges}:
        connection.execute(relationship_table(schema.relationship(name)))
    for kind, table in tables.edges.items():
        ends = f"(from='{kind.source}', to='{kind.target}')"
        connection.execute(f"COPY {kind.type} FROM $rows {ends}", {"rows": table})
    connection.close()
    database.close()


def nothing(_tables: GraphTables, _info: DatasetInfo, _folder: Path) -> None:
    """Only hold the tables."""


JOBS = {"graphrec": load_store, "bare": bare, "nothing": nothing}


def measure(job: str, tables: Path, folder: Path) -> Mapping[str, float]:
    """Run a job in a fresh process: seconds that it took, and the process's peak memory in MB."""
    shutil.rmtree(folder, ignore_errors=True)
    command = [sys.executable, "-m", "benchmarks.embedded_jobs", job, str(tables), str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(answer.stdout)
    return measured


def middle(values: list[float]) -> float:
    """Return the median."""
    return float(np.median(values))


def main() -> None:
    """Do one job and print its cost."""
    parser = argparse.ArgumentParser()
    parser.add_argument("job", choices=sorted(JOBS))
    parser.add_argument("tables", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    tables, info = saved(options.tables)
    began = time.perf_counter()
    JOBS[options.job](tables, info, options.folder)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak}))


if __name__ == "__main__":
    main()
