"""Is a folder of atomic files read as RecBole reads it? The same numbers from both, or an exit code that is not 0.

    python -m benchmarks.recbole_folder FOLDER --peer PYTHON

PYTHON is the interpreter of an environment with RecBole (``benchmarks.kgcn_peer`` says how to make one); FOLDER holds
NAME.inter, NAME.item and the like, with ratings and timestamps, and is called NAME, such as ``dataset_example/ml-100k``
of RecBole itself.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.interactions import INTERACTED
from graphrec.loading.registry import read
from graphrec.schema.elements import EdgeKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.loading.contract import Loaded

_FACTS = ("HAS_ENTITY", "RELATED_TO")


def numbers_of(folder: Path) -> dict[str, float]:
    """Return what ``benchmarks.recbole_dataset`` returns, from the tables of the loader."""
    loaded = read("recbole", folder)
    nodes, taken = loaded.tables.nodes, loaded.tables.edges[INTERACTED]
    moments = np.asarray(taken.column("timestamp"), dtype=np.float64)
    numbers: dict[str, float] = {
        "users": nodes["User"].num_rows,
        "items": nodes["Item"].num_rows,
        "interactions": taken.num_rows,
        "sum of ratings": pc.sum(taken.column("rating")).as_py(),
        "sum of timestamps": float(moments.sum()),
    }
    for label in ("User", "Item"):
        for field, edges in _edges_by_field(loaded, label).items():
            numbers[f"{field}: different tokens"] = len(pc.unique(edges))
            numbers[f"{field}: tokens"] = len(edges)
    facts = {kind: table for kind, table in loaded.tables.edges.items() if kind.type in _FACTS}
    return numbers | _knowledge(loaded, facts) if facts else numbers


def _edges_by_field(loaded: Loaded, label: str) -> dict[str, pa.ChunkedArray]:
    """Return the ids of attributes, one for each edge, by the field that they come from."""
    edges = loaded.tables.edges.get(EdgeKind("HAS_ATTRIBUTE", label, "Attribute"))
    if edges is None:
        return {}
    attributes = loaded.tables.nodes["Attribute"]
    place = pc.index_in(edges.column("to"), value_set=attributes.column("id").combine_chunks())
    kinds = attributes.column("kind").combine_chunks().take(place)
    return {kind: edges.column("to").filter(pc.equal(kinds, kind)) for kind in pc.unique(kinds).to_pylist()}


def _knowledge(loaded: Loaded, facts: Mapping[EdgeKind, pa.Table]) -> dict[str, float]:
    ends = [
        table.column(end).cast(pa.string())
        for kind, table in facts.items()
        for end, label in (("from", kind.source), ("to", kind.target))
        if label == "Item"
    ]
    linked = pc.unique(pa.concat_arrays([chunk for column in ends for chunk in column.chunks]))
    relations = {word for table in facts.values() for word in table.column("relation").cast(pa.string()).to_pylist()}
    taken = loaded.tables.edges[INTERACTED].column("to").cast(pa.string())
    return {
        "triples": sum(table.num_rows for table in facts.values()),
        "relations": len(relations),
        "entities that are no items": loaded.tables.nodes["Entity"].num_rows,
        "linked items": len(linked),
        "interactions with linked items": pc.sum(pc.is_in(taken, value_set=linked)).as_py(),
    }


def peer_numbers(folder: Path, python: Path) -> dict[str, float]:
    """Return what RecBole reads from the folder."""
    script = Path(__file__).with_name("recbole_dataset.py")
    with tempfile.TemporaryDirectory() as place:  # where RecBole keeps its logs
        completed = subprocess.run(
            [str(python.absolute()), str(script), str(folder.resolve())],
            cwd=place,
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": ""},
            capture_output=True,
            text=True,
            check=True,
        )
    numbers: dict[str, float] = json.loads(completed.stdout.splitlines()[-1])
    return numbers


def main() -> int:
    """Print both sides' numbers; return how many differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--peer", type=Path, required=True, help="interpreter of an environment with RecBole")
    arguments = parser.parse_args()
    ours, theirs = numbers_of(arguments.folder), peer_numbers(arguments.folder, arguments.peer)
    n_different = 0
    for name in dict.fromkeys([*ours, *theirs]):
        here, there = ours.get(name), theirs.get(name)
        is_same = here == there
        n_different += not is_same and None not in (here, there)
        print(
            f"{name:45} {_written(here):>20} {_written(there):>20} {'' if is_same else '<' if here is None else '!='}"
        )
    print(f"{len(set(ours) & set(theirs)) - n_different} numbers are the same, {n_different} differ")
    return min(n_different, 1)


def _written(number: float | None) -> str:
    return "" if number is None else f"{number:,.10g}"


if __name__ == "__main__":
    raise SystemExit(main())
