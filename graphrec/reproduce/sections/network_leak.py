"""What a row would reach if its attribute networks knew the test part: a leak, beside the honest row."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from graphrec.rankings.metrics import Metric
from graphrec.report import Column, Finding, Spread, Table, Text
from graphrec.reproduce.sections.claims import interval_text, mean_interval
from graphrec.reproduce.sections.section import Section
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.report import Block, Interval
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study

Part = Literal["validation", "test"]
_PARTS: tuple[Part, Part] = ("validation", "test")
_HONEST, _LEAK = "the training part alone", "all interactions: a leak"


class NetworkLeak(Section):
    """Metrics of a row whose networks are made of the training part, and of the same row with those of everything.

    Settings are those that the honest row chose, and the splits are the same.

    Attributes:
        row: of a model that makes attribute networks in its fit.
        metrics: what is shown; those of the protocol if left out.
        splits: how many of the protocol's splits; all of them if 0.
    """

    kind: ClassVar[str] = "network_leak"
    row: str
    metrics: tuple[str, ...] = ()
    splits: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _known(self) -> NetworkLeak:
        for metric in self.metrics:
            Metric.parse(metric)
        return self

    def rows_used(self) -> tuple[str, ...]:
        """Return the named row."""
        return (self.row,)

    def metrics_used(self) -> tuple[str, ...]:
        """Return the named metrics."""
        return self.metrics

    def jobs(self, study: Study) -> list[Job]:
        """Return the honest fits and the leaking ones."""
        return [*self._honest(study), *self._leaking(study)]

    def blocks(self, study: Study) -> list[Block]:
        """Return both rows on both held-out parts, and their paired differences."""
        metrics = self.metrics or study.recipe.protocol.metrics
        honest, leaking = ([study.result(job) for job in jobs] for jobs in (self._honest(study), self._leaking(study)))
        splits = counted(len(honest), "split")

        def values(results: list[dict[str, dict[str, float]]], part: Part, metric: str) -> list[float]:
            return [float(one[part][metric]) for one in results]

        head = (Column("networks made of"), Column("measured on"))
        rows: tuple[tuple[Cell, ...], ...] = tuple(
            (name, part, *(Spread.of(values(results, part, metric)) for metric in metrics))
            for part in _PARTS
            for name, results in ((_HONEST, honest), (_LEAK, leaking))
        )
        differences = {
            part: {metric: _interval(values(leaking, part, metric), values(honest, part, metric)) for metric in metrics}
            for part in _PARTS
        }
        paired: tuple[tuple[Cell, ...], ...] = tuple(
            (f"{part} part", *(of_part[metric] for metric in metrics)) for part, of_part in differences.items()
        )
        text = (
            "An attribute network that is made of all interactions joins each held-out item to what its user took and "
            f"it shares a value with: it knows the answers. Here {self.row} is fitted again with such networks, "
            "examples and all else being those of the training part. What it gains is a leak and no result; it shows "
            "what a figure is worth whose networks were made before the split."
        )
        return [
            Text(text),
            Table(
                self.called,
                (*head, *(Column(metric, digits=4) for metric in metrics)),
                rows,
                f"{self.row} with networks that know the held-out parts and with those that do not; mean ± standard "
                f"deviation over {splits}.",
            ),
            Table(
                f"{self.called}-differences",
                (Column("leak − honest row"), *(Column(metric, digits=4, signed=True) for metric in metrics)),
                paired,
                "Paired differences over the shared splits, with 95 % intervals.",
            ),
            *self.findings(differences["test"], splits),
        ]

    def findings(self, differences: Mapping[str, Interval], splits: str) -> list[Finding]:
        """Return what the leak would add to the first metric on the test part; nothing is to be reached by it.

        Args:
            differences: leak − honest row, by metric.
            splits: over how many, in words.
        """
        metric, difference = next(iter(differences.items()))
        return [
            Finding(
                f"A leak, no result: with attribute networks made of the test part too, {self.row} would change in "
                f"{metric} by {interval_text(difference, 4, signed=True)} over {splits}"
            )
        ]

    def _honest(self, study: Study) -> list[Job]:
        return study.fits(self.row)[: self.splits or None]

    def _leaking(self, study: Study) -> list[Job]:
        protocol, model = study.recipe.protocol, study.recipe.row(self.row).model
        inputs = {
            "model": model,
            "settings": study.chosen(self.row),
            "metrics": list(self.metrics or protocol.metrics),
            "candidates": protocol.candidates,
        }
        return [
            study.job(
                "network_leak",
                model,
                f"{self.row} with networks of everything, split {at + 1}",
                {**inputs, "split": split},
            )
            for at, split in enumerate(study.splits[: self.splits or None])
        ]


def _interval(first: list[float], second: list[float]) -> Interval:
    return mean_interval(np.asarray(first, dtype=np.float64) - np.asarray(second, dtype=np.float64))
