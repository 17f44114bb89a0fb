"""Kept tables from before a property was in the schema, with the columns that they lack as null.

Kept tables are never written again for this: a null adds nothing to the hash of its row (see ``Fingerprint``), so that
a table with and without such a column is the same table.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from graphrec.tables.conform import conform
from graphrec.tables.graph_tables import GraphTables, arrow_schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import pyarrow as pa

    from graphrec.schema.elements import GraphSchema
    from graphrec.store.embedded.kept import Part


def with_all_columns(rows: pa.Table, part: Part, schema: GraphSchema) -> pa.Table:
    """Return rows of a part with the schema's columns, in its order; those that they lack are null.

    Raises:
        SchemaError: a column is not in the schema, or one that they lack is required.
    """
    if rows.column_names == _columns(part, schema):
        return rows
    if part.kind is None:
        return conform(GraphTables({part.name: rows}), schema).nodes[part.name]
    return conform(GraphTables({}, {part.kind: rows}), schema).edges[part.kind]


@contextmanager
def filled_files(paths: Sequence[Path], part: Part, schema: GraphSchema, *, beside: Path) -> Iterator[Sequence[Path]]:
    """Give files of the same rows with the schema's columns: those of ``paths``, or drafts where they lack some.

    Args:
        paths: kept tables of one part.
        part: the part.
        schema: the schema of the database that they go into.
        beside: the database's file; drafts get its name with an ending, and are removed at the end.
    """
    drafts = []
    files = []
    try:
        for number, path in enumerate(paths):
            if pq.read_schema(path).names == _columns(part, schema):
                files.append(path)
            else:
                drafts.append(beside.with_name(f"{beside.name}.filled-{number}.parquet"))
                _fill(path, drafts[-1], part, schema)
                files.append(drafts[-1])
        yield files
    finally:
        for draft in drafts:
            draft.unlink(missing_ok=True)


def _fill(path: Path, draft: Path, part: Part, schema: GraphSchema) -> None:
    """Write a kept table with all columns, row group by row group."""
    with pq.ParquetFile(path) as file:
        target = with_all_columns(file.schema_arrow.empty_table(), part, schema).schema
        with pq.ParquetWriter(draft, target, compression="lz4", write_statistics=False) as writer:
            for group in range(file.num_row_groups):
                rows = with_all_columns(file.read_row_group(group), part, schema)
                writer.write_table(rows.cast(target), row_group_size=max(rows.num_rows, 1))


def _columns(part: Part, schema: GraphSchema) -> list[str]:
    relationship = schema.check_kind(part.kind) if part.kind else None
    properties = relationship.properties if relationship else schema.label(part.name).properties
    return list(arrow_schema(properties, edge=relationship is not None).names)
