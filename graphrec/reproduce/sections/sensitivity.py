"""A metric for each value of a setting, with another setting tied to it or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field, model_validator

from graphrec.report import Band, Column, Figure, Finding, Lines, Spread, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.section import Section
from graphrec.reproduce.strict import Strict

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.strict import Settings
    from graphrec.reproduce.study import Study


class Sweep(Strict):
    """One way to go through the values.

    Attributes:
        name: of the column and the line.
        product: settings whose product with the value stays the same: each is this number over the value, rounded.
        paper: what the paper prints for each value, in their order; empty where it prints nothing.
    """

    name: str
    product: dict[str, int] = Field(default_factory=dict)
    paper: tuple[float, ...] = ()


class Sensitivity(Section):
    """A metric on the test parts for each value of a setting, the other settings as they were chosen.

    Attributes:
        row: whose settings.
        vary: settings that all take the value.
        values: in ascending order.
        sweeps: ways to go through them.
        metric: the one that settings are chosen by if left out.
        splits: how many of the protocol's splits; all of them if 0.
    """

    kind: ClassVar[str] = "sensitivity"
    row: str
    vary: tuple[str, ...] = Field(min_length=1)
    values: tuple[int, ...] = Field(min_length=2)
    sweeps: tuple[Sweep, ...] = (Sweep(name="all else as chosen"),)
    metric: str = ""
    splits: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _whole(self) -> Sensitivity:
        for sweep in self.sweeps:
            if sweep.paper and len(sweep.paper) != len(self.values):
                raise ValueError(f"sweep {sweep.name!r} has {len(sweep.paper)} values of the paper for {self.values}")
        return self

    def rows_used(self) -> tuple[str, ...]:
        """Return the named row."""
        return (self.row,)

    def jobs(self, study: Study) -> list[Job]:
        """Return a fit for each sweep, value and split."""
        return [job for sweep in self.sweeps for value in self.values for job in self._fits(study, sweep, value)]

    def blocks(self, study: Study) -> list[Block]:
        """Return the table, the lines, and where each sweep is best."""
        metric = self.metric or study.recipe.protocol.metric
        by_sweep = [[self._spread(study, sweep, value, metric) for value in self.values] for sweep in self.sweeps]
        papers: list[tuple[float | None, ...]] = [
            (None,) * len(self.values) if study.recipe.sample or not sweep.paper else sweep.paper
            for sweep in self.sweeps
        ]
        columns = [Column(names := " = ".join(self.vary))]
        for sweep, paper in zip(self.sweeps, papers, strict=True):
            columns += [Column(sweep.name, digits=4), *([Column("paper", digits=4)] if any(paper) else [])]
        rows = tuple(
            (
                value,
                *(
                    cell
                    for spreads, paper in zip(by_sweep, papers, strict=True)
                    for cell in ([spreads[place], paper[place]] if any(paper) else [spreads[place]])
                ),
            )
            for place, value in enumerate(self.values)
        )
        splits = by_sweep[0][0].n
        over = f"mean ± standard deviation over {splits} splits" if splits > 1 else "one split"
        caption = f"{metric} of {self.row} on the test parts by {names}, all else as it was chosen; {over}."
        lines = Lines(
            names,
            metric,
            tuple(
                _line(sweep.name, self.values, spreads) for sweep, spreads in zip(self.sweeps, by_sweep, strict=True)
            ),
        )
        findings = [self._finding(sweep, spreads, metric) for sweep, spreads in zip(self.sweeps, by_sweep, strict=True)]
        return [
            Table(self.called, tuple(columns), rows, caption),
            Figure(f"{self.called}-figure", lines, caption),
            *findings,
        ]

    def _finding(self, sweep: Sweep, spreads: list[Spread], metric: str) -> Finding:
        means = [spread.mean for spread in spreads]
        best = max(range(len(means)), key=lambda place: means[place])
        ends = f"{number(means[0], 4)} at {self.values[0]}, {number(means[-1], 4)} at {self.values[-1]}"
        return Finding(f"{self.row}, {sweep.name}: {metric} is best at {self.values[best]} ({ends})")

    def _fits(self, study: Study, sweep: Sweep, value: int) -> list[Job]:
        places = range(min(self.splits or len(study.splits), len(study.splits)))
        return [study.varied(self.row, self._settings(sweep, value), place) for place in places]

    def _settings(self, sweep: Sweep, value: int) -> Settings:
        tied: dict[str, Any] = {name: max(1, round(product / value)) for name, product in sweep.product.items()}
        return {**dict.fromkeys(self.vary, value), **tied}

    def _spread(self, study: Study, sweep: Sweep, value: int, metric: str) -> Spread:
        return Spread.of([float(study.result(job)["test"][metric]) for job in self._fits(study, sweep, value)])


def _line(name: str, values: tuple[int, ...], spreads: list[Spread]) -> Band:
    y = tuple(spread.mean for spread in spreads)
    off = [spread.sd or 0.0 for spread in spreads]
    low, high = (tuple(m + sign * o for m, o in zip(y, off, strict=True)) for sign in (-1, 1))
    return Band(name, tuple(map(float, values)), y, low, high)
