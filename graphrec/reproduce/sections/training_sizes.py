"""Rows that learn from a share of the training users, and are asked by the same held-out users."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from pydantic import Field, model_validator

from graphrec.rankings.metrics import Metric
from graphrec.report import Band, Column, Figure, Finding, Lines, Spread, Table, Text
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import interval_of
from graphrec.reproduce.sections.section import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study


class TrainingSizes(Section):
    """A metric on the same test parts by the share of the training users that rows learn from.

    Smaller sets are part of the larger ones. Settings are those that were chosen with all training users.

    Attributes:
        rows: the models that are fitted again.
        shares: of the training users, ascending; the last is 1, the fits that are there.
        metric: one of the protocol's; the one that settings are chosen by if left out.
        seed: of the users who are left.
        splits: how many of the protocol's splits; all of them if 0.
    """

    kind: ClassVar[str] = "training_sizes"
    rows: tuple[str, ...] = Field(min_length=1)
    shares: tuple[float, ...] = Field((0.2, 0.4, 0.6, 0.8, 1.0), min_length=2)
    metric: str = ""
    seed: int = Field(0, ge=0)
    splits: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _ascends(self) -> TrainingSizes:
        if self.metric:
            Metric.parse(self.metric)
        if list(self.shares) != sorted(set(self.shares)) or self.shares[0] <= 0 or self.shares[-1] != 1:
            raise ValueError("shares ascend from above 0 to 1")
        return self

    def rows_used(self) -> tuple[str, ...]:
        """Return every row that is fitted."""
        return self.rows

    def metrics_used(self) -> tuple[str, ...]:
        """Return the metric, where one is named."""
        return (self.metric,) if self.metric else ()

    def jobs(self, study: Study) -> list[Job]:
        """Return a fit a row, share and split."""
        return [job for row in self.rows for share in self.shares for job in self._fits(study, row, share)]

    def blocks(self, study: Study) -> list[Block]:
        """Return the table, the lines, and what each row gains."""
        metric = self.metric or study.recipe.protocol.metric
        spreads = {
            row: [
                Spread.of([float(study.result(job)["test"][metric]) for job in self._fits(study, row, share)])
                for share in self.shares
            ]
            for row in self.rows
        }
        columns = (Column("row"), *(Column(f"{100 * share:g} %", digits=4) for share in self.shares))
        rows: tuple[tuple[Cell, ...], ...] = tuple((row, *of) for row, of in spreads.items())
        n = len(self._fits(study, self.rows[0], 1.0))
        over = f"mean ± standard deviation over {n} splits" if n > 1 else "one split"
        caption = f"{metric} on the test parts by the share of the training users; {over}."
        lines = tuple(self._line(row, of) for row, of in spreads.items())
        label = "share of the training users [%]"
        band = f" Mean over {n} splits with its 95 % band." if n > 1 else ""
        return [
            Text(
                "Users are left out of training at random, a smaller set being part of a larger one. Held-out users, "
                "what is given of them and what they are asked for stay the same; settings are those chosen with all "
                "users."
            ),
            Table(self.called, columns, rows, caption),
            Figure(f"{self.called}-figure", Lines(label, metric, lines), f"{metric} by training users.{band}"),
            *self.findings(metric, {row: [spread.mean for spread in of] for row, of in spreads.items()}),
        ]

    def findings(self, metric: str, means: dict[str, Sequence[float]]) -> list[Finding]:
        """Return what each row reaches with the fewest training users and with all.

        Args:
            metric: of the means.
            means: by row, one for each share.
        """
        few = f"{100 * self.shares[0]:g} %"
        return [
            Finding(
                f"{row}, {metric}: {number(of[0], 4)} with {few} of the training users, {number(of[-1], 4)} with all "
                f"({number(of[-1] - of[0], 4, signed=True)})"
            )
            for row, of in means.items()
        ]

    def _fits(self, study: Study, row: str, share: float) -> list[Job]:
        places = range(len(study.splits))[: self.splits or None]
        fits = [study.varied(row, {}, place) for place in places]
        if share == 1:
            return fits
        fewer = {"share": share, "seed": self.seed}
        return [
            replace(
                fit,
                label=f"{row}, split {place + 1}, {100 * share:g} % of the training users",
                inputs={**fit.inputs, "training_users": fewer},
            )
            for place, fit in zip(places, fits, strict=True)
        ]

    def _line(self, row: str, spreads: Sequence[Spread]) -> Band:
        x, y = tuple(100 * share for share in self.shares), tuple(spread.mean for spread in spreads)
        if spreads[0].n == 1:
            return Band(row, x, y)
        intervals = [interval_of(spread) for spread in spreads]
        return Band(row, x, y, tuple(one.low for one in intervals), tuple(one.high for one in intervals))
