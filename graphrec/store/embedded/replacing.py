"""Put tables in the place of those that are kept of a data set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.schema.property_graph import RECOMMENDATION
from graphrec.store.embedded.filling import with_all_columns
from graphrec.store.embedded.kept import Part, compact, hash_of, part_named, parts_of, read_groups
from graphrec.store.embedded.loading import Change
from graphrec.store.merging import merge_edges
from graphrec.store.replacing import Comparison, texts
from graphrec.tables.conform import conform
from graphrec.tables.fingerprint import PartHash
from graphrec.tables.graph_tables import FROM, TO, GraphTables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from graphrec.schema.elements import EdgeKind, GraphSchema
    from graphrec.store.embedded.folder import StoreFolder
    from graphrec.store.embedded.manifest import KeptRun, KeptTable


def target_of(tables: GraphTables, schema: GraphSchema) -> GraphTables:
    """Return what a load into an empty store would make it hold: of edges with one key, the last."""
    whole = conform(tables, schema)
    edges = {}
    for kind, table in whole.edges.items():
        ends = tuple(texts(table.column(end)).unique() for end in (FROM, TO))
        columns = table.column_names
        edges[kind] = merge_edges(None, compact(table), schema.relationship(kind.type).key, columns, (ends[0], ends[1]))
    return GraphTables({label: compact(table) for label, table in whole.nodes.items()}, edges)


def compare(
    folder: StoreFolder,
    kept: Mapping[str, KeptTable],
    runs: Sequence[KeptRun],
    target: GraphTables,
    schema: GraphSchema,
    dropped: Mapping[str, Sequence[str]],
) -> tuple[Comparison, dict[str, pa.Array]]:
    """Read what is kept, and return what differs, and by label the ids of surplus nodes that stored runs name.

    Args:
        folder: the store.
        kept: tables of the data set by part.
        runs: of the data set.
        target: the tables that take their place.
        schema: of the target.
        dropped: properties, by label or type, that are declared no more.
    """
    comparison = Comparison(target, _stored(folder, kept.values()), schema, dropped)
    surplus = comparison.surplus_ids()
    named = {label: [pa.array([], pa.string())] for label in surplus}
    for run in runs if surplus else ():
        for table in run.tables:
            part = part_named(table)
            for rows in read_groups(folder, table):
                for label, ids in _names(part, rows):
                    if label in surplus:
                        named[label].append(ids.filter(pc.is_in(ids, value_set=surplus[label])))
    return comparison, {label: pc.unique(pa.concat_arrays(several)) for label, several in named.items()}


def change_to(
    kept: Mapping[str, KeptTable],
    comparison: Comparison,
    held: Mapping[str, pa.Array],
    dropped: Mapping[str, Sequence[str]],
    schema: GraphSchema,
) -> tuple[Change, set[str]]:
    """Return the parts that differ from what is kept, and the names of those that go as a whole.

    Args:
        kept: tables of the data set by part.
        comparison: of them with the target.
        held: ids of nodes, by label, that stay because stored runs name them.
        dropped: properties, by label, that are declared no more.
        schema: of the target.
    """
    parts = parts_of(comparison.target)
    for label, ids in held.items():
        if len(ids):
            part = Part(label, None)
            rows = comparison.surplus[label]
            rows = rows.filter(pc.is_in(texts(rows.column("id")), value_set=ids))
            rows = rows.drop_columns([name for name in dropped.get(label, ()) if name in rows.column_names])
            bare = compact(with_all_columns(rows, part, schema))
            both = [parts[part], bare.cast(parts[part].schema)] if part in parts else [bare]
            parts[part] = pa.concat_tables(both).unify_dictionaries()
    change = Change()
    for part, table in parts.items():
        hashed = hash_of(part.name, table)
        if part.name not in kept or hashed != PartHash(kept[part.name].rows, kept[part.name].hash):
            change.tables[part], change.hashes[part] = table, hashed
    return change, set(kept) - {part.name for part in parts}


def _stored(folder: StoreFolder, kept: Iterable[KeptTable]) -> Iterator[tuple[str | EdgeKind, pa.Table]]:
    for table in kept:
        part = part_named(table)
        for rows in read_groups(folder, table):
            yield part.kind or part.name, rows


def _names(part: Part, rows: pa.Table) -> Iterator[tuple[str, pa.Array]]:
    """Yield the ids that rows of a run's table name, with their labels."""
    if part.name == RECOMMENDATION.name:
        columns = [("User", "user"), ("Item", "item")]
    elif part.kind:
        columns = [(part.kind.source, FROM), (part.kind.target, TO), ("Item", "anchor"), ("Item", "contrast")]
    else:
        columns = []
    for label, column in columns:
        if column in rows.column_names:
            yield label, texts(rows.column(column)).unique().drop_null()
