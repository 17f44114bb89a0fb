"""CSV, TSV, Parquet or JSON lines of any shape, read by a mapping file that gives each column its role.

graphrec load table shop/                                        shop/mapping.toml names the files beside it
graphrec load table purchases.csv --option mapping=mapping.toml  a mapping that names no file means this one
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.loading.any_file import read_any, refuse_contradicting_unit
from graphrec.loading.assemble import assemble
from graphrec.loading.attributes import AttributeTables, Owner, exploded
from graphrec.loading.columns import Column, Kind
from graphrec.loading.contract import LoaderReport
from graphrec.loading.interactions import INTERACTED, interactions
from graphrec.loading.mapping import NodesSection, read_mapping
from graphrec.loading.nodes import node_table
from graphrec.loading.triples import knowledge_graph
from graphrec.schema.elements import EdgeKind, Property, PropertyType
from graphrec.tables.graph_tables import GraphTables
from graphrec.tables.records import DatasetInfo
from graphrec.tables.stated import STATED, Stated

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.loading.contract import Loaded
    from graphrec.loading.mapping import InteractionsSection, TriplesSection
    from graphrec.loading.mapping import Mapping as MappingFile

KINDS: Mapping[str, Kind] = {"string": "text", "integer": "integer", "float": "number", "boolean": "boolean"}
HAS_ENTITY = EdgeKind("HAS_ENTITY", "Item", "Entity")


def load(path: Path | str, *, mapping: str = "", co_purchases: int = 0, id_prefix: str = "") -> Loaded:
    """Load files as a mapping file says.

    Args:
        path: the mapping file, the folder that holds ``mapping.toml``, or the one data file.
        mapping: the mapping file, if it is not in the folder.
        co_purchases: count pairs of items that at least so many users took as CO_PURCHASED edges; 0 counts none.
        id_prefix: text in front of every id, for a second data set in one store.

    Raises:
        InputError: the mapping or a file is absent or unusable.
    """
    path, report = Path(path), LoaderReport()
    if path.suffix == ".toml" and not mapping:
        path, mapping_path = path.parent, path
    else:
        mapping_path = Path(mapping) if mapping else path / "mapping.toml"
    columns = read_mapping(mapping_path)
    attributes = AttributeTables()
    tables = {
        name: None if section is None else _read_nodes(section, path, report)
        for name, section in (("item", columns.items), ("user", columns.users))
    }
    edges = _interactions(columns.interactions, path, report) if columns.interactions else None
    parts = [GraphTables(_nodes(columns, tables, edges, report), {INTERACTED: edges})] if edges is not None else []
    _add_attributes("item", columns.items, tables["item"], attributes)
    _add_attributes("user", columns.users, tables["user"], attributes)
    parts.append(attributes.tables())
    if columns.items is not None:
        parts.append(_entities(columns.items, tables["item"]))
    if columns.triples is not None:
        item_ids = _item_ids(parts, tables["item"], columns.items)
        parts.append(_triples(columns.triples, path, item_ids, report))
    return assemble(parts, _info(columns), report, id_prefix=id_prefix, co_purchases=co_purchases)


def _file(name: str, path: Path) -> Path:
    """Return the file of a section: beside the mapping or the data file, or the data file itself."""
    if not name:
        return path
    return (path if path.is_dir() else path.parent) / name


def _interactions(section: InteractionsSection, path: Path, report: LoaderReport) -> pa.Table:
    columns = [Column(section.user, "id", required=True), Column(section.item, "id", required=True)]
    if section.rating:
        columns.append(Column(section.rating, "number", minimum=section.lowest_rating))
    if section.weight:
        columns.append(Column(section.weight, "number", required=True, minimum=0))
    if section.timestamp:
        columns.append(Column(section.timestamp, "time", unit=section.time_unit or "s"))
    columns += [Column(name, KINDS[kind]) for name, kind in section.properties.items()]
    file = _file(section.file, path)
    if section.timestamp and section.time_unit:
        refuse_contradicting_unit(file, section.timestamp, section.time_unit)
    table = read_any(file, columns, report, delimiter=section.delimiter, encoding=section.encoding)
    return interactions(
        table.column(section.user),
        table.column(section.item),
        report,
        rating=table.column(section.rating) if section.rating else None,
        weight=table.column(section.weight) if section.weight else None,
        timestamp=table.column(section.timestamp) if section.timestamp else None,
        properties={name: _or_null(table.column(name)) for name in section.properties},
    )


def _read_nodes(section: NodesSection, path: Path, report: LoaderReport) -> pa.Table:
    columns = {section.id: Column(section.id, "id", required=True)}
    for name in (section.name, *section.attributes, *section.entities):
        if name:
            columns.setdefault(name, Column(name))
    for name, kind in section.properties.items():
        columns.setdefault(name, Column(name, KINDS[kind]))
    file = _file(section.file, path)
    several = {*section.attributes, *section.entities} - {section.id, section.name}
    return read_any(
        file,
        list(columns.values()),
        report,
        several=several,
        delimiter=section.delimiter,
        encoding=section.encoding,
    )


def _nodes(
    columns: MappingFile, tables: Mapping[str, pa.Table | None], edges: pa.Table, report: LoaderReport
) -> dict[str, pa.Table]:
    nodes = {}
    for label, owner, section, end in (("User", "user", columns.users, "from"), ("Item", "item", columns.items, "to")):
        table = tables[owner]
        if section is None or table is None:
            nodes[label] = node_table(pa.array([], pa.string()), None, edges.column(end), report, label=label)
            continue
        nodes[label] = node_table(
            table.column(section.id),
            table.column(section.name) if section.name else None,
            edges.column(end),
            report,
            label=label,
            properties={name: _or_null(table.column(name)) for name in section.properties},
        )
    return nodes


def _or_null(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return a property's values with null for the empty text."""
    return pc.if_else(pc.equal(values, ""), None, values) if pa.types.is_string(values.type) else values


def _add_attributes(
    owner: Owner, section: NodesSection | None, table: pa.Table | None, attributes: AttributeTables
) -> None:
    if section is not None and table is not None:
        for name, separator in section.attributes.items():
            attributes.add(owner, name, table.column(section.id), table.column(name), separator=separator)


def _entities(section: NodesSection, table: pa.Table | None) -> GraphTables:
    nodes: list[pa.Table] = []
    edges: list[pa.Table] = []
    if table is None:
        return GraphTables()
    for name, column in section.entities.items():
        owners, values = exploded(table.column(section.id), table.column(name), column.separator)
        ids = values.unique()
        kinds = pa.repeat(column.kind, len(ids)) if column.kind else pa.nulls(len(ids), pa.string())
        told = pa.array(np.full(len(ids), Stated.UNNAMED if column.kind else Stated.MENTION, dtype=np.int8))
        nodes.append(pa.table({"id": ids, "name": ids, "kind": kinds, STATED: told}))
        relation = pa.repeat(column.relation or name, len(values))
        edges.append(pa.table({"from": owners.cast(pa.string()), "to": values, "relation": relation}))
    if not edges:
        return GraphTables()
    every = pa.concat_tables(nodes).combine_chunks()
    first = pc.index_in(every.column("id").unique(), value_set=every.column("id").combine_chunks())
    pairs = pa.concat_tables(edges).group_by(["from", "to", "relation"], use_threads=False).aggregate([])
    return GraphTables({"Entity": every.take(first)}, {HAS_ENTITY: pairs})


def _item_ids(parts: list[GraphTables], table: pa.Table | None, section: NodesSection | None) -> pa.Array:
    """Return all known item ids: those of the nodes, or for an overlay those of its items file."""
    for part in parts:
        if "Item" in part.nodes:
            return part.nodes["Item"].column("id").combine_chunks()
    if table is None or section is None:
        return pa.array([], pa.string())
    return table.column(section.id).cast(pa.string()).combine_chunks().unique()


def _triples(section: TriplesSection, path: Path, items: pa.Array, report: LoaderReport) -> GraphTables:
    columns = [Column(name, required=True) for name in (section.head, section.relation, section.tail)]
    file = _file(section.file, path)
    table = read_any(file, columns, report, delimiter=section.delimiter, encoding=section.encoding)
    renamed = table.select([c.name for c in columns]).rename_columns(["head", "relation", "tail"])
    return knowledge_graph(renamed, pa.table({"entity": items, "item": items}), report)


def _info(columns: MappingFile) -> DatasetInfo:
    declared: dict[str, tuple[Property, ...]] = {}
    for owner, section in (("INTERACTED", columns.interactions), ("Item", columns.items), ("User", columns.users)):
        if section is not None and section.properties:
            declared[owner] = tuple(Property(name, PropertyType(kind)) for name, kind in section.properties.items())
    tag = columns.dataset
    return DatasetInfo(tag.id, tag.name or tag.id, "table", base=tag.base, verb=tag.verb, declared=declared)
