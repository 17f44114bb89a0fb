"""The users of a run from a file: a list of ids, or histories of users who may be new."""

from __future__ import annotations

import csv
import hashlib
from dataclasses import dataclass, field
from io import StringIO
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.dataset.one_dataset import of_dataset
from graphrec.dataset.positive_rule import PositiveRule
from graphrec.dataset.uncounted import DECISIVE, how_many_count
from graphrec.errors import InputError
from graphrec.loading.columns import Column, Kind
from graphrec.loading.contract import LoaderReport
from graphrec.loading.delimited import read_delimited
from graphrec.loading.files import head, open_bytes
from graphrec.loading.id_list import read_ids
from graphrec.loading.interactions import INTERACTED, interactions
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo
from graphrec.wording import counted, sentence

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.store.store import Store

_OPTIONAL: dict[str, Kind] = {"rating": "number", "weight": "number", "timestamp": "time"}


@dataclass(frozen=True)
class People:
    """The users that a file names.

    Attributes:
        users: ids, each once.
        histories: their interactions, to be loaded into the store first; None where the file only lists users.
        info: the data set that the histories become.
        newcomers: number of users that the store does not have yet.
        report: what was read, kept and skipped.
    """

    users: tuple[str, ...]
    histories: GraphTables | None = None
    info: DatasetInfo | None = None
    newcomers: int = 0
    report: LoaderReport = field(default_factory=LoaderReport)


def has_histories(path: Path) -> bool:
    """Return whether a file is comma-separated with the columns ``user`` and ``item``."""
    return {"user", "item"} <= set(_header(path))


def read_people(path: Path, store: Store, positive_if: str = "") -> People:
    """Read a file of users.

    Args:
        path: one id a line; or comma-separated with a header that has ``user`` and ``item``, and may have ``rating``,
            ``weight`` and ``timestamp``.
        store: the store that the histories are checked against; it is only read.
        positive_if: which interactions the model counts, such as ``rating>=3``; the report remarks on the others.

    Raises:
        InputError: the file is unusable, or no line of it names an item that the store has.
    """
    if not has_histories(path):
        return People(read_ids(path))
    report = LoaderReport()
    optional = [
        Column(name, kind, unit="s") if kind == "time" else Column(name, kind, minimum=0)
        for name, kind in _OPTIONAL.items()
        if name in _header(path)
    ]
    table = read_delimited(
        path, [Column("user", "id", required=True), Column("item", "id", required=True), *optional], report
    )
    items = _decoded(table["item"])
    is_known = pc.is_in(items, value_set=_ids(store, "Item"))
    table = _only_known(table, items, is_known, path, report)
    weight = table["weight"] if "weight" in table.column_names else None
    edges = interactions(
        table["user"],
        table["item"],
        report,
        rating=table["rating"] if "rating" in table.column_names else None,
        weight=None if weight is None else pc.fill_null(weight, 1.0),
        timestamp=table["timestamp"] if "timestamp" in table.column_names else None,
    )
    columns = {name: edges[name].to_numpy().astype(np.float64) for name in DECISIVE}
    uncounted = how_many_count(PositiveRule(positive_if), columns, path.name)
    report.remarks.extend([f"{sentence(uncounted)}."] if uncounted else [])
    users = pc.unique(_decoded(table["user"]))
    fresh = users.filter(pc.invert(pc.is_in(users, value_set=_ids(store, "User"))))
    tables = GraphTables({"User": pa.table({"id": fresh, "name": fresh})}, {INTERACTED: edges})
    return People(tuple(users.to_pylist()), tables, _info(path, store), len(fresh), report)


def _only_known(table: pa.Table, items: pa.Array, is_known: pa.Array, path: Path, report: LoaderReport) -> pa.Table:
    strange = len(items) - pc.sum(is_known).as_py()
    if strange == len(items):
        raise InputError(
            "the store has none of the items",
            where=str(path),
            remedy=f"The column item holds ids of the store's items, not such as {items[0].as_py()!r:.60}",
        )
    if strange:
        first = items.filter(pc.invert(is_known))[0].as_py()
        report.files[-1].kept -= strange
        report.remarks.append(
            f"{counted(strange, 'row')} named items that the store does not have, {first!r:.60} first"
        )
    return table.filter(is_known)


def _info(path: Path, store: Store) -> DatasetInfo:
    with open_bytes(path) as file:
        digest = hashlib.sha256(file.read()).hexdigest()[:10]
    return DatasetInfo(
        id=f"people-{digest}", name=f"histories from {path.name}", loader="people", base=store.base_dataset().id
    )


def _header(path: Path) -> list[str]:
    try:
        return next(csv.reader(StringIO(head(path, "utf-8"))), [])
    except csv.Error:  # whatever this is, it has no header: a list of ids may look like anything
        return []


def _ids(store: Store, label: str) -> pa.Array:
    chunks = [_plain(batch.column("id")) for batch in of_dataset(store).read_nodes(label, ["id"])]
    return pa.concat_arrays(chunks) if chunks else pa.array([], pa.string())


def _decoded(column: pa.ChunkedArray) -> pa.Array:
    return _plain(column.combine_chunks())


def _plain(column: pa.Array) -> pa.Array:
    return column.dictionary_decode() if isinstance(column, pa.DictionaryArray) else column
