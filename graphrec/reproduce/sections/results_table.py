"""The paper's table: every row's metrics over shared splits, beside what the paper prints."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from graphrec.report import Column, Figure, Finding, Points, Spread, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.section import Section

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study

_COSTS = ("wall", "seconds", "epochs")
"""What a fit costs, as its job says it."""


class ResultsTable(Section):
    """Mean ± standard deviation over the splits, the paper's value, and what a fit costs.

    Attributes:
        rows: which rows; all of the recipe if left out.
        metrics: which metrics; the one that settings are chosen by if left out.
        best: row that is to stand above every value of the paper; none if left out.
        brief: only each metric and the paper's value, for a table of many metrics.
    """

    kind: ClassVar[str] = "results_table"
    rows: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()
    best: str = ""
    brief: bool = False

    def rows_used(self) -> tuple[str, ...]:
        """Return the named rows."""
        return (*self.rows, *([self.best] if self.best else []))

    def metrics_used(self) -> tuple[str, ...]:
        """Return the named metrics."""
        return self.metrics

    def jobs(self, study: Study) -> list[Job]:
        """Return one fit a row and split."""
        return [job for row in self._rows(study) for job in study.fits(row)]

    def blocks(self, study: Study) -> list[Block]:
        """Return the table, a figure for each metric that the paper prints, and how many rows reach the paper's."""
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
            columns += [Column("a fit", "s", digits=1), Column("one core", "s", digits=1), Column("epochs", digits=0)]
        names = self._rows(study)
        rows = [self._line(study, row, metrics, printed=printed) for row in names]
        best = max(range(len(names)), key=lambda place: self._mean(study, names[place], metrics[0]))
        n = len(study.splits)
        caption = f"Test part, mean ± standard deviation over {n} shared splits; the row with the best {metrics[0]} is "
        caption += "bold." + ("" if self.brief else " What a fit takes: on the clock, and of one core.")
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
        wall, seconds, epochs = (_mean_of_known([result[name] for result in results]) for name in _COSTS)
        return (*cells, wall, seconds, epochs or None)

    def _paper(self, study: Study, row: str, metric: str) -> float | None:
        """Return what the paper prints; nothing beside a sample of the data, which it says nothing of."""
        return None if study.recipe.sample else study.recipe.row(row).paper.get(metric)

    def _mean(self, study: Study, row: str, metric: str) -> float:
        return Spread.of(study.tests(row, metric)).mean

    def _beside_paper(self, study: Study, metric: str) -> list[Block]:
        rows = self._rows(study)
        spreads = [Spread.of(study.tests(row, metric)) for row in rows]
        papers = [self._paper(study, row, metric) for row in rows]
        figure = Figure(
            f"{self.called}-{metric.replace('@', '-at-')}",
            Points(
                f"{metric} on the test part",
                tuple(rows),
                tuple(spread.mean for spread in spreads),
                tuple(spread.mean - (spread.sd or 0) for spread in spreads),
                tuple(spread.mean + (spread.sd or 0) for spread in spreads),
                tuple(papers),
            ),
            f"{metric}: points with bars are here, mean ± standard deviation over the splits"
            + ("; diamonds are what the paper prints." if any(papers) else "."),
        )
        return [figure, *self._findings(study, metric, rows, spreads, papers)]

    def _findings(
        self, study: Study, metric: str, rows: list[str], spreads: list[Spread], papers: list[float | None]
    ) -> list[Finding]:
        printed = {row: paper for row, paper in zip(rows, papers, strict=True) if paper is not None}
        of = dict(zip(rows, spreads, strict=True))
        found = []
        if printed and self.best and self.best in of:
            rival = max(printed, key=lambda row: printed[row])
            mean = of[self.best].mean
            met = mean > printed[rival]
            relation = "above" if met else "not above"
            found.append(
                Finding(
                    f"{self.best} reaches {metric} {number(mean, 4)}, {relation} the best row of the paper "
                    f"({rival}, {number(printed[rival], 4)})",
                    met,
                )
            )
        below = [row for row, paper in printed.items() if of[row].mean < paper - (of[row].sd or 0)]
        if printed:
            told = (
                "; below it: " + ", ".join(_told(row, of[row], printed[row], study) for row in below) if below else ""
            )
            found.append(
                Finding(
                    f"{len(printed) - len(below)} of {len(printed)} rows that the paper prints reach its {metric} or "
                    f"stay within one standard deviation of it{told}",
                    not below,
                )
            )
        return found


def _told(row: str, spread: Spread, paper: float, study: Study) -> str:
    note = study.recipe.row(row).note
    return f"{row} ({number(spread.mean, 4)} against {number(paper, 4)}{': ' + note if note else ''})"


def _mean_of_known(values: list[float | None]) -> float | None:
    known = [float(value) for value in values if value is not None]
    return sum(known) / len(known) if known else None
