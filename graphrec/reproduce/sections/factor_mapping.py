"""The mapping of latent dimensions to item groups, and what a model is without it (InDGRM, Figures 8 and 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from pydantic import Field, model_validator

from graphrec.evaluation.evaluation import interval_over_users
from graphrec.rankings.metrics import Metric
from graphrec.report import Column, Figure, Finding, Heat, Interval, Points, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import decided, interval_text, relation
from graphrec.reproduce.sections.section import Section
from graphrec.wording import counted, share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study

_NAN = float("nan")


class MappedFactors(Section):
    """Values of the mapping O of drawn users, two of them as matrices, and the metric with and without O.

    Attributes:
        row: whose fits, one a split. Values are those of the first; the metric is over the users of all splits.
        users: whose values are counted, at most.
        examples: of them, whose matrices are drawn.
        width: of the intervals of |o|.
        metric: the one that settings are chosen by if left out.
        seed: of the draw of users, and of the dimensions of the control.
        splits: how many of the protocol's splits; all of them if 0.
    """

    kind: ClassVar[str] = "factor_mapping"
    row: str
    users: int = Field(2000, ge=1)
    examples: int = Field(2, ge=0)
    width: float = Field(0.1, gt=0)
    metric: str = ""
    seed: int = Field(0, ge=0)
    splits: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _known(self) -> MappedFactors:
        if self.metric:
            Metric.parse(self.metric)
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
            **{name: getattr(self, name) for name in ("users", "examples", "width", "seed")},
            "metric": self.metric or study.recipe.protocol.metric,
            "candidates": study.recipe.protocol.candidates,
        }
        return [
            study.job(
                self.kind,
                self.row,
                f"mapping of {self.row}, split {at + 1}",
                {**inputs, "split": study.splits[at]},
                needs=[fit],
            )
            for at, fit in enumerate(study.kept_fits(self.row)[: self.splits or None])
        ]

    def blocks(self, study: Study) -> list[Block]:
        """Return the distribution, the matrices, the metric, and what follows."""
        jobs = self.jobs(study)
        results = [study.result(job) for job in jobs]
        first, metric = results[0], jobs[0].inputs["metric"]
        ranked = np.concatenate([np.asarray(one["ranked"], dtype=np.int64) for one in results])
        whole, without = (
            np.concatenate([np.asarray(one[name], dtype=np.float64) for one in results]) for name in ("with", "without")
        )
        intervals = [Interval(*interval_over_users(of, ranked)) for of in (whole, without, whole - without)]
        columns = (
            Column("row"),
            Column("with O", digits=4),
            Column("O = 0", digits=4),
            Column("difference", digits=4, signed=True),
        )
        caption = (
            f"{metric} on the test parts with the mapping and without it, with 95 % intervals over "
            f"{counted(len(np.unique(ranked)), 'user')} of {counted(len(results), 'split')}."
        )
        return [
            *self._distribution(first),
            *self._matrices(first),
            Table(f"{self.called}-metric", columns, ((self.row, *intervals),), caption),
            *self.findings(first, intervals[2], metric),
        ]

    def findings(self, values: Mapping[str, Any], apart: Interval, metric: str) -> list[Finding]:
        """Return how sparse the mapping is, whether a dimension is of one group, and what the mapping is worth.

        Args:
            values: what ``MappingValues.to_dict`` says.
            apart: the metric with the mapping less that without it.
            metric: its name.
        """
        above_zero, linked = sum(values["counts"]), np.asarray(values["linked"], dtype=np.bool_)
        total = above_zero + values["zeros"]
        small = sum(values["counts"][:3]) + values["zeros"]
        found = [
            Finding(
                f"{self.row}: of the values of the mapping {share(values['zeros'], total)} are exactly 0, and "
                f"{share(small, total)} lie below {number(3 * self.width)}; the greatest is "
                f"{number(values['largest'])}. {share(int((~linked).sum()), linked.size)} links of a user cluster and "
                "an item group are off"
            )
        ]
        if values["concentration"] is not None:
            found.append(
                Finding(
                    f"{self.row}: of what a dimension has to do with {counted(linked.shape[1], 'group')}, "
                    f"{number(values['concentration'], 3)} is with one of them, in the mean; with dimensions shuffled "
                    f"{number(values['shuffled'], 3)}, if with all alike {number(1 / linked.shape[1], 3)}"
                )
            )
        found.append(
            Finding(
                f"{self.row}: {metric} with the mapping is {relation(decided(apart))} that of the same fit without it: "
                f"{interval_text(apart, 4, signed=True)}"
            )
        )
        return found

    def _distribution(self, values: Mapping[str, Any]) -> list[Block]:
        counts: list[int] = values["counts"]
        total = max(sum(counts) + values["zeros"], 1)
        ends = [f"{number(place * self.width)} to {number((place + 1) * self.width)}" for place in range(len(counts))]
        labels = ("exactly 0", *ends[:-1], f"above {number((len(counts) - 1) * self.width)}")
        shares = tuple(100 * count / total for count in (values["zeros"], *counts))
        caption = (
            f"{self.row}: absolute values of the mapping o of {counted(values['users'], 'user')} on the first split, "
            f"in {len(counts)} intervals; 0 stands by itself."
        )
        columns = (Column("|o|"), Column("share", "%", digits=2))
        rows: tuple[tuple[Cell, ...], ...] = tuple(zip(labels, shares, strict=True))
        chart = Points("share of the values [%]", labels, shares, value_name="share")
        return [Table(self.called, columns, rows, caption), Figure(f"{self.called}-figure", chart, caption)]

    def _matrices(self, values: Mapping[str, Any]) -> list[Block]:
        blocks: list[Block] = []
        for place, matrix in enumerate(values["examples"], start=1):
            rows = tuple(tuple(_NAN if one is None else float(one) for one in row) for row in matrix)
            largest = max((abs(one) for row in rows for one in row), default=0.0)
            dimensions = tuple(str(number_) for number_ in range(1, len(rows[0]) + 1))
            heat = Heat(tuple(values["groups"]), rows, "o", dimensions, largest or 1.0)
            caption = f"{self.row}: the mapping of a drawn user, item groups by latent dimensions."
            blocks.append(Figure(f"{self.called}-user-{place}", heat, caption))
        return blocks
