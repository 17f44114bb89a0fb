"""Columns as readers expect them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pyarrow as pa

from graphrec.loading.times import MOMENT, TimeUnit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.loading.contract import FileReport

Kind = Literal["id", "text", "number", "integer", "boolean", "time", "list"]

ARROW_KINDS: dict[Kind, pa.DataType] = {
    "id": pa.dictionary(pa.int32(), pa.string()),
    "text": pa.string(),
    "number": pa.float64(),
    "integer": pa.int64(),
    "boolean": pa.bool_(),
    "time": MOMENT,
    "list": pa.list_(pa.string()),
}
"""The Arrow type of each kind of column."""


@dataclass(frozen=True)
class Column:
    """A column to be read from a file.

    Attributes:
        name: its name in the file's header, or the name it shall have where there is none.
        kind: ``id`` comes out dictionary-encoded, ``text`` as strings, ``number`` as float64, ``integer`` as int64
            (whole numbers that are written as floats too), ``boolean`` from true, false, 1 and 0, ``time`` as
            ``timestamp[us]`` in UTC, ``list`` as lists of strings, from texts such as ``['a', 'b']``.
        required: a row whose value is empty or cannot be read is skipped; otherwise an empty value becomes null
            (text: stays empty), and so does one that cannot be read, which is counted. A ``number`` that skips its row
            must lie within single precision, ±3.4e38: what is beyond counts as no finite number.
        minimum: a row with a smaller number is skipped, and so is one whose value is there and cannot be read, since
            nothing says that it is large enough.
        maximum: likewise for a larger number.
        unit: of a ``time``: ``iso`` for ISO 8601 texts, or what its numbers count since 1970: ``s``, ``ms``, ``us``,
            ``ns``. Columns whose type is a time are read as what they are.
        time_format: of a ``time``: how its texts are written, in the directives of ``strptime``, instead of a unit.
        list_key: of a ``list`` of objects: the entry of each that is taken; empty for lists of single values.
        among: the texts that there may be; a row with another one is skipped. Empty for any.
        missing: texts that count as empty, such as ``?``; a number is compared by its value.
    """

    name: str
    kind: Kind = "text"
    required: bool = False
    minimum: float | None = None
    unit: TimeUnit = "iso"
    among: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    maximum: float | None = None
    time_format: str = ""
    list_key: str = ""

    @property
    def decides(self) -> bool:
        """Whether a row is skipped for a value that cannot be read."""
        return self.required or self.minimum is not None or self.maximum is not None or bool(self.among)

    @property
    def identifies(self) -> bool:
        """Whether its texts are ids, which are never changed: ``id``, and texts that are required."""
        return self.kind == "id" or (self.kind == "text" and self.required)

    @property
    def is_numeric(self) -> bool:
        """Whether its texts are numbers: also times that count a unit since 1970."""
        counts = self.kind == "time" and self.unit != "iso" and not self.time_format
        return self.kind in ("number", "integer") or counts

    @property
    def below(self) -> str:
        """The reason for which a row with a number below ``minimum`` is skipped."""
        return f"{self.name} is " + ("negative" if self.minimum == 0 else f"below {self.minimum:,.10g}")

    @property
    def above(self) -> str:
        """The reason for which a row with a number above ``maximum`` is skipped."""
        return f"{self.name} is above {self.maximum:,.10g}"


def raw_type(column: Column, *, fractions: bool) -> pa.DataType:
    """Return the Arrow type as which a reader takes a column from a text file in one pass.

    Args:
        column: the column.
        fractions: whether whole numbers and times may be written as floats.
    """
    if column.kind == "list" or (column.kind == "time" and not column.is_numeric):
        return pa.string()
    if column.kind in ("integer", "time"):
        return pa.float64() if fractions else pa.int64()
    return ARROW_KINDS[column.kind]


def bounded_rows(account: FileReport, columns: Sequence[Column]) -> int:
    """Return how many rows of a file a stated bound left out, which is no fault."""
    return sum(account.skipped.get(column.below, 0) for column in columns if column.minimum)
