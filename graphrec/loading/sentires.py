"""Features, opinions and sentiments as Sentires-Guide writes them, and data sets that were made with it.

A list of reviews, each with ``user``, ``item`` and either ``sentence``, a list of (feature, opinion, sentence, score),
or ``template``, a single one. Scores are 1 and −1. As ``reviews.pickle``, or one review a line of JSON.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphrec.errors import InputError
from graphrec.loading.columns import Column
from graphrec.loading.files import open_bytes
from graphrec.loading.json_values import fault_of, object_of, text_of
from graphrec.loading.plain_pickle import read_plain_pickle
from graphrec.loading.sound_text import is_sound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from graphrec.loading.contract import FileReport, LoaderReport

QUADRUPLES = ("sentence", "template")
_ID = Column("id", "id")
_ID_BITS = 256
"""Bits of a number that can be an id."""


def read_sentires(path: Path, report: LoaderReport, *, pickled: bool) -> pa.Table:
    """Return the mentions of a pickle or of JSON lines, one row for each quadruple.

    Args:
        path: the file.
        report: receives the account, in which reviews are counted from 1, or lines.
        pickled: whether it is a pickle.

    Returns:
        A table with ``user``, ``item``, ``feature``, ``sentiment`` and ``count``.

    Raises:
        InputError: the file is unusable, or no review in it has a feature.
    """
    account = report.file(path, "row" if pickled else "line")
    rows = _Rows(account, most=path.stat().st_size if pickled else None)
    for place, review in _reviews(path) if pickled else _lines(path):
        rows.add(place, review)
    table = rows.table()
    if not table.num_rows:
        raise InputError(
            "no review has a user, an item and a feature",
            where=str(path),
            remedy="; ".join(f"{reason}: {number:,}" for reason, number in account.skipped.items()),
        )
    return table


def is_pickle(path: Path) -> bool:
    """Return whether a file begins as pickles from protocol 2 on do."""
    with path.open("rb") as file:
        return file.read(1) == b"\x80"


def _reviews(path: Path) -> Iterator[tuple[int, Any]]:
    reviews = read_plain_pickle(path)
    if not isinstance(reviews, list):
        raise InputError("the pickle holds no list of reviews", where=str(path))
    yield from enumerate(reviews, 1)


def _lines(path: Path) -> Iterator[tuple[int, Any]]:
    with open_bytes(path) as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                yield number, object_of(line.decode("utf-8", "replace"))


class _Rows:
    """Collects the mentions of reviews.

    Args:
        account: of the file.
        most: mentions that there may be; in a pickle, what is repeated by reference can be far more than it has bytes.
    """

    def __init__(self, account: FileReport, most: int | None) -> None:
        self._account = account
        self._most = most
        self._texts: dict[str, list[str]] = {"user": [], "item": [], "feature": []}
        self._scores: list[float] = []

    def add(self, place: int, review: Any) -> None:
        """Add the mentions of a review, or count why it has none."""
        self._account.read += 1
        ids = [_id(review.get(name)) for name in ("user", "item")] if isinstance(review, dict) else []
        if not all(ids) or not ids:
            self._account.skip("a review without a user or an item", [place])
            return
        found = list(_quadruples(review))
        if not found:
            self._account.skip("a review without a feature", [place])
            return
        if self._most is not None and len(self._scores) + len(found) > self._most:
            raise InputError("the file means more mentions than it has bytes", where=self._account.path)
        read = [quadruple for quadruple in map(_read, found) if quadruple is not None]
        self._account.leave_empty("a quadruple that has no feature or no score", [place] * (len(found) - len(read)))
        for feature, score in read:
            for column, value in zip(self._texts.values(), (*ids, feature), strict=True):
                column.append(value)
            self._scores.append(score)
        self._account.kept += 1 if read else 0

    def table(self) -> pa.Table:
        """Return the mentions as columns."""
        texts = {name: pa.array(values, pa.string()) for name, values in self._texts.items()}
        counts = pa.array(np.ones(len(self._scores), dtype=np.int64))
        return pa.table({**texts, "sentiment": pa.array(self._scores, pa.float64()), "count": counts})


def _quadruples(review: dict[str, Any]) -> Iterable[Any]:
    for name in QUADRUPLES:
        value = review.get(name)
        if isinstance(value, (list, tuple)) and value:
            return [value] if isinstance(value[0], str) else value
    return []


def _read(quadruple: Any) -> tuple[str, float] | None:
    """Return feature and score of (feature, opinion, sentence, score), or of a shorter one that ends with the score."""
    if not isinstance(quadruple, (list, tuple)) or len(quadruple) < 2:
        return None
    feature, score = quadruple[0], quadruple[-1]
    is_score = isinstance(score, (int, float)) and not isinstance(score, bool) and -1 <= score <= 1
    return (feature, float(score)) if isinstance(feature, str) and feature and is_sound(feature) and is_score else None


def _id(value: Any) -> str:
    if isinstance(value, int) and value.bit_length() > _ID_BITS:
        return ""
    text = "" if fault_of(value, _ID) else text_of(value)
    return text if is_sound(text) else ""
