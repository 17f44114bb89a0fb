"""Columns of files of any size, some rows at a time, before anything is checked."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from graphrec.errors import InputError
from graphrec.loading.any_file import DELIMITERS, JSON_ENDINGS, ending_of, unknown_ending_error
from graphrec.loading.delimited import header_names
from graphrec.loading.files import UTF8_BOM, arrow_stream, head, open_bytes
from graphrec.loading.json_values import object_of
from graphrec.loading.layout import Layout
from graphrec.loading.parquet import parquet_schema
from graphrec.loading.sound_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Any

    import numpy.typing as npt

_BYTES = 4 << 20


class Block(NamedTuple):
    """Rows of a file.

    Attributes:
        columns: one array for each column; in JSON lines lists of Python's values, since any may stand there.
        places: int64, line or row of each, from 1.
        broken: lines that hold no row.
    """

    columns: list[pa.Array] | list[list[Any]]
    places: npt.NDArray[np.int64]
    broken: list[int]


def column_names(path: Path) -> list[str]:
    """Return the names of a file's columns: of JSON lines, the fields of the first hundred.

    Raises:
        InputError: the file is absent, empty or unusable, or its ending is not known.
    """
    ending = ending_of(path)
    if ending == ".parquet":
        return list(parquet_schema(path).names)
    if ending not in (*JSON_ENDINGS, *DELIMITERS):
        raise unknown_ending_error(path, "rename it to what it is")
    start = head(path, "utf-8").lstrip()
    if ending in JSON_ENDINGS:
        if start.startswith("["):
            raise InputError("this is one JSON list", where=f"{path}, line 1", remedy="Write one object a line")
        rows = [object_of(line) or {} for line in start.splitlines()[:100]]
        return list(dict.fromkeys(name for row in rows for name in row))
    return header_names(path, start, Layout(DELIMITERS[ending]))


def blocks_of(path: Path, names: Sequence[str], rows: int) -> Iterator[Block]:
    """Yield the named columns of a file of a known ending, at most ``rows`` rows at a time.

    Raises:
        InputError: the file is cut short, damaged or wrongly encoded.
    """
    ending = ending_of(path)
    if ending in JSON_ENDINGS:
        yield from _json_blocks(path, names, rows)
        return
    seen = 0
    for batch in _parquet_batches(path, names, rows) if ending == ".parquet" else _csv_batches(path, names):
        for start in range(0, batch.num_rows, rows):
            block = batch.slice(start, rows)
            places = np.arange(seen + 1, seen + block.num_rows + 1)
            yield Block([block.column(name) for name in names], places, [])
            seen += block.num_rows


def _json_blocks(path: Path, names: Sequence[str], rows: int) -> Iterator[Block]:
    values: list[list[Any]] = [[] for _ in names]
    places: list[int] = []
    broken: list[int] = []
    with open_bytes(path) as file:
        for number, line in enumerate(file, 1):
            row = _object(line, path, number) if line.strip() else {}
            if row is None:
                broken.append(number)
            elif row:
                for column, name in zip(values, names, strict=True):
                    column.append(row.get(name))
                places.append(number)
            if len(places) + len(broken) >= rows:
                yield Block(values, np.array(places, dtype=np.int64), broken)
                values, places, broken = [[] for _ in names], [], []
    yield Block(values, np.array(places, dtype=np.int64), broken)


def _object(line: bytes, path: Path, number: int) -> dict[str, Any] | None:
    try:
        return object_of(line.removeprefix(UTF8_BOM).decode())
    except UnicodeDecodeError as error:
        fault = InputError("this is not UTF-8 text", where=f"{path}, line {number}", remedy="Save the file as UTF-8")
        raise fault from error


def _parquet_batches(path: Path, names: Sequence[str], rows: int) -> Iterator[pa.RecordBatch]:
    try:
        with pq.ParquetFile(path) as file:
            yield from file.iter_batches(batch_size=rows, columns=list(names))
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"the file is damaged: {printable(str(error))}", where=str(path), remedy="Fetch or write it again"
        ) from error


def _csv_batches(path: Path, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
    try:
        with pa_csv.open_csv(
            arrow_stream(path),
            read_options=pa_csv.ReadOptions(block_size=_BYTES),
            parse_options=pa_csv.ParseOptions(delimiter=DELIMITERS[ending_of(path)], newlines_in_values=True),
            convert_options=pa_csv.ConvertOptions(
                include_columns=list(names), column_types=dict.fromkeys(names, pa.string())
            ),
        ) as reader:
            yield from reader
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"the file cannot be read: {printable(str(error))}",
            where=str(path),
            remedy="Write one review a row, texts in quotation marks, in UTF-8",
        ) from error
