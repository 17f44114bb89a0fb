"""A metric by the threshold below which components' dimensions are pruned (InDGRM, Tables 10 and 11)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np
from pydantic import Field, model_validator

from graphrec.evaluation.evaluation import interval_over_users
from graphrec.rankings.metrics import Metric
from graphrec.report import Band, Column, Figure, Finding, Interval, Lines, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import decided, interval_text
from graphrec.reproduce.sections.section import Section
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study

_UNPRUNED = {"below": 0.0, "relative": True}


class PruningAt(NamedTuple):
    """What became of a fit at one threshold.

    Attributes:
        below: the threshold.
        relative: whether it is a share of the component's mean variance.
        dimensions: that each component keeps, on the first split.
        metric: over users of all splits.
        apart: from the unpruned fit, user by user.
    """

    below: float
    relative: bool
    dimensions: tuple[int, ...]
    metric: Interval
    apart: Interval

    @property
    def named(self) -> str:
        """The threshold in words."""
        return f"{self.below:g} {'× mean' if self.relative else 'absolute'}"


class PrunedDimensions(Section):
    """A metric and the dimensions that components keep, at thresholds of a variance relative to its mean or as it is.

    Nothing is fitted anew: a model prunes as it scores.

    Attributes:
        row: whose fits, one a split, are pruned; the users of all splits are put together.
        relative: thresholds in units of the component's mean variance, ascending.
        absolute: thresholds of the variance itself, ascending; the paper's is .001.
        at: the relative threshold that the claim is of, named before anything was measured.
        at_most: how far below the unpruned fit it may be.
        metric: the one that settings are chosen by if left out.
        splits: how many of the protocol's splits; all of them if 0.
    """

    kind: ClassVar[str] = "pruning"
    row: str
    relative: tuple[float, ...] = Field((0.03, 0.1, 0.3, 0.5, 1.0), min_length=1)
    absolute: tuple[float, ...] = Field((0.001, 0.01, 0.1), min_length=1)
    at: float = Field(0.1, gt=0)
    at_most: float = Field(0.002, ge=0)
    metric: str = ""
    splits: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _ascend(self) -> PrunedDimensions:
        if self.metric:
            Metric.parse(self.metric)
        for thresholds in (self.relative, self.absolute):
            if list(thresholds) != sorted(set(thresholds)) or thresholds[0] <= 0:
                raise ValueError("thresholds ascend from above 0")
        if self.at not in self.relative:
            raise ValueError(f"the claim is of {self.at:g}, which is none of the relative thresholds")
        return self

    def rows_used(self) -> tuple[str, ...]:
        """Return the named row."""
        return (self.row,)

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named row."""
        return (self.row,)

    def jobs(self, study: Study) -> list[Job]:
        """Return one measurement a split."""
        inputs = {
            "thresholds": [
                _UNPRUNED,
                *({"below": below, "relative": True} for below in self.relative),
                *({"below": below, "relative": False} for below in self.absolute),
            ],
            "metric": self.metric or study.recipe.protocol.metric,
            "candidates": study.recipe.protocol.candidates,
        }
        return [
            study.job(
                self.kind,
                self.row,
                f"{self.row} pruned, split {at + 1}",
                {**inputs, "split": study.splits[at]},
                needs=[fit],
            )
            for at, fit in enumerate(study.kept_fits(self.row)[: self.splits or None])
        ]

    def blocks(self, study: Study) -> list[Block]:
        """Return the metric by threshold, the dimensions of each component, and what the claim is worth."""
        jobs = self.jobs(study)
        metric = jobs[0].inputs["metric"]
        pruned = self._pruned(study, jobs)
        ranked = np.concatenate([np.asarray(study.result(job)["users"], dtype=np.int64) for job in jobs])
        users = counted(len(np.unique(ranked)), "user")
        over = f"{users} of {counted(len(jobs), 'split')}"
        columns = (
            Column("pruned below"),
            Column("least dimensions"),
            Column("most"),
            Column("mean", digits=1),
            Column(metric, digits=4),
            Column("from unpruned", digits=4, signed=True),
        )
        rows: list[tuple[Cell, ...]] = [
            (
                one.named if one.below else "nothing",
                min(one.dimensions),
                max(one.dimensions),
                float(np.mean(one.dimensions)),
                one.metric,
                one.apart if one.below else None,
            )
            for one in pruned
        ]
        caption = (
            f"{self.row}: dimensions that components keep on the first split, and {metric} on the test parts, with "
            f"95 % intervals over {over}."
        )
        return [
            Table(self.called, columns, tuple(rows), caption),
            self._components(pruned),
            Figure(f"{self.called}-figure", self._lines(pruned, metric), caption),
            *self.findings(pruned, metric),
        ]

    def findings(self, pruned: Sequence[PruningAt], metric: str) -> list[Finding]:
        """Return whether components of different sizes cost as little as is claimed, and what the least limit prunes.

        Args:
            pruned: the unpruned fit first, then at every threshold.
            metric: its name.
        """
        unpruned = pruned[0]
        claimed = next(one for one in pruned if one.relative and one.below == self.at)
        printed = next(one for one in pruned if not one.relative)
        sizes = sorted(set(claimed.dimensions))
        differ = len(sizes) > 1
        within = decided(claimed.apart, -self.at_most)
        kept = f"{sizes[0]} to {sizes[-1]}" if differ else f"{sizes[0]}"
        gone = sum(unpruned.dimensions) - sum(printed.dimensions)
        return [
            Finding(
                f"{self.row}: pruned below {claimed.named}, components keep {kept} of {max(unpruned.dimensions)} "
                f"dimensions, and {metric} changes by {interval_text(claimed.apart, 4, signed=True)}; components of "
                f"different sizes at most {number(self.at_most, 4)} below were to be reached",
                within if differ else False,
            ),
            Finding(
                f"{self.row}: the limit {printed.named} prunes {gone:,} of {sum(unpruned.dimensions):,} dimensions of "
                "all components"
            ),
        ]

    def _pruned(self, study: Study, jobs: Sequence[Job]) -> list[PruningAt]:
        results = [study.result(job) for job in jobs]
        users = np.concatenate([np.asarray(one["users"], dtype=np.int64) for one in results])
        values = [
            np.concatenate([np.asarray(one["pruned"][place]["values"], dtype=np.float64) for one in results])
            for place in range(len(jobs[0].inputs["thresholds"]))
        ]
        return [
            PruningAt(
                threshold["below"],
                threshold["relative"],
                tuple(results[0]["pruned"][place]["dimensions"]),
                Interval(*interval_over_users(values[place], users)),
                Interval(*interval_over_users(values[place] - values[0], users)),
            )
            for place, threshold in enumerate(jobs[0].inputs["thresholds"])
        ]

    def _components(self, pruned: Sequence[PruningAt]) -> Table:
        columns = (Column("pruned below"), *(Column(f"{place + 1}") for place in range(len(pruned[0].dimensions))))
        rows: list[tuple[Cell, ...]] = [(one.named if one.below else "nothing", *one.dimensions) for one in pruned]
        caption = f"{self.row}: dimensions that each component keeps on the first split."
        return Table(f"{self.called}-components", columns, tuple(rows), caption)

    def _lines(self, pruned: Sequence[PruningAt], metric: str) -> Lines:
        lines = []
        for relative, label in ((True, "relative to the component's mean"), (False, "absolute")):
            of = [pruned[0], *(one for one in pruned[1:] if one.relative is relative)]
            of.sort(key=lambda one: float(np.mean(one.dimensions)))
            x = tuple(float(np.mean(one.dimensions)) for one in of)
            y, low, high = (tuple(getattr(one.metric, end) for one in of) for end in ("value", "low", "high"))
            lines.append(Band(label, x, y, low, high))
        return Lines("dimensions that a component keeps, in the mean", metric, tuple(lines))
