"""Tuples of sentiments as Cornac's ``Reader`` reads them, no header: ``user,item,feature:opinion:sentiment,…``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.errors import InputError
from graphrec.loading.files import head, open_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import LoaderReport

_TUPLE = re.compile(r"([^:]+):(?:[^:]*:)?([+-]?\d*\.?\d+)")


def holds_tuples(path: Path) -> bool:
    """Return whether the first line of a text file is a user, an item and tuples."""
    fields = head(path, "utf-8").splitlines()[0].rstrip("\r\n").split(",")
    return len(fields) > 2 and all(_TUPLE.fullmatch(field) for field in fields[2:])


def read_tuples(path: Path, report: LoaderReport) -> pa.Table:
    """Return the mentions of a file, one row for each tuple.

    Returns:
        A table with ``user``, ``item``, ``feature``, ``sentiment`` and ``count``.

    Raises:
        InputError: the file is unusable, or no tuple in it could be read.
    """
    account = report.file(path)
    users: list[str] = []
    items: list[str] = []
    features: list[str] = []
    sentiments: list[float] = []
    with open_bytes(path) as file:
        for number, line in enumerate(file, 1):
            fields = line.decode("utf-8", "replace").rstrip("\r\n").split(",")
            if fields == [""]:
                continue
            account.read += 1
            read = [match for match in map(_TUPLE.fullmatch, fields[2:]) if match and abs(float(match[2])) <= 1]
            account.leave_empty(
                "a tuple that is no feature:opinion:sentiment", [number] * (len(fields) - 2 - len(read))
            )
            if not read or not fields[0] or not fields[1]:
                account.skip("no user, item and tuple", [number])
                continue
            account.kept += 1
            users += [fields[0]] * len(read)
            items += [fields[1]] * len(read)
            features += [match[1] for match in read]
            sentiments += [float(match[2]) for match in read]
    if not users:
        raise InputError("no tuple of the file could be read", where=str(path))
    strings = [pa.array(values, pa.string()) for values in (users, items, features)]
    return pa.table(
        [*strings, pa.array(sentiments), pa.array([1] * len(users), pa.int64())],
        ["user", "item", "feature", "sentiment", "count"],
    )
