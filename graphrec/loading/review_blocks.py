"""Columns of files of any size, some rows at a time, before anything is checked."""

from __future__ import annotations

import csv
from io import TextIOWrapper
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from graphrec.errors import InputError
from graphrec.loading.any_file import DELIMITERS, JSON_ENDINGS, ending_of, unknown_ending_error
from graphrec.loading.files import UTF8_BOM, head, open_bytes, refuse_wrong_encoding
from graphrec.loading.headers import first_cells
from graphrec.loading.json_values import object_of
from graphrec.loading.layout import Layout
from graphrec.loading.parquet import parquet_schema
from graphrec.loading.sound_text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Any

    import numpy.typing as npt

_LONGEST_FIELD = 2**31 - 1


class Block(NamedTuple):
    """Rows of a file.

    Attributes:
        columns: one array for each column of Parquet; else lists of Python's values, which in JSON may be any.
        places: int64, line or row of each, from 1.
        broken: lines that hold no row.
        fault: why they hold none.
    """

    columns: list[pa.Array] | list[list[Any]]
    places: npt.NDArray[np.int64]
    broken: list[int]
    fault: str


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
    if ending in JSON_ENDINGS:
        return json_fields(path)
    start = head(path, "utf-8").lstrip()
    return first_cells(path, start, Layout(DELIMITERS[ending]))


def json_fields(path: Path) -> list[str]:
    """Return the names of the fields in the first hundred lines of a file of JSON lines, whatever its ending.

    Raises:
        InputError: the file is absent, empty, unusable or one JSON list.
    """
    start = head(path, "utf-8").lstrip()
    if start.startswith("["):
        raise InputError("this is one JSON list", where=f"{path}, line 1", remedy="Write one object a line")
    rows = [object_of(line) or {} for line in start.splitlines()[:100]]
    return list(dict.fromkeys(name for row in rows for name in row))


def blocks_of(path: Path, names: Sequence[str], rows: int) -> Iterator[Block]:
    """Yield the named columns of a file of a known ending, at most ``rows`` rows at a time.

    Raises:
        InputError: the file is cut short, damaged or wrongly encoded.
    """
    ending = ending_of(path)
    if ending == ".parquet":
        yield from _parquet_blocks(path, names, rows)
        return
    read_rows, fault = (
        (_json_rows, "not a JSON object")
        if ending in JSON_ENDINGS
        else (_csv_rows, "not as many columns as the header")
    )
    values: list[list[Any]] = [[] for _ in names]
    places: list[int] = []
    broken: list[int] = []
    for number, row in read_rows(path, names):
        if row is None:
            broken.append(number)
        else:
            places.append(number)
            for column, value in zip(values, row, strict=True):
                column.append(value)
        if len(places) + len(broken) >= rows:
            yield Block(values, np.array(places, dtype=np.int64), broken, fault)
            values, places, broken = [[] for _ in names], [], []
    yield Block(values, np.array(places, dtype=np.int64), broken, fault)


def _json_rows(path: Path, names: Sequence[str]) -> Iterator[tuple[int, list[Any] | None]]:
    """Yield number and values of each line; None for one that is no object."""
    with open_bytes(path) as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                row = _object(line, path, number)
                yield number, None if row is None else [row.get(name) for name in names]


def _object(line: bytes, path: Path, number: int) -> dict[str, Any] | None:
    try:
        return object_of(line.removeprefix(UTF8_BOM).decode())
    except UnicodeDecodeError as error:
        fault = InputError("this is not UTF-8 text", where=f"{path}, line {number}", remedy="Save the file as UTF-8")
        raise fault from error


def _csv_rows(path: Path, names: Sequence[str]) -> Iterator[tuple[int, list[Any] | None]]:
    """Yield the first line and the values of each row; None for one of another number of columns."""
    usual_limit = csv.field_size_limit(_LONGEST_FIELD)
    try:
        with open_bytes(path) as file, TextIOWrapper(file, encoding="utf-8-sig", newline="") as lines:
            reader = csv.reader(lines, delimiter=DELIMITERS[ending_of(path)], strict=True)
            header = next(reader)
            columns = [header.index(name) for name in names]
            before = reader.line_num
            for row in reader:
                if row:
                    yield before + 1, [row[column] for column in columns] if len(row) == len(header) else None
                before = reader.line_num
    except csv.Error as error:
        raise InputError(
            f"the file cannot be split into rows: {error}",
            where=f"{path}, line {reader.line_num}",
            remedy="Look for a quotation mark that is opened and never closed, or is not doubled within a text",
        ) from error
    except UnicodeDecodeError:
        refuse_wrong_encoding(path, "utf-8")
        raise
    finally:
        csv.field_size_limit(usual_limit)


def _parquet_blocks(path: Path, names: Sequence[str], rows: int) -> Iterator[Block]:
    seen = 0
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=rows, columns=list(names)):
                places = np.arange(seen + 1, seen + batch.num_rows + 1)
                yield Block([batch.column(name) for name in names], places, [], "")
                seen += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"the file is damaged: {printable(str(error))}", where=str(path), remedy="Fetch or write it again"
        ) from error
