"""Ratings without texts, as CSV: without a header in 2014 and 2018, with one in 2023, where a split comes in parts.

The columns of 2014 are user, product, rating, time; those of 2018 are product, user, rating, time. Nothing in the file
says which, so that the values decide: a product's number has ten signs, a user's begins with A and mostly has more.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.errors import InputError
from graphrec.loading.columns import Column
from graphrec.loading.delimited import read_delimited
from graphrec.loading.files import head, require_file
from graphrec.loading.interactions import interactions
from graphrec.loading.layout import Layout

from .reviews import BEST
from .taken import SPLIT, Taken

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport

_ASIN = re.compile(r"B[0-9A-Z]{9}|[0-9]{9}[0-9X]")
_HEADER = re.compile(r'"?user_id"?,"?parent_asin"?,"?rating"?,')
_MOST, _FEW = 0.9, 0.5
_ORDERS = {"2014": ("user", "item"), "2018": ("item", "user")}
_OWN = {"user": "user_id", "item": "parent_asin"}
"""The columns of 2023."""


def looks_like_ratings(path: Path) -> bool:
    """Return whether a CSV holds ratings of products."""
    try:
        return bool(_release(head(path, "utf-8")))
    except InputError:
        return False


def read_ratings(path: Path, report: LoaderReport) -> Taken:
    """Read one file of ratings of any release.

    Raises:
        InputError: the file is absent or unusable, or does not tell users from products.
    """
    table, release = _read(path, report)
    return Taken(_edges(table, report), release)


def read_parts(files: Mapping[str, Path], report: LoaderReport) -> Taken:
    """Read the parts of a split of 2023, which stays a property of the interactions.

    Args:
        files: by the name of the part; that for validation may be absent.
        report: receives the accounts.

    Raises:
        InputError: a file is absent or unusable, or is none of 2023.
    """
    tables = []
    for part, path in files.items():
        if part == "valid" and not path.exists():
            continue
        table, release = _read(path, report)
        if release != "2023":
            where, remedy = f"{path}, line 1", "Give the files of the benchmark as they were published"
            raise InputError("the columns user_id, parent_asin, rating are missing", where=where, remedy=remedy)
        tables.append(table.append_column(SPLIT.name, pa.repeat(part, table.num_rows)))
    return Taken(_edges(pa.concat_tables(tables), report), "2023", declared=(SPLIT,))


def _read(path: Path, report: LoaderReport) -> tuple[pa.Table, str]:
    """Return the columns user, item, rating and time of a file, and its release."""
    release = _release(head(require_file(path), "utf-8"))
    if not release:
        raise InputError(
            "the columns are not those of Amazon's ratings: user, product, rating, time or product, user, rating, time",
            where=f"{path}, line 1",
            remedy="Products have numbers such as B000F83SZQ. Other files are read by a mapping: graphrec load table",
        )
    is_new = release == "2023"
    order = ("user", "item") if is_new else _ORDERS[release]
    called = [_OWN[name] if is_new else name for name in order]
    columns = [
        *(Column(name, "id", required=True) for name in called),
        Column("rating", "number", required=True, minimum=0, maximum=BEST),
        Column("timestamp", "time", unit="ms" if is_new else "s"),
    ]
    table = read_delimited(path, columns, report, Layout(header=is_new))
    if not is_new:
        report.remarks.append(f"{path.name}: the columns are {' and '.join(order)}, rating and time, as in {release}")
    return table.rename_columns([*order, "rating", "timestamp"]), release


def _edges(table: pa.Table, report: LoaderReport) -> pa.Table:
    return interactions(
        table.column("user"),
        table.column("item"),
        report,
        rating=table.column("rating"),
        timestamp=table.column("timestamp"),
        properties={SPLIT.name: table.column(SPLIT.name)} if SPLIT.name in table.column_names else {},
    )


def _release(start: str) -> str:
    """Return the release of ratings that begin so; empty for a text that is none, or leaves users and products open."""
    if _HEADER.match(start):
        return "2023"
    rows = [row for row in (line.split(",") for line in start.splitlines()) if len(row) == len(("u", "i", "r", "t"))]
    if not rows:
        return ""
    first, second = (sum(_ASIN.fullmatch(row[place]) is not None for row in rows) / len(rows) for place in (0, 1))
    if second >= _MOST and first < _FEW:
        return "2014"
    return "2018" if first >= _MOST and second < _FEW else ""
