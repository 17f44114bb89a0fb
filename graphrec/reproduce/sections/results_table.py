"""The paper's table: the metrics of every row over shared splits, beside the paper's values."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from graphrec.report import Column, Figure, Finding, Points, Spread, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import decided, interval_of, interval_text, relation
from graphrec.reproduce.sections.section import Section

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.report import Block, Interval
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.recipe_row import Row
    from graphrec.reproduce.study import Study

_COSTS = ("wall", "seconds", "best_epoch")
"""Costs of a fit by their names in its result."""


class ResultsTable(Section):
    """Mean ± standard deviation over the splits, the paper's value, and what a fit costs.

    Attributes:
        rows: which rows; all of the recipe if left out.
        metrics: which metrics; the one that settings are chosen by if left out.
        best: row that is to stand above every value of the paper; none if left out.
        brief: only each metric and the paper's value, for a table of many metrics.
        paper_as: metric to the one under which the paper's value stands, where a paper leaves open which of two forms
            of a metric it prints.
    """

    kind: ClassVar[str] = "results_table"
    rows: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    best: str = ""
    brief: bool = False
    paper_as: dict[str, str] = Field({})

    def rows_used(self) -> tuple[str, ...]:
        """Return the named rows."""
        return (*self.rows, *([self.best] if self.best else []))

    def metrics_used(self) -> tuple[str, ...]:
        """Return the named metrics."""
        return (*self.metrics, *self.paper_as, *self.paper_as.values())

    def jobs(self, study: Study) -> list[Job]:
        """Return one fit a row and split."""
        return [job for row in self._rows(study) for job in study.fits(row)]

    def blocks(self, study: Study) -> list[Block]:
        """Return the table, and for each metric a figure and how the rows stand to the paper's."""
        metrics = self.metrics or (study.recipe.protocol.metric,)
        blocks: list[Block] = [self._table(study, metrics)]
        for metric in metrics:
            blocks += self._beside_paper(study, metric)
        return blocks

    def _rows(self, study: Study) -> list[str]:
        return list(self.rows) or [row.name for row in study.recipe.rows]

    def _table(self, study: Study, metrics: tuple[str, ...]) -> Table:
        printed = any(self._paper(study, row, metric) is not None for row in self._rows(study) for metric in metrics)
        columns = [Column("row")]
        for metric in metrics:
            columns.append(Column(metric, digits=4))
            columns += [Column("paper", digits=4)] * printed
            columns += [Column("difference", digits=4, signed=True)] * (printed and not self.brief)
        if not self.brief:
            columns += [
                Column("a fit", "s", digits=1),
                Column("one core", "s", digits=1),
                Column("best epoch", digits=0),
            ]
        names = self._rows(study)
        rows = [self._line(study, row, metrics, printed=printed) for row in names]
        best = max(range(len(names)), key=lambda place: self._mean(study, names[place], metrics[0]))
        n, shared = len(study.splits), "seeds" if study.recipe.protocol.refit else "shared splits"
        caption = f"Test part, mean ± standard deviation over {n} {shared}; the row with the best {metrics[0]} is "
        caption += "bold." + ("" if self.brief else " What a fit takes: on the clock, and of one core.")
        if printed:
            caption += "".join(f" {name} stands beside the paper's {study.recipe.row(name).in_paper}." for name in names
                               if study.recipe.row(name).in_paper != name)  # fmt: skip
        return Table(self.called, tuple(columns), tuple(rows), caption, frozenset({best}))

    def _line(self, study: Study, row: str, metrics: tuple[str, ...], *, printed: bool) -> tuple[Cell, ...]:
        cells: list[Cell] = [row]
        for metric in metrics:
            spread = Spread.of(study.tests(row, metric))
            cells.append(spread)
            if printed:
                paper = self._paper(study, row, metric)
                cells += [paper] if self.brief else [paper, None if paper is None else spread.mean - paper]
        if self.brief:
            return tuple(cells)
        results = [study.result(job) for job in study.fits(row)]
        wall, seconds, best_epoch = (_mean_of_known([result[name] for result in results]) for name in _COSTS)
        return (*cells, wall, seconds, best_epoch or None)

    def _paper(self, study: Study, row: str, metric: str) -> float | None:
        """Return the paper's value; None beside a sample of the data, for which it has none."""
        return None if study.recipe.sample else study.recipe.row(row).paper.get(self.paper_as.get(metric, metric))

    def _mean(self, study: Study, row: str, metric: str) -> float:
        return Spread.of(study.tests(row, metric)).mean

    def _beside_paper(self, study: Study, metric: str) -> list[Block]:
        rows = self._rows(study)
        spreads = {row: Spread.of(study.tests(row, metric)) for row in rows}
        papers = {row: self._paper(study, row, metric) for row in rows}
        figure = Figure(
            f"{self.called}-{metric.replace('@', '-at-').replace(' (', '-').rstrip(')')}",
            Points(
                f"{metric} on the test part",
                tuple(_label(study.recipe.row(row), papers[row]) for row in rows),
                tuple(spread.mean for spread in spreads.values()),
                tuple(spread.mean - (spread.sd or 0) for spread in spreads.values()),
                tuple(spread.mean + (spread.sd or 0) for spread in spreads.values()),
                tuple(papers.values()),
            ),
            f"{metric}: points with bars are here, mean ± standard deviation over the splits"
            + ("; diamonds are what the paper prints." if any(papers.values()) else "."),
        )
        printed = {row: paper for row, paper in papers.items() if paper is not None}
        values = {row: interval_of(spread) for row, spread in spreads.items()}
        return [figure, *paper_findings(study.recipe, metric, values, printed, self.best)]


def paper_findings(
    recipe: Recipe, metric: str, values: Mapping[str, Interval], printed: Mapping[str, float], best: str = ""
) -> list[Finding]:
    """Return how rows stand to the paper's values, as far as intervals tell.

    Args:
        recipe: with the rows.
        metric: what is compared.
        values: by row, with their intervals over the splits.
        printed: the paper's value of each row that has one.
        best: row that is to be above the best of the paper's values; empty for none.
    """
    if not printed:
        return []
    findings = []
    if best in values:
        rival = max(printed, key=lambda row: printed[row])
        above = decided(values[best], printed[rival])
        findings.append(
            Finding(
                f"{best} reaches {metric} {interval_text(values[best], 4)}, {relation(above)} the best row of the "
                f"paper's table (the paper's {recipe.row(rival).in_paper}, {number(printed[rival], 4)})",
                above,
            )
        )
    standing = {row: decided(values[row], paper) for row, paper in printed.items()}
    below = [row for row, above in standing.items() if above is False]
    unclear = [row for row, above in standing.items() if above is None]
    clear = len(printed) - len(below) - len(unclear)
    text = f"{clear} of {len(printed)} rows that the paper prints are above its {metric}, by their 95 % intervals"
    if unclear:
        text += "; not distinguishable from it: " + ", ".join(
            _beside(recipe.row(row), values, printed) for row in unclear
        )
    if below:
        text += "; below it: " + ", ".join(_beside(recipe.row(row), values, printed, noted=True) for row in below)
    findings.append(Finding(text, False if below else None if unclear else True))
    return findings


def _label(row: Row, paper: float | None) -> str:
    """Return the label of a row in a figure; where the paper's value beside it has another name, with that name."""
    return row.name if paper is None or row.in_paper == row.name else f"{row.name} (paper: {row.in_paper})"


def _beside(row: Row, values: Mapping[str, Interval], printed: Mapping[str, float], *, noted: bool = False) -> str:
    name = row.name if row.in_paper == row.name else f"{row.name}, the paper's {row.in_paper}"
    note = f": {row.note}" if noted and row.note else ""
    return f"{name} ({number(values[row.name].value, 4)} against {number(printed[row.name], 4)}{note})"


def _mean_of_known(values: list[float | None]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return sum(known) / len(known) if known else None
