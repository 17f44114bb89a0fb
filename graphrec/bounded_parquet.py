"""Columns of text from a Parquet file that may come from somebody else: no more of it than the file can mean."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_ENCODED = pa.dictionary(pa.int32(), pa.string())

_EXPANSION, _SPARE = 256, 64 << 20
"""How much larger than the file what it holds may be, and what is added for small files."""


def read_texts(path: Path, wanted: Sequence[str], rows_a_byte: int) -> tuple[pa.Table, dict[bytes, bytes]]:
    """Return columns of a Parquet file as texts, and the notes of its schema; see ``read_encoded_texts``."""
    table, notes = read_encoded_texts(path, wanted, rows_a_byte)
    return table.cast(pa.schema([(name, pa.string()) for name in table.column_names])), notes


def read_encoded_texts(path: Path, wanted: Sequence[str], rows_a_byte: int) -> tuple[pa.Table, dict[bytes, bytes]]:
    """Return columns of a Parquet file as dictionary-encoded texts, and the notes of its schema.

    Some kilobytes can say that they are a billion rows, or one row of a gigabyte. Such a file is refused before its
    rows are made.

    Args:
        path: of the file; nothing is read from a device or a pipe.
        wanted: names of columns; those that the file does not have are left out.
        rows_a_byte: rows for each byte of the file that it may have at most.

    Raises:
        ValueError: it is no Parquet file, a column holds no texts, or it means much more than it has bytes.
        OSError: it cannot be read.
    """
    about = path.stat()
    if not stat.S_ISREG(about.st_mode):
        raise ValueError("it is no file")
    size = about.st_size
    with pq.ParquetFile(path, read_dictionary=list(wanted)) as file:
        described = file.metadata
        whole = sum(described.row_group(place).total_byte_size for place in range(described.num_row_groups))
        if described.num_rows > rows_a_byte * size or whole > _EXPANSION * size + _SPARE:
            raise ValueError(f"it says that it holds {described.num_rows:,} rows in {size:,} bytes")
        columns = [name for name in wanted if name in file.schema_arrow.names]
        for name in columns:
            if not _is_text(file.schema_arrow.field(name).type):
                raise ValueError(f"the column {name!r} holds no texts")
        table = file.read(columns=columns)
        notes = dict(file.schema_arrow.metadata or {})
    if table.num_rows != described.num_rows:
        raise ValueError("it has another number of rows than it says")
    for name in table.column_names:
        if _bytes_of(table[name]) > _EXPANSION * size + _SPARE:
            raise ValueError(f"the texts of the column {name!r} are much larger than the file")
    return pa.table({name: _encoded(table[name]) for name in table.column_names}), notes


def _encoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return texts of any of their types, or nothing but nulls, as ``_ENCODED``."""
    if column.type == _ENCODED:
        return column
    plain = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    return plain.cast(pa.string()).dictionary_encode()


def _is_text(kind: pa.DataType) -> bool:
    of = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(pa.types.is_string(of) or pa.types.is_large_string(of) or pa.types.is_null(of))


def _bytes_of(column: pa.ChunkedArray) -> int:
    """Return the bytes that the texts of a column take once each stands by itself."""
    total = 0
    for chunk in column.chunks:
        texts = chunk.dictionary if isinstance(chunk, pa.DictionaryArray) else chunk
        if pa.types.is_null(texts.type):
            continue
        lengths = pc.cast(pc.binary_length(texts), pa.int64())
        total += pc.sum(lengths.take(chunk.indices) if texts is not chunk else lengths).as_py() or 0
    return total
