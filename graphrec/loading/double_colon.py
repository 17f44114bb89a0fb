"""Small ``::``-separated files whose values may hold single colons, such as film titles."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError
from graphrec.loading.checked_rows import valid_rows
from graphrec.loading.columns import bounded_rows
from graphrec.loading.files import read_text, require_file
from graphrec.loading.kept_share import judge_kept_share

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.loading.columns import Column
    from graphrec.loading.contract import LoaderReport


def read_double_colon(
    path: Path, columns: Sequence[Column], report: LoaderReport, encodings: Sequence[str] = ("utf-8", "latin-1")
) -> pa.Table:
    """Read a whole small file without a header, ``::`` between its columns.

    Args:
        path: the file.
        columns: all columns, in order.
        report: receives an account of the file.
        encodings: the first one that fits is used.

    Raises:
        InputError: the file is absent, empty, in none of the encodings, or no line of it has so many columns.
    """
    account = report.file(require_file(path))
    rows = pa.array(read_text(path, *encodings).replace("\r\n", "\n").split("\n"))
    lines = np.arange(1, len(rows) + 1)
    filled = np.asarray(pc.not_equal(rows, ""), dtype=bool)
    rows, lines = rows.filter(pa.array(filled)), lines[filled]
    parts = pc.split_pattern(rows, "::")
    whole = np.asarray(pc.equal(pc.list_value_length(parts), len(columns)), dtype=bool)
    account.read = len(rows)
    account.skip(f"not {len(columns)} columns", lines[~whole].tolist())
    parts, lines = parts.filter(pa.array(whole)), lines[whole]
    if not len(parts):
        raise InputError(
            f"no line has {len(columns)} columns separated by '::'",
            where=f"{path}, line 1",
            remedy=f"Expected: {'::'.join(c.name for c in columns)}",
        )
    texts = pa.table({column.name: pc.list_element(parts, i) for i, column in enumerate(columns)})
    table = valid_rows(texts, columns, lines, account)
    account.kept = table.num_rows
    judge_kept_share(account, bounded_rows(account, columns))
    return table
