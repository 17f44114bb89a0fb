"""Second reading of a delimited file that has faults: everything as text, every fault with its line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv

from graphrec.errors import InputError
from graphrec.loading.checked_rows import valid_rows
from graphrec.loading.files import refuse_wrong_encoding, truncated_file_error
from graphrec.loading.local_numbers import comma_hint, plain_numbers
from graphrec.loading.separated_text import parse_options, read_options, text_stream
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from graphrec.loading.columns import Column
    from graphrec.loading.contract import FileReport
    from graphrec.loading.layout import Layout

_BLOCK = 64 << 20


def read_faulty_delimited(
    path: Path, columns: Sequence[Column], names: Sequence[str], layout: Layout, account: FileReport
) -> tuple[pa.Table, int]:
    """Read a file that has faults; return the rows that fit, typed, and the number of rows read.

    Args:
        path: the file.
        columns: the columns to read.
        names: all columns of the file, in order.
        layout: delimiter, header, quotation and encoding.
        account: receives skipped rows with reasons and lines.

    Raises:
        InputError: the file is cut short, is not text in its encoding, or a quotation never ends.
    """
    misshapen: list[tuple[int, str]] = []
    texts = _texts(path, names, layout, misshapen)
    lines, broken_lines = _lines(texts, misshapen, first=1 + layout.n_before)
    reason = f"not {counted(len(names), 'column')}"
    broken = [line for line, (_, text) in zip(broken_lines.tolist(), misshapen, strict=True) if text.strip()]
    _refuse_open_quotation(path, texts.num_rows, misshapen, layout, broken)
    account.skip(reason, broken)
    empty = np.stack([_equal(column, "") for column in texts.columns])
    blank: npt.NDArray[np.bool_] = np.asarray(empty.all(axis=0), dtype=bool)
    usable = ~blank
    texts = texts.filter(pa.array(usable))
    plain = _with_plain_numbers(texts, columns, layout)
    table = valid_rows(plain, columns, lines[usable], account, written=texts)
    for column in columns:
        if column.is_numeric and layout.decimal == "." and not layout.thousands:
            hint = comma_hint(column.name, texts.column(column.name))
            account.warnings += [hint] if hint else []
    return table, int(usable.sum()) + len(broken)


def _with_plain_numbers(texts: pa.Table, columns: Sequence[Column], layout: Layout) -> pa.Table:
    if layout.decimal == "." and not layout.thousands:
        return texts
    for name in (column.name for column in columns if column.is_numeric):
        plain = plain_numbers(texts.column(name), layout.decimal, layout.thousands)
        texts = texts.set_column(texts.column_names.index(name), name, plain)
    return texts


def _refuse_open_quotation(
    path: Path, n_whole: int, misshapen: Sequence[tuple[int, str]], layout: Layout, lines: Sequence[int]
) -> None:
    """Raise InputError if the last row is one that swallowed the rest of the file behind a quotation mark."""
    if not layout.quote_mark or not misshapen:
        return
    number, text = misshapen[-1]
    is_last = number == n_whole + len(misshapen) + layout.n_before
    marks = re.sub(re.escape(layout.escape) + ".", "", text, flags=re.DOTALL) if layout.escape else text
    if is_last and "\n" in text.strip() and marks.count(layout.quote_mark) % 2:
        raise InputError(
            "a quotation is opened and never closed",
            where=f"{path}, line {lines[-1]}",
            remedy="Close it, or double the quotation mark if it is meant",
        )


def _texts(path: Path, names: Sequence[str], layout: Layout, misshapen: list[tuple[int, str]]) -> pa.Table:
    """Read all columns as text, repeated names only once; rows of another shape go to ``misshapen``."""

    def note(row: pa_csv.InvalidRow) -> Literal["skip"]:
        misshapen.append((row.number, row.text))
        return "skip"

    unique = [name if name not in names[:i] else f"repeat {i}" for i, name in enumerate(names)]
    try:
        return pa_csv.read_csv(
            text_stream(path, layout),
            read_options(layout, unique, block_size=_BLOCK, use_threads=False),
            parse_options(layout, ignore_empty_lines=False, invalid_row_handler=note),
            pa_csv.ConvertOptions(column_types=dict.fromkeys(unique, pa.string()), strings_can_be_null=False),
        )
    except (pa.ArrowInvalid, UnicodeError) as error:
        refuse_wrong_encoding(path, layout.encoding)
        raise InputError(
            f"the file cannot be split into rows: {error}",
            where=str(path),
            remedy="Look for a quotation mark that is opened and never closed",
        ) from error
    except OSError as error:
        raise truncated_file_error(path) from error


def _lines(
    texts: pa.Table, misshapen: Sequence[tuple[int, str]], first: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the line on which each row of ``texts``, and each misshapen one, begins; values may span lines."""
    total = texts.num_rows + len(misshapen)
    is_misshapen = np.zeros(total, dtype=bool)
    is_misshapen[[number - first for number, _ in misshapen]] = True
    heights = np.ones(total, dtype=np.int64)
    inner = np.zeros(texts.num_rows, dtype=np.int64)
    for column in texts.columns:
        inner += np.asarray(pc.count_substring(column, "\n"), dtype=np.int64)
    heights[~is_misshapen] += inner
    heights[is_misshapen] += np.array([text.rstrip("\r\n").count("\n") for _, text in misshapen], dtype=np.int64)
    begins = first + np.cumsum(heights) - heights
    return begins[~is_misshapen], begins[is_misshapen]


def _equal(column: pa.ChunkedArray, text: str) -> npt.NDArray[np.bool_]:
    return np.asarray(pc.equal(column, text), dtype=bool)
