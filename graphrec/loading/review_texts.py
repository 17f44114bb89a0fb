"""Reviews out of files of any size, some at a time: user, item and text."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import InputError, UsageError
from graphrec.loading.any_file import ending_of
from graphrec.loading.columns import Column
from graphrec.loading.json_values import fault_of, text_of
from graphrec.loading.review_blocks import blocks_of, column_names
from graphrec.loading.sound_text import SURROGATE, printable, sound_strings
from graphrec.loading.typed_texts import typed_texts
from graphrec.reviews.extraction import REVIEWS_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.loading.contract import FileReport, LoaderReport
    from graphrec.loading.text_numbers import Fault

NO_TEXT = "a review without text"


class NoReviewTextError(InputError):
    """A file of reviews in which no review has a text."""


@dataclass(frozen=True)
class ReviewColumns:
    """The columns of reviews.

    Attributes:
        user: ids.
        item: ids.
        text: what the user wrote.
    """

    user: str
    item: str
    text: str

    @classmethod
    def read(cls, words: str) -> ReviewColumns:
        """Return the columns that ``user=NAME,item=NAME,text=NAME`` names; raise UsageError where it does not."""
        pairs = dict(pair.split("=", 1) for pair in words.split(",") if "=" in pair)
        if set(pairs) != {"user", "item", "text"} or not all(pairs.values()):
            raise UsageError(
                f"these are no columns of reviews: {words!r}", remedy="Write user=NAME,item=NAME,text=NAME"
            )
        return cls(**pairs)


KNOWN_COLUMNS = (
    ReviewColumns("reviewerID", "asin", "reviewText"),
    ReviewColumns("user_id", "parent_asin", "text"),
    ReviewColumns("user_id", "business_id", "text"),
    ReviewColumns("user", "item", "text"),
)
"""Names that are recognised: those of Amazon's reviews of 2014 and 2018, of 2023, Yelp's, and plain ones."""


def review_columns(path: Path, given: ReviewColumns | None = None) -> ReviewColumns:
    """Return the columns of a file of reviews: those that are given, else the first known ones that it has.

    Raises:
        InputError: the file is absent or unusable, or has no such columns.
    """
    names = column_names(path)
    wanted = KNOWN_COLUMNS if given is None else (given,)
    for columns in wanted:
        if set(astuple(columns)) <= set(names):
            return columns
    raise InputError(
        f"the reviews do not have the columns {' or '.join(', '.join(astuple(columns)) for columns in wanted)}",
        where=str(path),
        remedy=f"Columns found: {', '.join(map(printable, names[:20]))}. Say which are user, item and text",
    )


def read_reviews(path: Path, columns: ReviewColumns, report: LoaderReport, *, called: str = "") -> Iterator[pa.Table]:
    """Yield the reviews of a file that have a user, an item and a text; what else is there is counted.

    Args:
        path: JSON lines, Parquet, or delimited text with a header; ``.gz`` may follow the ending of all but Parquet.
        columns: of the file.
        report: receives the account of the file, which is complete when all is read.
        called: what the account calls the file; by default its path.

    Yields:
        Tables with ``user``, ``item`` and ``text`` as strings, at most ``REVIEWS_AT_ONCE`` rows each.

    Raises:
        InputError: the file is unusable.
        NoReviewTextError: no review in it has a text.
    """
    account = report.file(called or path, "row" if ending_of(path) == ".parquet" else "line")
    for block in blocks_of(path, astuple(columns), REVIEWS_AT_ONCE):
        account.read += len(block.places) + len(block.broken)
        account.skip(block.fault, block.broken)
        reviews = _valid(block.columns, block.places, columns, account)
        account.kept += reviews.num_rows
        if reviews.num_rows:
            yield reviews
    if not account.kept:
        raise NoReviewTextError(
            "no review has a user, an item and a text",
            where=str(path),
            remedy="; ".join(f"{reason}: {number:,}" for reason, number in account.skipped.items()),
        )


def _valid(
    values: list[pa.Array] | list[list[Any]], places: np.ndarray[Any, Any], columns: ReviewColumns, account: FileReport
) -> pa.Table:
    """Return the rows that have all three, and count the others by their first fault."""
    bad = np.zeros(len(places), dtype=bool)
    kept: dict[str, pa.Array] = {}
    for role, name, column in zip(("user", "item", "text"), astuple(columns), values, strict=True):
        texts, left_out, mended = _texts(column, name, is_id=role != "text")
        texts = pc.fill_null(texts, "")
        says_nothing = np.asarray(pc.equal(pc.utf8_trim_whitespace(texts), "")).astype(bool)
        empty = (NO_TEXT if role == "text" else f"{name} is empty", says_nothing)
        for reason, wrong in (*((f"{name} {reason}", wrong) for reason, wrong in left_out), empty):
            account.skip(reason, places[wrong & ~bad].tolist())
            bad |= wrong
        for reason, changed in mended:
            account.mend(f"{name} {reason}", places[changed & ~bad].tolist())
        kept[role] = texts
    return pa.table(kept).filter(pa.array(~bad))


def _texts(column: pa.Array | list[Any], name: str, *, is_id: bool) -> tuple[pa.Array, list[Fault], list[Fault]]:
    """Return a column as texts, with the faults of what was left out and of what was mended."""
    if isinstance(column, list):
        as_column = Column(name, "id" if is_id else "text")
        reasons = [fault_of(value, as_column) for value in column]
        texts, halves = sound_strings([text_of(value) for value in column])
        wrong = [(reason, np.array([reason == own for own in reasons])) for reason in dict.fromkeys(reasons) if reason]
        return (texts, [*wrong, (SURROGATE, halves)], []) if is_id else (texts, wrong, [(SURROGATE, halves)])
    written = typed_texts(column, ids=is_id)
    if written is None:
        raise InputError(f"the column {name!r} holds {column.type}, not {'ids' if is_id else 'texts'}")
    return written.texts, written.left_out, written.mended
