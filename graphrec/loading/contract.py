"""The contract of a loader: a function from a path to tables, with an account of what it read."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from graphrec.loading.sound_text import printable
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.tables.graph_tables import GraphTables
    from graphrec.tables.records import DatasetInfo

_LOG = logging.getLogger(__name__)


_SHOWN = 5


@dataclass
class FileReport:
    """Rows of one file: read, kept and skipped; values that could not be read, and texts that were mended.

    Attributes:
        path: the file.
        read: rows read.
        kept: rows that reached the tables.
        skipped: number of rows that were left out, by reason.
        examples: the first few line numbers by reason, of everything that is counted here.
        values: the first value, quoted, of a reason that no number is there.
        unread: number of values that could not be read and became null, by reason; their rows stay.
        mended: number of texts that were changed so that they are valid, by reason; their rows stay.
        warnings: sentences on columns of which most values could not be read.
        unit: what the numbers in ``examples`` count: lines of a text file from 1, or rows.
    """

    path: str
    read: int = 0
    kept: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[int]] = field(default_factory=dict)
    values: dict[str, str] = field(default_factory=dict)
    unread: dict[str, int] = field(default_factory=dict)
    mended: dict[str, int] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    unit: Literal["line", "row"] = "line"

    def __str__(self) -> str:
        return "\n".join([f"{self.path}: {self.read:,} read, {self.kept:,} kept", *(f"  {x}" for x in self.faults())])

    def skip(self, reason: str, lines: Sequence[int], value: str = "") -> None:
        """Count rows that were left out for one reason, and keep the first few line numbers and the first value."""
        self._count(self.skipped, reason, lines, value)

    def leave_empty(self, reason: str, lines: Sequence[int], value: str = "") -> None:
        """Count values that could not be read and became null."""
        self._count(self.unread, reason, lines, value)

    def mend(self, reason: str, lines: Sequence[int]) -> None:
        """Count texts that were changed so that they are valid."""
        self._count(self.mended, reason, lines)

    def faults(self) -> list[str]:
        """Return one line of text for every reason, with its number of rows or values and the first places."""
        kinds = (
            (self.skipped, "skipped", "skipped"),
            (self.unread, "value not read, left empty", "values not read, left empty"),
            (self.mended, "text mended", "texts mended"),
        )
        told = [
            f"{count:,} {one if count == 1 else many}: {self.told(reason)}"
            for counts, one, many in kinds
            for reason, count in counts.items()
        ]
        return [*told, *(f"warning: {warning}" for warning in self.warnings)]

    def told(self, reason: str) -> str:
        """Return a reason with the first value and the first places, as far as they are known."""
        value = self.values.get(reason, "")
        return f"{reason}{f', such as {value}' if value else ''}{self.places(reason)}"

    def places(self, reason: str) -> str:
        """Return the first places of a reason, such as `` (line 4, 7)``; empty where none is known."""
        numbers = ", ".join(map(str, self.examples.get(reason, [])))
        return f" ({self.unit} {numbers})" if numbers else ""

    def _count(self, counts: dict[str, int], reason: str, lines: Sequence[int], value: str = "") -> None:
        if value:
            self.values.setdefault(reason, value)
        if lines:
            counts[reason] = counts.get(reason, 0) + len(lines)
            self.examples[reason] = [*self.examples.get(reason, []), *lines][:_SHOWN]


def together(accounts: Sequence[FileReport], path: Path) -> FileReport:
    """Return one account of several parts of a folder: what was counted, without the places, which are of one part.

    Args:
        accounts: one or more.
        path: the folder; or the file, where there is one account, which is returned as it is.
    """
    if len(accounts) == 1 and accounts[0].path == str(path):
        return accounts[0]
    whole = FileReport(f"{path}, {counted(len(accounts), 'part')}", unit="row")
    for account in accounts:
        whole.read += account.read
        whole.kept += account.kept
        for reason, count in account.skipped.items():
            whole.skipped[reason] = whole.skipped.get(reason, 0) + count
    return whole


@dataclass
class LoaderReport:
    """The account of a loader: one entry for each file, and remarks such as merged repeats or dropped columns."""

    files: list[FileReport] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def file(self, path: Path | str, unit: Literal["line", "row"] = "line") -> FileReport:
        """Add the account of a file, whose places are counted in ``unit``, and return it."""
        self.files.append(FileReport(str(path), unit=unit))
        return self.files[-1]

    def __str__(self) -> str:
        return "\n".join([*(str(file) for file in self.files), *self.remarks])

    def warn_of_skipped(self) -> None:
        """Log a warning for each file or frame with faults; for callers that do not print the account."""
        for file in self.files:
            if file.faults():
                _LOG.warning("%s", file)

    def note_dropped_columns(self, path: Path, columns: Sequence[str]) -> None:
        """Add a remark that names the columns of a file that were not read."""
        if columns:
            self.remarks.append(f"{path.name}: columns dropped: {', '.join(map(printable, columns))}")


@dataclass(frozen=True)
class Loaded:
    """The result of a loader: the record of the data set, its tables, and the account."""

    info: DatasetInfo
    tables: GraphTables
    report: LoaderReport


class Loader(Protocol):
    """A loader: ``load(path, **options) -> Loaded``. Options arrive as text from the command line or as values."""

    def __call__(self, path: Path | str, **options: Any) -> Loaded:
        """Read a file or folder, or what an address with ``://`` names, which comes as text; raise InputError."""
        ...
