"""Remarks on a first line that was read as data and looks like a header, or the other way round."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.errors import InputError
from graphrec.loading.files import head
from graphrec.loading.headers import first_cells, first_rows, is_number
from graphrec.loading.sound_text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy.typing as npt

    from graphrec.loading.layout import Layout

_LINES = 20
_SHOWN = 12


def remark_on_header(path: Path, layout: Layout) -> str:
    """Return a remark where line 1 of a file was taken for what it does not look like; otherwise nothing.

    Read as data, it looks like a header where some column has a word there and only numbers on the next lines, or where
    it holds the very names, in whatever case. Read as a header, it looks like data where it holds numbers alone.
    """
    try:
        lines = first_rows(path, head(path, layout.encoding), layout, limit=_LINES)
    except InputError:  # a later line that cannot be split is told when the file is read
        return ""
    first = lines[0] if lines else []
    rows = [row for row in lines[1:] if len(row) == len(first)]
    numeric = [is_number(cell) for cell in first]
    if layout.header:
        return _remark_on_numbers(path, first) if first and not layout.columns and all(numeric) else ""
    below = [rows and all(is_number(row[place]) for row in rows) for place in range(len(first))]
    heads = [cell for cell, number, numbers in zip(first, numeric, below, strict=True) if numbers and not number]
    names = {_bare(name) for name in layout.columns} - {""}
    named = [cell for cell, number in zip(first, numeric, strict=True) if _bare(cell) in names and not number]
    found = named or [cell for cell in heads if cell.strip()]
    return _remark_on_names(path, found[0]) if found else ""


def remark_on_lonely_line(path: Path, layout: Layout, users: pa.ChunkedArray, items: pa.ChunkedArray) -> str:
    """Return a remark where line 1, read as data, may be a header of words above columns of words; otherwise nothing.

    It may be one where it is the only row whose user and item both occur on no other, and the file has twenty rows and
    more: people and items of real files recur. In a file with other such rows nothing tells them apart.

    Args:
        path: the file.
        layout: how it was read.
        users: strings or dictionaries, the user of each row that was kept, in the order of the file.
        items: likewise.
    """
    if layout.header or len(users) < _LINES:
        return ""
    (user, n_users), (item, n_items) = _codes(users), _codes(items)
    is_alone = (np.bincount(user, minlength=n_users)[user] == 1) & (np.bincount(item, minlength=n_items)[item] == 1)
    cells = first_cells(path, head(path, layout.encoding), layout)
    first = [users[0].as_py(), items[0].as_py()]
    if not is_alone[0] or is_alone.sum() > 1 or not set(first) <= set(cells):
        return ""
    return "" if any(map(is_number, cells)) else _remark_on_names(path, first[0])


def _codes(ids: pa.ChunkedArray) -> tuple[npt.NDArray[np.int64], int]:
    """Return ids as numbers from 0, and how many there are."""
    whole = ids.combine_chunks()
    encoded = whole if pa.types.is_dictionary(whole.type) else whole.dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), len(encoded.dictionary)


def _remark_on_names(path: Path, name: str) -> str:
    return (
        f"{path.name}: line 1 was read as data, and looks like a header: it holds {printable(name)[:60]!r}. "
        "If it is one, say header = true"
    )


def _remark_on_numbers(path: Path, first: Sequence[str]) -> str:
    return (
        f"{path.name}: line 1 was read as the names of columns, and looks like data: it holds "
        f"{', '.join(map(printable, first[:_SHOWN]))}. If it is data, say header = false"
    )


def _bare(name: str) -> str:
    """Return a name of a column in small letters, without what parts its words."""
    return re.sub(r"[\W_]+", "", name).lower()
