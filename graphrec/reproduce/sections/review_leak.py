"""What rows would reach if profiles held the reviews of the test part: a leak, beside the honest rows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field, model_validator

from graphrec.rankings.metrics import Metric
from graphrec.report import Column, Finding, Spread, Table, Text
from graphrec.reproduce.sections.claims import interval_text, mean_interval
from graphrec.reproduce.sections.section import Section
from graphrec.wording import counted

if TYPE_CHECKING:
    from graphrec.report import Block, Interval
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study


class ReviewLeak(Section):
    """Metrics of rows that saw reviews outside the held-out parts, and of the same rows after all reviews were shown.

    Settings, splits and pools are those of the honest rows: what changes is whose words stand in the profiles.

    Attributes:
        rows: of models that learn from features in reviews, and others as controls.
        metrics: what is shown; those of the protocol if left out.
    """

    kind: ClassVar[str] = "review_leak"
    rows: tuple[str, ...] = Field(min_length=1)
    metrics: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _known(self) -> ReviewLeak:
        for metric in self.metrics:
            Metric.parse(metric)
        return self

    def rows_used(self) -> tuple[str, ...]:
        """Return the named rows."""
        return self.rows

    def metrics_used(self) -> tuple[str, ...]:
        """Return the named metrics."""
        return self.metrics

    def jobs(self, study: Study) -> list[Job]:
        """Return the honest fits and the leaking ones."""
        return [job for row in self.rows for job in (*study.fits(row), *self._leaking(study, row))]

    def blocks(self, study: Study) -> list[Block]:
        """Return each row twice, and what the leak adds to it."""
        metrics = self.metrics or study.recipe.protocol.metrics
        splits = counted(len(study.splits), "fit")
        head = (Column("row"), *(Column(f"{metric}, {whose}", digits=4) for metric in metrics for whose in _WHOSE))
        rows: list[tuple[Cell, ...]] = []
        gains: dict[str, list[Interval]] = {}
        for row in self.rows:
            honest = [study.result(job)["test"] for job in study.fits(row)]
            leaking = [study.result(job)["test"] for job in self._leaking(study, row)]
            cells: list[Cell] = [row]
            found: list[Interval] = []
            for metric in metrics:
                pair = [np.array([float(one[metric]) for one in results]) for results in (honest, leaking)]
                cells += [Spread.of(values.tolist()) for values in pair]
                found.append(mean_interval(pair[1] - pair[0]))
            rows.append(tuple(cells))
            gains[row] = found
        text = (
            "Whoever reviews an item names its features: a profile that holds the reviews of the test part holds the "
            "answers. Here each row is fitted and asked twice on the same splits and pools, with the reviews that may "
            "be seen, and with all reviews. Nothing else changes. A score that learns nothing gains as well, so that "
            "what is gained is no skill of a model."
        )
        gained = Table(
            f"{self.called}-differences",
            (Column("leak − honest"), *(Column(metric, digits=4, signed=True) for metric in metrics)),
            tuple((row, *found) for row, found in gains.items()),
            f"Paired differences over {splits}, with 95 % intervals.",
        )
        shown = Table(
            self.called, head, tuple(rows), f"The same rows without and with reviews of the test part; {splits}."
        )
        findings = [
            Finding(
                f"A leak, no result: with the reviews of the test part in the profiles, {row} would change in "
                f"{metrics[0]} by {interval_text(found[0], 4, signed=True)}"
            )
            for row, found in gains.items()
        ]
        return [Text(text), shown, gained, *findings]

    def _leaking(self, study: Study, row: str) -> list[Job]:
        metrics = list(self.metrics or study.recipe.protocol.metrics)
        return [
            replace(
                job,
                kind="review_leak",
                label=f"{row} with all reviews, fit {place + 1}",
                inputs={**job.inputs, "metrics": metrics},
                keep=False,
            )
            for place, job in enumerate(study.fits(row))
        ]


_WHOSE = ("honest", "leak")
