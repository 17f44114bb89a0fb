"""The check of tables against the schema before they are written to a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import SchemaError
from graphrec.tables.graph_tables import GraphTables, arrow_schema
from graphrec.tables.stated import is_nameless, without_stated

if TYPE_CHECKING:
    from graphrec.schema.elements import GraphSchema


def conform(tables: GraphTables, schema: GraphSchema) -> GraphTables:
    """Return ``tables`` with exactly the schema's columns, types and order; absent optional columns become null.

    Dictionary-encoded string columns stay dictionary-encoded. A node of the data without a name is named by its id.

    Raises:
        SchemaError: an unknown label, kind or column; a type that does not fit; a null where none may be;
            a repeated node id. That both ends of an edge exist is the store's question.
    """
    nodes = {}
    for name, table in tables.nodes.items():
        label = schema.label(name)
        named = _named(table) if label.part == "data" else table
        nodes[name] = _fit(named, arrow_schema(label.properties, edge=False), f"nodes {name}")
        _refuse_repeats(nodes[name], name)
    edges = {}
    for kind, table in tables.edges.items():
        relationship = schema.check_kind(kind)
        edges[kind] = _fit(table, arrow_schema(relationship.properties, edge=True), f"edges {kind}")
    return GraphTables(nodes, edges)


def _named(nodes: pa.Table) -> pa.Table:
    """Return nodes without the column ``STATED``, those without a name named by their ids."""
    nodes = without_stated(nodes)
    if "id" not in nodes.column_names:
        return nodes
    if "name" not in nodes.column_names:
        return nodes.append_column("name", nodes.column("id"))
    nameless = is_nameless(nodes.column("name"))
    if not nameless.any():
        return nodes
    names, ids = (nodes.column(column).cast(pa.string()) for column in ("name", "id"))
    return nodes.set_column(nodes.column_names.index("name"), "name", pc.if_else(pa.array(nameless), ids, names))


def _fit(table: pa.Table, target: pa.Schema, where: str) -> pa.Table:
    unknown = [name for name in table.column_names if name not in target.names]
    if unknown:
        raise SchemaError(
            f"column {unknown[0]!r} is not a property of the schema",
            where=where,
            remedy="Declare it in the mapping, or drop it",
        )
    columns = [_fit_column(table, field, where) for field in target]
    names = [field.name for field in target]
    return pa.table(columns, names=names)


def _fit_column(table: pa.Table, field: pa.Field, where: str) -> pa.ChunkedArray | pa.Array:
    if field.name not in table.column_names:
        if not field.nullable:
            raise SchemaError(f"the required column {field.name!r} is missing", where=where)
        return pa.nulls(table.num_rows, field.type)
    column = table.column(field.name)
    if not field.nullable:
        _refuse_nulls(column, field.name, where)
    if pa.types.is_dictionary(column.type) and column.type.value_type == field.type:
        return column
    if pa.types.is_floating(column.type) and pc.any(pc.is_nan(column)).as_py():
        row = pc.index(pc.fill_null(pc.is_nan(column), False), True).as_py()
        raise SchemaError(f"{field.name!r} is not a number (NaN) in row {row + 1}", where=where)
    try:
        return column.cast(field.type)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise SchemaError(f"{field.name!r} cannot be read as {field.type}: {error}", where=where) from error


def _refuse_nulls(column: pa.ChunkedArray, name: str, where: str) -> None:
    """Raise SchemaError for the first null, also one that a dictionary holds among its values."""
    if any(isinstance(chunk, pa.DictionaryArray) and chunk.dictionary.null_count for chunk in column.chunks):
        column = column.cast(column.type.value_type)
    if column.null_count:
        row = pc.index(pc.is_null(column), True).as_py()
        raise SchemaError(f"{name!r} is null in row {row + 1}", where=where)


def _refuse_repeats(table: pa.Table, label: str) -> None:
    ids = table.column("id")
    if pc.count_distinct(ids).as_py() == table.num_rows:
        return
    counted = pc.value_counts(ids.combine_chunks())
    worst = counted.filter(pc.greater(counted.field("counts"), 1))[0].as_py()
    raise SchemaError(
        f"the {label} id {shortened(worst['values'])} stands {worst['counts']} times",
        where=f"nodes {label}",
        remedy="Ids are unique per label: merge the rows first",
    )


def shortened(value: str, limit: int = 60) -> str:
    """Return ``value`` quoted, and cut to ``limit`` characters, for an error message."""
    return repr(value if len(value) <= limit else value[: limit - 1] + "…")
