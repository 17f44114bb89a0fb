"""The parts of a report, without anything of how they look."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.report.charts import Chart


_LEVELS, _DIGITS = range(1, 7), range(21)
_NO_FILE_NAME = frozenset('/\\:*?"<>|()[]')
_LONGEST_NAME = 150


def require_file_name(name: str) -> None:
    """Raise ValueError for a name that cannot be a file's on every system, or that would lead out of its folder."""
    if not 0 < len(name) <= _LONGEST_NAME or name[0] in ". " or not name.isprintable() or _NO_FILE_NAME & set(name):
        raise ValueError(f"{name!r:.60} cannot be the name of a figure: it names a file")


@dataclass(frozen=True)
class Spread:
    """A mean with its standard deviation.

    Attributes:
        mean: of n values.
        sd: of the sample (n − 1); None for a single value.
        n: how many.
    """

    mean: float
    sd: float | None
    n: int

    @classmethod
    def of(cls, values: list[float]) -> Spread:
        """Return mean and standard deviation of one or more values."""
        mean = sum(values) / len(values)
        if len(values) == 1:
            return cls(mean, None, 1)
        return cls(mean, (sum((value - mean) ** 2 for value in values) / (len(values) - 1)) ** 0.5, len(values))


@dataclass(frozen=True)
class Interval:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


Cell = str | int | float | Spread | Interval | None
"""What a table holds; None where there is nothing."""


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes:
        name: the heading.
        unit: of its numbers; empty for words and pure numbers.
        digits: after the point; None gives three significant ones.
        signed: a plus is shown.
    """

    name: str
    unit: str = ""
    digits: int | None = None
    signed: bool = False

    def __post_init__(self) -> None:
        if self.digits is not None and self.digits not in _DIGITS:
            raise ValueError(f"the column {self.name!r:.60} shows {self.digits!r:.20} digits, not 0 to 20")


@dataclass(frozen=True)
class Heading:
    """A heading; level 2 begins a section, 3 a part of one."""

    text: str
    level: int = 2

    def __post_init__(self) -> None:
        if self.level not in _LEVELS:
            raise ValueError(f"a heading has the level {self.level!r:.20}, not 1 to 6")


@dataclass(frozen=True)
class Text:
    """A paragraph of plain text; words between backticks are code."""

    text: str


@dataclass(frozen=True)
class Finding:
    """A sentence that follows from numbers, repeated in the summary.

    Attributes:
        text: the sentence.
        met: whether what was to be reached is reached; None where nothing was to be reached.
    """

    text: str
    met: bool | None = None


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes:
        name: of the table, for JSON; unique in a report.
        columns: in order.
        rows: a cell for each column.
        caption: above it.
        strong: numbers of the rows that stand out.
    """

    name: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    strong: frozenset[int] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"a row of the table {self.name} has not one cell for each column")


@dataclass(frozen=True)
class Figure:
    """A plot of numbers.

    Attributes:
        name: of the file and in JSON; unique in a report.
        chart: what is plotted.
        caption: below it, says what to see.
    """

    name: str
    chart: Chart
    caption: str

    def __post_init__(self) -> None:
        require_file_name(self.name)


@dataclass(frozen=True)
class Drawing:
    """A drawing that is SVG already.

    Attributes:
        name: of the file; unique in a report.
        svg: carries its own style; dark colours, if any, for places inside an element of the class ``light-or-dark``.
        caption: below it.
        data: what it shows, for JSON.
    """

    name: str
    svg: str
    caption: str
    data: Mapping[str, object]

    def __post_init__(self) -> None:
        require_file_name(self.name)


Block = Heading | Text | Finding | Table | Figure | Drawing


@dataclass(frozen=True)
class Report:
    """A whole report.

    Attributes:
        title: of the report.
        lead: the first paragraph.
        facts: about the run: command, data, versions, time.
        blocks: everything else, in order.
    """

    title: str
    lead: str
    facts: Mapping[str, str]
    blocks: tuple[Block, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in order."""
        return tuple(block for block in self.blocks if isinstance(block, Finding))
