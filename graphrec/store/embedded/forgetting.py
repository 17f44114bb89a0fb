"""Remove a person from the kept tables."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import UnknownIdError
from graphrec.schema.elements import EdgeKind
from graphrec.store.embedded.kept import KeptWriter, compact, node_ids, part_named, read_groups, read_kept
from graphrec.tables.conform import shortened
from graphrec.tables.families import family, latest, owner
from graphrec.tables.graph_tables import FROM, TO

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.store.embedded.folder import StoreFolder
    from graphrec.store.embedded.kept import Part
    from graphrec.store.embedded.manifest import KeptRun, KeptTable, Manifest

_GONE = dict[str, pa.Array]

_HAS_ATTRIBUTE = EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")
_USER_MENTIONED = EdgeKind("MENTIONED", "User", "Feature")
_ITEM_MENTIONED = EdgeKind("MENTIONED", "Item", "Feature")
_EXPLAINED = EdgeKind("EXPLAINS", "Feature", "Recommendation")


def forget_user(folder: StoreFolder, manifest: Manifest, user_id: str) -> tuple[Manifest, dict[str, int]]:
    """Write every kept table that mentions a user again without them.

    Removed are the user's node and edges, attributes that only this user had, features that nobody else mentions and
    no reason of somebody else's recommendation names, their recommendations with all reasons, and the reasons of other
    people's recommendations that name this user as evidence; those recommendations then count one reason less, and the
    weight goes into their ``rest``.

    Returns:
        The next manifest, and the number of rows removed by part.

    Raises:
        UnknownIdError: there is no such user.
    """
    base = owner(manifest.datasets, user_id)
    dataset = base.id if base is not None else ""
    data = manifest.data_of(dataset)
    if not pc.is_in(pa.scalar(user_id), value_set=node_ids(folder, data, "User")).as_py():
        raise UnknownIdError(f"there is no user {shortened(user_id)}", where=str(folder.root))
    generation = manifest.generation + 1
    removed: dict[str, int] = {}
    gone: _GONE = {
        "User": pa.array([user_id]),
        "Attribute": _linked_to_nobody_else(folder, data, _HAS_ATTRIBUTE, user_id),
        "Feature": _mentioned_by_nobody_else(folder, manifest, data, user_id),
    }
    kept = [
        _without(folder, table, gone, generation, removed) if table.dataset == dataset else table
        for table in manifest.data
    ]
    runs = tuple(_forget_in_run(folder, run, gone, generation, removed) for run in manifest.runs)
    after = replace(manifest, data=tuple(t for t in kept if t is not None), runs=runs, generation=generation)
    last = latest(family(after.datasets, dataset))
    fingerprint = after.fingerprint(dataset)
    datasets = tuple(replace(d, fingerprint=fingerprint) if d is last else d for d in after.datasets)
    return replace(after, datasets=datasets), removed


def _linked_to_nobody_else(
    folder: StoreFolder, data: Mapping[str, KeptTable], kind: EdgeKind, user_id: str
) -> pa.Array:
    """Return what this user alone of all users is linked to: its name may tell who it was."""
    kept = data.get(str(kind))
    if kept is None:
        return pa.array([], pa.string())
    rows = read_kept(folder, kept, [FROM, TO])
    own = pc.equal(_text(rows[FROM]), user_id)
    theirs = _array(_text(rows[TO]).filter(pc.invert(own)))
    mine = _array(_text(rows[TO]).filter(own)).unique()
    return _not_in(mine, theirs)


def _mentioned_by_nobody_else(
    folder: StoreFolder, manifest: Manifest, data: Mapping[str, KeptTable], user_id: str
) -> pa.Array:
    """Return the features that this user alone mentions, and that are no reason for somebody else."""
    features = _linked_to_nobody_else(folder, data, _USER_MENTIONED, user_id)
    of_items = data.get(str(_ITEM_MENTIONED))
    if len(features) and of_items is not None:
        features = _not_in(features, _array(_text(read_kept(folder, of_items, [TO])[TO])))
    for run in manifest.runs:
        kept = {table.part: table for table in run.tables}
        reasons = kept.get(str(_EXPLAINED))
        if len(features) and reasons is not None:
            rows = read_kept(folder, kept["Recommendation"], ["id", "user"])
            own = _array(_text(rows.filter(pc.equal(_text(rows["user"]), user_id))["id"]))
            told = read_kept(folder, reasons, [FROM, TO])
            of_others = told.filter(pc.invert(pc.is_in(_text(told[TO]), value_set=own)))
            features = _not_in(features, _array(_text(of_others[FROM])))
    return features


def _not_in(values: pa.Array, others: pa.Array) -> pa.Array:
    return values.filter(pc.invert(pc.is_in(values, value_set=others)))


def _forget_in_run(folder: StoreFolder, run: KeptRun, user: _GONE, generation: int, removed: dict[str, int]) -> KeptRun:
    gone = dict(user)
    silenced: list[pa.Table] = []
    for table in run.tables:
        if table.part == "Recommendation":
            rows = read_kept(folder, table, ["id", "user"])
            gone["Recommendation"] = _text(rows.filter(pc.equal(_text(rows["user"]), user["User"][0]))["id"])
        part = part_named(table)
        if part.kind and part.kind.type == "EXPLAINS" and part.kind.source == "User":
            rows = read_kept(folder, table, [FROM, TO, "weight"])
            silenced.append(rows.filter(pc.is_in(_text(rows[FROM]), value_set=user["User"])))
    tables = []
    for table in run.tables:
        lost = pa.concat_tables(silenced) if silenced and table.part == "Recommendation" else None
        tables.append(_without(folder, table, gone, generation, removed, lost))
    return replace(run, tables=tuple(table for table in tables if table is not None))


def _without(
    folder: StoreFolder,
    table: KeptTable,
    gone: _GONE,
    generation: int,
    removed: dict[str, int],
    lost: pa.Table | None = None,
) -> KeptTable | None:
    part = part_named(table)
    if not _concerned(part, gone):
        return table
    stem = (folder.tables / table.path).name.removesuffix(".parquet").split(".g")[0]
    path = (folder.tables / table.path).with_name(f"{stem}.g{generation}.parquet")
    writer = KeptWriter(folder, path, table.part)
    left = 0
    for rows in read_groups(folder, table):
        remaining = _with_own_words(rows.filter(_staying(rows, part, gone)))
        if remaining.num_rows:
            writer.add(compact(remaining if lost is None else _with_reasons_lost(remaining, lost)))
        left += remaining.num_rows
    if left < table.rows:
        removed[table.part] = removed.get(table.part, 0) + table.rows - left
    return replace(writer.close(), dataset=table.dataset) if left else None


def _with_own_words(rows: pa.Table) -> pa.Table:
    """Return the rows without the dictionaries they had: a filter leaves the words of removed rows in those."""
    columns = [_text(c) if pa.types.is_dictionary(c.type) else c for c in rows.columns]
    return pa.table(columns, names=rows.column_names)


def _staying(rows: pa.Table, part: Part, gone: _GONE) -> pa.ChunkedArray:
    stays = pa.chunked_array([pa.repeat(True, rows.num_rows)])
    for column, label in _named_by(part):
        if label in gone:
            stays = pc.and_(stays, pc.invert(pc.is_in(_text(rows[column]), value_set=_array(gone[label]))))
    return stays


def _with_reasons_lost(recommendations: pa.Table, lost: pa.Table) -> pa.Table:
    if not lost.num_rows:
        return recommendations
    lost = pa.table({"id": _text(lost[TO]), "weight": lost["weight"]})
    sums = lost.group_by("id").aggregate([("weight", "sum"), ("weight", "count")])
    at = pc.index_in(recommendations["id"], value_set=_array(sums["id"]))
    weight = pc.fill_null(sums["weight_sum"].take(at), 0.0)
    count = pc.fill_null(sums["weight_count"].take(at), 0)
    names = recommendations.column_names
    rest = pc.add(recommendations["rest"], weight)
    fewer = pc.subtract(recommendations["n_reasons"], count)
    return recommendations.set_column(names.index("rest"), "rest", rest).set_column(
        names.index("n_reasons"), "n_reasons", fewer
    )


def _named_by(part: Part) -> list[tuple[str, str]]:
    return [(FROM, part.kind.source), (TO, part.kind.target)] if part.kind else [("id", part.name)]


def _concerned(part: Part, gone: _GONE) -> bool:
    return any(label in gone for _, label in _named_by(part))


def _text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(pa.string())


def _array(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
