"""A file of pairs of a user and an item, of which every row counts: what it names decides what is trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.errors import InputError
from graphrec.loading.any_file import read_any
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def read_pairs(
    path: Path, *, user: str = "user", item: str = "item", part: str = "", parts: Sequence[str] = ()
) -> pa.Table:
    """Read pairs, each with a part where one is asked for.

    Args:
        path: CSV, TSV, Parquet or JSON lines, by its ending.
        user: name of the column of users' ids.
        item: name of the column of items' ids.
        part: name of the column of parts; empty to read none.
        parts: the words that may stand there.

    Returns:
        Columns ``user``, ``item`` and, where it was asked for, ``part``, as texts in the order of the file.

    Raises:
        InputError: the file is unusable, or a row of it is: an id is missing, or a part is none of the words.
            Such rows are not skipped.
    """
    names = {"user": user, "item": item, **({"part": part} if part else {})}
    columns = [
        Column(user, "id", required=True),
        Column(item, "id", required=True),
        *([Column(part, required=True, among=tuple(parts))] if part else []),
    ]
    report = LoaderReport()
    rows = read_any(path, columns, report)
    (account,) = report.files
    for reason, count in account.skipped.items():
        rest = f", and {count - 1:,} more" if count > 1 else ""
        raise InputError(
            f"a row cannot be used: {reason}",
            where=f"{path}, {account.unit} {account.examples[reason][0]}{rest}",
            remedy="Mend the file: every row of it counts",
        )
    return pa.table({name: rows.column(column).cast(pa.string()) for name, column in names.items()})
