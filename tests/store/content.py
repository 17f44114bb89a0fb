"""What a store holds, in a form in which two stores can be compared; and batches to write into one."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from dataclasses import replace
from functools import cache
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.schema import SCHEMA, EdgeKind
from graphrec.store.opening import open_store
from graphrec.tables import DatasetInfo, Explanations
from graphrec.tables.explanations import REASONS
from tests.cypher import small_graph

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from graphrec.store.store import Store
    from graphrec.tables import GraphTables, RunInfo

INTERACTED = EdgeKind("INTERACTED", "User", "Item")
SMALL = DatasetInfo("small", "Small", "tests")

Row = tuple[tuple[str, Any], ...]


def nodes(store: Store, label: str, columns: Sequence[str] | None = None) -> list[Row]:
    """Return the nodes of a label, sorted; absent properties left out."""
    return rows_of(store.read_nodes(label, columns))


def edges(store: Store, kind: EdgeKind, columns: Sequence[str] | None = None) -> list[Row]:
    """Return the edges of a kind, sorted; absent properties left out."""
    return rows_of(store.read_edges(kind, columns))


def rows_of(batches: Iterator[pa.RecordBatch] | Sequence[pa.Table]) -> list[Row]:
    """Return Arrow rows as sorted tuples of what is not null."""
    rows = [row for batch in batches for row in batch.to_pylist()]
    return sorted((tuple(sorted((k, v) for k, v in row.items() if v is not None)) for row in rows), key=repr)


def everything(store: Store) -> dict[str, list[Row]]:
    """Return all that a store holds, data and runs; moments of loading left out."""
    held = {label: nodes(store, label) for label in SCHEMA.label_names() if label != "Dataset"}
    held.update({str(kind): edges(store, kind) for kind in SCHEMA.edge_kinds()})
    return {part: rows for part, rows in held.items() if rows}


def load_small(store: Store, tables: GraphTables | None = None) -> str:
    """Load the small graph and return its fingerprint."""
    return store.load(tables or small_graph.graph(), SMALL).dataset.fingerprint


def copied_small(folder: Path, *, runs: bool = False) -> None:
    """Make an embedded store with the small graph, and its runs if wanted: a copy of one that is written once."""
    shutil.copytree(_template(runs=runs), folder)


@cache
def _template(*, runs: bool) -> Path:
    """Return the folder of an embedded store that nobody opens again."""
    place = Path(tempfile.mkdtemp(prefix="graphrec-tests-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    with open_store(str(place / "store")) as store:
        load_small(store)
        if runs:
            write_small_runs(store)
    return place / "store"


def by_user(whole: Explanations) -> Iterator[Explanations]:
    """Split explanations into one batch per user; factors and memberships come with the first."""
    for position, user in enumerate(pc.unique(whole.recommendations["user"]).to_pylist()):
        mine = [table.filter(pc.equal(table["user"], user)) for table in (whole.recommendations, whole.reasons)]
        yield Explanations(*mine, whole.factors, whole.memberships) if not position else Explanations(*mine)


def new_run(data: str) -> tuple[RunInfo, Explanations]:
    """Return the small graph's current run with every property of a reason filled in somewhere."""
    run, explanations = small_graph.new_run(data)
    rows = [{**row, **more} for row, more in zip(explanations.reasons.to_pylist(), cycle(_FILLED), strict=False)]
    reasons = small_graph.table(rows, REASONS)
    return replace(run, additive="weight, held_effect"), replace(explanations, reasons=reasons)


_SET = {"set": 1, "contrast": "emma", "delta": -0.25, "amount": 1.5, "joint_effect": 0.75, "flips": True}
_FILLED: tuple[dict[str, Any], ...] = (
    {"net": 0.5, "held_effect": 0.375},
    {"net": -0.5, "held_effect": -0.0625, "error": 0.125},
    {**_SET, "set_of": "attribute:item.genre=Horror", "set_name": "genre Horror"},
    {},
    {**_SET, "set_of": 'list:a|b, "c"', "set_name": "", "flips": False},
)


def write_small_runs(store: Store, new: Callable[[str], tuple[RunInfo, Explanations]] = new_run) -> None:
    """Write the small graph's runs: ``old``, then ``new``, which becomes current."""
    for run, explanations in (small_graph.old_run("before"), new(store.data_fingerprint())):
        store.write_run(run, by_user(explanations))


def current(store: Store) -> list[str]:
    """Return the ids of the current runs as a why-query sees them."""
    rows = store.query("MATCH (r:Run) WHERE r.current AND r.status = 'complete' RETURN r.id AS id")
    return sorted(rows["id"])
