"""Departures of rows from the settings that the paper prints, beside the metric that they reach."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from graphrec.report import Column, Finding, Spread, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import decided, interval_of, interval_text, relation
from graphrec.reproduce.sections.section import Section

if TYPE_CHECKING:
    from collections.abc import Mapping

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
        """Return the table, and what follows where the paper prints a value."""
        metric = self.metric or study.recipe.protocol.metric
        paper = None if study.recipe.sample else study.recipe.row(self.printed).paper.get(metric)
        reached = {row: Spread.of(study.tests(row, metric)) for row in self.rows_used()}
        departs = {row: self._departs(study, row) for row in self.rows_used()}
        rows = tuple(
            (row, len(departs[row][0]), _listed(departs[row][0]), _listed(departs[row][1]), reached[row])
            for row in self.rows_used()
        )
        columns = (Column("row"), Column("departures"), Column("which"), Column("and in training"))
        caption = f"What is set otherwise than in {self.printed!r}, and {metric} on the test parts"
        caption += f"; the paper prints {number(paper, 4)}." if paper is not None else "."
        table = Table(self.called, (*columns, Column(metric, digits=4)), rows, caption)
        if paper is None:
            return [table]
        counts = {row: len(departs[row][0]) for row in self.rows_used()}
        return [table, *self.findings(reached, counts, paper, metric)]

    def findings(
        self, reached: Mapping[str, Spread], departures: Mapping[str, int], paper: float, metric: str
    ) -> list[Finding]:
        """Return whether the row as printed reaches the paper's value, and the fewest departures that do.

        Args:
            reached: by row.
            departures: how many, by row.
            paper: its value.
            metric: of these values.
        """
        printed = interval_of(reached[self.printed])
        above = decided(printed, paper)
        first = f"{self.printed} reaches {metric} {interval_text(printed, 4)}, {relation(above)} what the paper prints "
        first += f"for it, {number(paper, 4)}"
        able = [row for row in self.rows_used() if reached[row].mean >= paper]
        fewest = min(able, key=lambda row: departures[row], default=None)
        if fewest is None:
            second = f"No row here has a mean {metric} as high as the paper's {number(paper, 4)}"
        else:
            count = departures[fewest]
            second = (
                f"Of the rows whose mean {metric} is as high as the paper's, {fewest} has the fewest departures, "
                f"{count} departure{'' if count == 1 else 's'}: {interval_text(interval_of(reached[fewest]), 4)}"
            )
        return [Finding(first, above), Finding(second)]

    def _departs(self, study: Study, row: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return what is set otherwise than as printed: what counts as a departure, and what is budget."""
        ours, theirs = (study.result(study.fit(name))["config"] for name in (row, self.printed))
        other = {name: value for name, value in ours.items() if name != "seed" and value != theirs.get(name)}
        return (
            {name: value for name, value in other.items() if name not in self.budget},
            {name: value for name, value in other.items() if name in self.budget},
        )


def _listed(settings: dict[str, Any]) -> str:
    return ", ".join(f"`{name}={value}`" for name, value in settings.items()) or "none"
