"""Training loss by epoch of rows that are trained in different ways, and what they reach.

Source: InDGRM, Table 13 and Figure 14.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from pydantic import Field, model_validator

from graphrec.evaluation import over_splits
from graphrec.report import Band, Column, Figure, Finding, Interval, Lines, Spread, Table, Text
from graphrec.reproduce.sections.claims import all_decided, decided, interval_text, relation
from graphrec.reproduce.sections.section import Section, require_methods
from graphrec.wording import counted, enumerated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study


class Convergence(Section):
    """Training loss by epoch of rows with the same loss, such as plain descent and local variational optimisation.

    Attributes:
        rows: models that are one network each, trained in epochs.
        best: the row that is to reach the loss of the others in fewer epochs, and a better metric.
        metric: one of the protocol's; the one that settings are chosen by if left out.
    """

    kind: ClassVar[str] = "convergence"
    rows: tuple[str, ...] = Field(min_length=2)
    best: str
    metric: str = ""

    @model_validator(mode="after")
    def _known(self) -> Convergence:
        require_methods([self.best], self.rows)
        return self

    def rows_used(self) -> tuple[str, ...]:
        """Return the named rows."""
        return self.rows

    def metrics_used(self) -> tuple[str, ...]:
        """Return the metric, where one is named."""
        return (self.metric,) if self.metric else ()

    def losses_used(self) -> tuple[str, ...]:
        """Return the named rows."""
        return self.rows

    def jobs(self, study: Study) -> list[Job]:
        """Return the fits of all rows."""
        return [job for row in self.rows for job in study.fits(row)]

    def blocks(self, study: Study) -> list[Block]:
        """Return in which settings the rows differ, the table, the curves, and how the best row stands to others."""
        metric = self.metric or study.recipe.protocol.metric
        fits = {row: [study.result(job) for job in study.fits(row)] for row in self.rows}
        losses = {row: [one["losses"] for one in results] for row, results in fits.items()}
        metrics = {row: [float(one["test"][metric]) for one in results] for row, results in fits.items()}
        splits = counted(len(study.splits), "split")
        caption = f"Training loss of every epoch, the mean over {splits} as far as all of them were trained."
        lines = tuple(_line(row, of) for row, of in losses.items())
        rivals = [row for row in self.rows if row != self.best]
        return [
            Text(
                "The loss is what a row minimises, as its steps saw it, the mean over those of an epoch; where a step "
                f"searches first, it is the loss after the search. {_differences(fits)}"
            ),
            self._table(fits, metric, splits),
            Figure(f"{self.called}-figure", Lines("epoch", "training loss", lines), caption),
            *(finding for rival in rivals for finding in self.findings(rival, losses, metrics)),
        ]

    def findings(
        self, rival: str, losses: Mapping[str, Sequence[Sequence[float]]], metrics: Mapping[str, Sequence[float]]
    ) -> list[Finding]:
        """Return when the best row reaches the least loss of another, and how the two stand in the metric.

        Args:
            rival: the other row.
            losses: by row, of each split the loss of every epoch.
            metrics: by row, the metric of each split.
        """
        pairs = list(zip(losses[self.best], losses[rival], strict=True))
        reached = [_first_at_most(mine, min(theirs)) for mine, theirs in pairs]
        needed = [int(np.argmin(theirs)) + 1 for _, theirs in pairs]
        told = ", ".join(
            f"{'never' if mine is None else f'in epoch {mine}'} ({rival}: {theirs})"
            for mine, theirs in zip(reached, needed, strict=True)
        )
        is_faster = all_decided([_is_fewer(mine, theirs) for mine, theirs in zip(reached, needed, strict=True)])
        found = [Finding(f"{self.best} reaches the least training loss of {rival}, split by split: {told}", is_faster)]
        if len(pairs) > 1:
            one = over_splits(metrics[self.best], metrics[rival])
            apart = Interval(one.mean, one.low, one.high)
            above = decided(apart)
            text = interval_text(apart, 4, signed=True)
            found.append(Finding(f"{self.best} is {relation(above)} {rival} on the test parts: {text}", above))
        return found

    def _table(self, fits: Mapping[str, Sequence[Mapping[str, Any]]], metric: str, splits: str) -> Table:
        columns = (
            Column("row"),
            Column("epochs", digits=0),
            Column("epoch kept", digits=0),
            Column("loss, first epoch"),
            Column("least loss"),
            Column("an epoch", "s of one core"),
            Column(metric, digits=4),
        )
        rows: list[tuple[Cell, ...]] = [
            (
                row,
                *(Spread.of([float(one[name]) for one in results]) for name in ("epochs", "best_epoch")),
                Spread.of([one["losses"][0] for one in results]),
                Spread.of([min(one["losses"]) for one in results]),
                _seconds(results),
                Spread.of([float(one["test"][metric]) for one in results]),
            )
            for row, results in fits.items()
        ]
        caption = (
            f"Trainings, and {metric} of what they kept on the test parts; mean ± standard deviation over {splits}."
        )
        return Table(self.called, columns, tuple(rows), caption)


def _line(row: str, losses: Sequence[Sequence[float]]) -> Band:
    shortest = min(map(len, losses))
    mean = np.mean([of[:shortest] for of in losses], axis=0)
    return Band(row, tuple(map(float, range(1, shortest + 1))), tuple(mean.tolist()))


def _first_at_most(losses: Sequence[float], bound: float) -> int | None:
    """Return the first epoch with a loss of ``bound`` or less, from 1 on; None where there is none."""
    return next((epoch for epoch, loss in enumerate(losses, start=1) if loss <= bound), None)


def _is_fewer(mine: int | None, theirs: int) -> bool | None:
    """Return whether a number of epochs is below another: None where they are equal, False where it never came."""
    return None if mine == theirs else mine is not None and mine < theirs


def _seconds(results: Sequence[Mapping[str, Any]]) -> Spread | None:
    """Return the processor time of an epoch; None where no fit was timed from its begin to its end."""
    timed = [one["seconds"] / one["epochs"] for one in results if one["seconds"] is not None]
    return Spread.of(timed) if timed else None


def _differences(fits: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Return in words in which settings the rows differ."""
    configs = {row: results[0]["config"] for row, results in fits.items()}
    names = dict.fromkeys(name for config in configs.values() for name in config)
    differ = [name for name in names if len({str(config.get(name)) for config in configs.values()}) > 1]
    if not differ:
        return "The rows do not differ in any setting."
    told = "; ".join(
        f"{row}: {', '.join(f'`{name}={config.get(name)}`' for name in differ)}" for row, config in configs.items()
    )
    return f"The rows differ in {enumerated([f'`{name}`' for name in differ])} ({told})."
