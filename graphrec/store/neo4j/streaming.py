"""Stream nodes and edges out as Arrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphrec.errors import StoreDamagedError
from graphrec.store.neo4j.statements import read_edges, read_nodes
from graphrec.tables.graph_tables import FROM, TO, arrow_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from graphrec.schema.elements import EdgeKind, GraphSchema

    Stream = Callable[..., Iterable[tuple[Any, ...]]]
    """Runs a reading statement with parameters by name, and yields its rows."""

_REMEDY = "Something else than graphrec wrote into its nodes or relationships. See what: graphrec check"
CHUNK_ROWS = 1 << 16


def stream_data(stream: Stream, schema: GraphSchema) -> Iterator[tuple[str | EdgeKind, pa.RecordBatch]]:
    """Stream all data, nodes before edges, with all properties of ``schema``."""
    for label in schema.label_names("data"):
        if label != "Dataset":
            for batch in stream_nodes(stream, schema, label, None):
                yield label, batch
    for kind in schema.edge_kinds("data"):
        for batch in stream_edges(stream, schema, kind, None):
            yield kind, batch


def stream_nodes(
    stream: Stream, schema: GraphSchema, label: str, columns: Sequence[str] | None, only: str | None = None
) -> Iterator[pa.RecordBatch]:
    """Stream the nodes of a label, or the one with an id, with all properties of ``schema`` or the named ones."""
    target = arrow_schema(schema.label(label).properties, edge=False)
    names = list(columns) if columns is not None else target.names
    target = pa.schema([target.field(name).with_nullable(True) for name in names])
    rows: list[tuple[Any, ...]] = []
    for row in stream(read_nodes(label, names, one=only is not None), **_parameters(only)):
        rows.append(row)
        if len(rows) == CHUNK_ROWS:
            yield from_columns(zip(*rows, strict=True), target, label)
            rows = []
    if rows:
        yield from_columns(zip(*rows, strict=True), target, label)


def stream_edges(
    stream: Stream, schema: GraphSchema, kind: EdgeKind, columns: Sequence[str] | None, only: str | None = None
) -> Iterator[pa.RecordBatch]:
    """Stream the edges of a kind, or of one source: ``from`` dictionary-encoded, ``to``, and columns as for nodes."""
    target = arrow_schema(schema.check_kind(kind).properties, edge=True)
    names = [name for name in (target.names if columns is None else columns) if name not in (FROM, TO)]
    target = pa.schema([target.field(name).with_nullable(True) for name in (TO, *names)])
    sources: list[str] = []
    degrees: list[int] = []
    lists: list[list[Any]] = [[] for _ in target]
    for source, *values in stream(read_edges(kind, names, one=only is not None), **_parameters(only)):
        sources.append(source)
        degrees.append(len(values[0]))
        for column, part in zip(lists, values, strict=True):
            column.extend(part)
        if len(lists[0]) >= CHUNK_ROWS:
            yield _edges(sources, degrees, lists, target, str(kind))
            sources, degrees, lists = [], [], [[] for _ in target]
    if sources:
        yield _edges(sources, degrees, lists, target, str(kind))


def _parameters(only: str | None) -> dict[str, str]:
    return {} if only is None else {"id": only}


def _edges(
    sources: list[str], degrees: list[int], lists: list[list[Any]], target: pa.Schema, part: str
) -> pa.RecordBatch:
    codes = np.repeat(np.arange(len(sources), dtype=np.int32), degrees)
    ids = _array(sources, pa.field("id", pa.string()), part)
    ends = pa.DictionaryArray.from_arrays(pa.array(codes), ids)
    rest = from_columns(lists, target, part)
    return pa.RecordBatch.from_arrays([ends, *rest.columns], names=[FROM, *target.names])


def from_columns(columns: Iterable[Sequence[Any]], target: pa.Schema, part: str) -> pa.RecordBatch:
    """Return columns of values as Arrow; raise StoreDamagedError where one holds what graphrec does not write there."""
    arrays = [_array(values, field, part) for values, field in zip(columns, target, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=target)


def _array(values: Sequence[Any], field: pa.Field, part: str) -> pa.Array:
    """Return a column; raise StoreDamagedError where it holds what graphrec does not write there."""
    try:
        array = pa.array(values, field.type)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
        raise StoreDamagedError(
            f"the property {field.name!r} of {part} holds a value that is not of the type {field.type}", remedy=_REMEDY
        ) from error
    if array.null_count and field.name in ("id", TO):
        raise StoreDamagedError(f"{array.null_count} of {part} have no id", remedy=_REMEDY)
    return array
