"""The valid rows of a data frame, and the columns that are read for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from graphrec.errors import InputError, UsageError
from graphrec.loading.checked_rows import valid_rows
from graphrec.loading.columns import Column, bounded_rows
from graphrec.loading.frame_columns import Place
from graphrec.loading.frame_texts import text_lists, texts
from graphrec.loading.frame_values import numbers, properties, times
from graphrec.loading.kept_share import judge_kept_share
from graphrec.loading.list_texts import lists_of
from graphrec.loading.missing import without_missing
from graphrec.loading.mixed_columns import settle_mixed
from graphrec.loading.sound_text import printable
from graphrec.loading.times import unit_of_texts
from graphrec.schema.elements import Property

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import numpy.typing as npt

    from graphrec.loading.contract import FileReport, LoaderReport
    from graphrec.loading.frame_columns import Frame, Values
    from graphrec.loading.times import TimeUnit

_ROW = "\0row"
"""Name of the column of row numbers while rows are checked; no column of a frame has this name."""


@dataclass(frozen=True, eq=False)
class Rows:
    """The rows that were kept.

    Attributes:
        frame: where they come from.
        table: their ids, numbers, times and properties, by the names of the frame's columns.
        positions: int64, their places in the frame, counted from 0.
        account: of the frame.
    """

    frame: Frame
    table: pa.Table
    positions: npt.NDArray[np.int64]
    account: FileReport

    def texts(self, column: str) -> pa.Array:
        """Return a column as texts, null where there is none."""
        written = texts(*self._values(column), ids=False)
        _tell_mended(self.frame, self.account, self.positions)
        return written

    def text_lists(self, column: str, separator: str) -> pa.Array:
        """Return an attribute's texts, or lists of texts."""
        written = text_lists(*self._values(column), separator=separator)
        _tell_mended(self.frame, self.account, self.positions)
        return written

    def lists(self, column: str, key: bool | str) -> pa.Array:
        """Return lists of texts that are written as texts, such as ``['a', 'b']``; what is none is empty and counted.

        Args:
            column: of the frame; one that holds lists is taken as it is.
            key: of lists of objects: the entry of each that is taken.
        """
        written = self.text_lists(column, "")
        if pa.types.is_list(written.type):
            return written
        values, faults = lists_of(written.cast(pa.string()), key if isinstance(key, str) else "")
        for reason, wrong in faults:
            self.account.leave_empty(f"{column} {reason}", self.positions[wrong].tolist())
        return values

    def _values(self, column: str) -> tuple[Values, Place]:
        values, place = self.frame.column(column), Place(self.frame, column)
        if len(self.positions) == self.frame.n_rows:
            return values, place
        row_values = values[self.positions] if isinstance(values, np.ndarray) else values.take(pa.array(self.positions))
        return row_values, place.take(self.positions)


class RowFilter:
    """A collector of the columns that decide whether a row is kept.

    Args:
        frame: the frame.
        missing: texts that count as empty, in all its columns.
    """

    def __init__(self, frame: Frame, missing: tuple[str, ...] = ()) -> None:
        self.frame = frame
        self._missing = missing
        self._columns: list[Column] = []
        self._values: dict[str, pa.Array] = {}
        self._remarks: list[str] = []

    def ids(self, *columns: str) -> None:
        """Add columns of ids; a row without one is skipped."""
        for column in columns:
            self._add(Column(column, "id", required=True), texts(*self._column(column), ids=True))

    def texts(self, column: str) -> None:
        """Add a column of texts; a row without one is skipped."""
        self._add(Column(column, required=True), texts(*self._column(column), ids=False))

    def numbers(self, column: Column) -> None:
        """Add a column of numbers, or of whole numbers; a row with one that it does not allow is skipped."""
        self._add(column, numbers(*self._column(column.name)))

    def times(self, column: str, unit: TimeUnit, time_format: str = "") -> None:
        """Add a column of times; something else becomes null and is counted. ISO 8601 texts need no unit.

        Args:
            column: of the frame.
            unit: of numbers.
            time_format: how texts are written, in the directives of ``strptime``, instead of a unit.

        Raises:
            InputError: the column holds times, which a format contradicts.
        """
        values = times(*self._column(column))
        if time_format:
            if pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
                raise InputError(
                    f"the column {column!r} holds times already, which time_format = {time_format!r} contradicts",
                    where=self.frame.name,
                    remedy="Leave out time_format",
                )
            self._add(Column(column, "time", time_format=time_format), values)
            return
        if pa.types.is_string(values.type):
            unit = unit_of_texts(without_missing(values, self._missing), unit)
        self._add(Column(column, "time", unit=unit), values)

    def properties(self, columns: Sequence[str]) -> tuple[Property, ...]:
        """Add columns whose types are those that they have; return them as declared properties."""
        declared = []
        for name in columns:
            own, place = self._column(name)
            settled, remark = settle_mixed(own, place, self._missing)
            self._remarks += [remark] if remark else []
            values, column, kind = properties(settled, place)
            self._add(column, values)
            declared.append(Property(name, kind))
        return tuple(declared)

    def valid_rows(self, report: LoaderReport, *, also: Collection[str] = ()) -> Rows:
        """Return the valid rows, and add an account of all rows.

        Args:
            report: receives the account of the frame, in which rows count from 0.
            also: further columns that are used.

        Raises:
            InputError: no row fits, or almost none; almost no time of a column can be read, or most are no dates in
                their unit; a column of ``also`` does not exist.
        """
        frame = self.frame
        frame.require(also)
        report.remarks += self._remarks
        account = report.file(frame.name, "row")
        account.read = frame.n_rows
        positions = np.arange(frame.n_rows)
        table = valid_rows(pa.table(self._values), self._columns, positions, account, keep={_ROW: pa.array(positions)})
        account.kept = table.num_rows
        dropped = [name for name in frame.own_columns if name not in self._values and name not in also]
        if dropped:
            report.remarks.append(f"{frame.name}: columns dropped: {', '.join(map(printable, dropped))}")
        if not table.num_rows:
            reasons = [
                f"{reason}: {n} rows, first {frame.row(account.examples[reason][0])}"
                for reason, n in account.skipped.items()
            ]
            raise InputError("no row of the frame can be used", where=frame.name, remedy="; ".join(reasons))
        judge_kept_share(account, bounded_rows(account, self._columns))
        kept = np.asarray(table.column(_ROW), dtype=np.int64)
        _tell_mended(frame, account, kept)
        return Rows(frame, table.drop_columns(_ROW), kept, account)

    def _column(self, column: str) -> tuple[Values, Place]:
        return self.frame.column(column), Place(self.frame, column)

    def _add(self, column: Column, values: pa.Array) -> None:
        if column.name in self._values:
            raise UsageError(
                f"the column {column.name!r} of {self.frame.name} is given two meanings", remedy="Give it one"
            )
        self._columns.append(replace(column, missing=self._missing))
        self._values[column.name] = values


def _tell_mended(frame: Frame, account: FileReport, kept: npt.NDArray[np.int64]) -> None:
    """Move to the account what was mended in rows that are kept."""
    for reason, rows in frame.mended.items():
        account.mend(reason, np.intersect1d(rows, kept).tolist())
    frame.mended.clear()
