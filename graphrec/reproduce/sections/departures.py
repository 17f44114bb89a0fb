"""By how many settings each row departs from the one that is as the paper prints it, and what that reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from graphrec.report import Column, Finding, Spread, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.section import Section

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study


class Departures(Section):
    """The settings in which rows of one model differ from the row as printed, beside the metric that they reach.

    Attributes:
        printed: the row that is as the paper prints it.
        rows: rows of the same model, with the fewest departures first.
        budget: settings that say how long and on what is trained rather than what the model is: named, not counted.
        metric: the one that settings are chosen by if left out.
    """

    kind: ClassVar[str] = "departures"
    printed: str
    rows: tuple[str, ...] = Field(min_length=1)
    budget: tuple[str, ...] = ()
    metric: str = ""

    def rows_used(self) -> tuple[str, ...]:
        """Return all rows."""
        return (self.printed, *self.rows)

    def jobs(self, study: Study) -> list[Job]:
        """Return the fits of all rows, on all splits."""
        return [job for row in self.rows_used() for job in study.fits(row)]

    def blocks(self, study: Study) -> list[Block]:
        """Return the table, and which row with how few departures reaches what the paper prints."""
        metric = self.metric or study.recipe.protocol.metric
        paper = None if study.recipe.sample else study.recipe.row(self.printed).paper.get(metric)
        found = {row: Spread.of(study.tests(row, metric)) for row in self.rows_used()}
        departs = {row: self._departs(study, row) for row in self.rows_used()}
        rows = tuple(
            (row, len(departs[row][0]), _told(departs[row][0]), _told(departs[row][1]), found[row])
            for row in self.rows_used()
        )
        columns = (Column("row"), Column("departures"), Column("which"), Column("and in training"))
        caption = f"What is set otherwise than in {self.printed!r}, and {metric} on the test parts"
        caption += f"; the paper prints {number(paper, 4)}." if paper is not None else "."
        blocks: list[Block] = [Table(self.called, (*columns, Column(metric, digits=4)), rows, caption)]
        if paper is not None:
            reach = [row for row in self.rows_used() if found[row].mean >= paper]
            first = min(reach, key=lambda row: len(departs[row][0]), default=None)
            blocks.append(_finding(self.printed, first, found, departs, paper, metric))
        return blocks

    def _departs(self, study: Study, row: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what is set otherwise than as printed: what counts as a departure, and what is budget."""
        ours, theirs = (study.result(study.fit(name))["config"] for name in (row, self.printed))
        other = {name: value for name, value in ours.items() if name != "seed" and value != theirs.get(name)}
        return (
            {name: value for name, value in other.items() if name not in self.budget},
            {name: value for name, value in other.items() if name in self.budget},
        )


def _told(settings: dict[str, Any]) -> str:
    return ", ".join(f"`{name}={value}`" for name, value in settings.items()) or "none"


def _finding(
    printed: str,
    first: str | None,
    found: dict[str, Spread],
    departs: dict[str, tuple[dict[str, Any], dict[str, Any]]],
    paper: float,
    metric: str,
) -> Finding:
    own = f"{printed} reaches {metric} {number(found[printed].mean, 4)} where the paper prints {number(paper, 4)}"
    if first is None:
        return Finding(f"{own}; no row here reaches that", met=False)
    if first == printed:
        return Finding(own, met=True)
    count = len(departs[first][0])
    few = f"{count} departure{'' if count == 1 else 's'}"
    return Finding(
        f"{own}; of the rows that reach it {first} has the fewest departures, {few}: {number(found[first].mean, 4)}",
        met=True,
    )
