"""The contract of a loader: a function from a path to tables, with an account of what it read."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.tables.graph_tables import GraphTables
    from graphrec.tables.records import DatasetInfo

_LOG = logging.getLogger(__name__)


@dataclass
class FileReport:
    """Rows of one file: read, kept and skipped.

    Attributes:
        path: the file.
        read: rows read.
        kept: rows that reached the tables.
        skipped: number of rows by reason.
        examples: the first few line numbers by reason.
    """

    path: str
    read: int = 0
    kept: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    examples: dict[str, list[int]] = field(default_factory=dict)

    def __str__(self) -> str:
        lines = [f"{self.path}: {self.read:,} read, {self.kept:,} kept"]
        for reason, count in self.skipped.items():
            places = ", ".join(map(str, self.examples.get(reason, [])))
            lines.append(f"  {count:,} skipped: {reason}" + (f" ({places})" if places else ""))
        return "\n".join(lines)

    def skip(self, reason: str, lines: Sequence[int], shown: int = 5) -> None:
        """Count rows that were left out for one reason, and keep the first few line numbers."""
        if lines:
            self.skipped[reason] = self.skipped.get(reason, 0) + len(lines)
            self.examples[reason] = [*self.examples.get(reason, []), *lines][:shown]


@dataclass
class LoaderReport:
    """The account of a loader: one entry for each file, and remarks such as merged repeats or dropped columns."""

    files: list[FileReport] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def file(self, path: Path | str) -> FileReport:
        """Add the account of a file and return it."""
        self.files.append(FileReport(str(path)))
        return self.files[-1]

    def __str__(self) -> str:
        return "\n".join([*(str(file) for file in self.files), *self.remarks])

    def warn_of_skipped(self) -> None:
        """Log a warning for each file or frame with skipped rows; for callers that do not print the account."""
        for file in self.files:
            if file.skipped:
                _LOG.warning("%s", file)

    def note_dropped_columns(self, path: Path, columns: Sequence[str]) -> None:
        """Add a remark that names the columns of a file that were not read."""
        if columns:
            self.remarks.append(f"{path.name}: columns dropped: {', '.join(columns)}")


@dataclass(frozen=True)
class Loaded:
    """The result of a loader: the record of the data set, its tables, and the account."""

    info: DatasetInfo
    tables: GraphTables
    report: LoaderReport


class Loader(Protocol):
    """A loader: ``load(path, **options) -> Loaded``. Options arrive as text from the command line or as values."""

    def __call__(self, path: Path, **options: Any) -> Loaded:
        """Read ``path``, a file or a folder; raise InputError with file, line and remedy."""
        ...
