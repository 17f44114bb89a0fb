"""Users who attend to a network most and least, and what each group loses without it (attribute networks, Figure 4)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from pydantic import Field, model_validator

from graphrec.evaluation import parse_candidates
from graphrec.evaluation.explanations.attention_groups import (
    GROUPS,
    attention_groups,
    difference_of_groups,
    rank_correlation,
)
from graphrec.rankings.metrics import Metric
from graphrec.report import Column, Figure, Finding, Interval, Points, Table, Text
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import decided, interval_text, mean_interval
from graphrec.reproduce.sections.section import Section
from graphrec.reproduce.strict import Settings  # noqa: TC001 - pydantic reads it
from graphrec.wording import counted

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study

Values = dict[str, "npt.NDArray[np.float64]"]


class AttentionGroups(Section):
    """Levels and drops of users in groups by their attention to a network, when it is left out of the fit.

    A user's attention, levels and drop are means over the splits where the user has test items. Levels of groups differ
    before anything is left out: what the network is worth to a group is its drop.

    Attributes:
        row: whose fits, one a split, have all networks.
        network: the one that is left out.
        without: settings put over the chosen ones that leave it out, such as ``attributes = "director,genre"``.
        size: users of a group.
        metrics: what is shown; those of the protocol if left out.
        candidates: what is ranked; that of the protocol if left out.
        seed: of the random group.
        splits: how many of the protocol's splits; all of them if 0.
    """

    kind: ClassVar[str] = "attention_groups"
    row: str
    network: str
    without: Settings = Field(min_length=1)
    size: int = Field(40, ge=2)
    metrics: tuple[str, ...] = ()
    candidates: str = ""
    seed: int = Field(0, ge=0)
    splits: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _known(self) -> AttentionGroups:
        for metric in self.metrics:
            Metric.parse(metric)
        if self.candidates:
            parse_candidates(self.candidates)
        return self

    def rows_used(self) -> tuple[str, ...]:
        """Return the named row."""
        return (self.row,)

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named row."""
        return (self.row,)

    def jobs(self, study: Study) -> list[Job]:
        """Return one measurement a split; it needs the fit with all networks and the one without one."""
        protocol = study.recipe.protocol
        inputs = {
            "network": self.network,
            "metrics": list(self.metrics or protocol.metrics),
            "candidates": self.candidates or protocol.candidates,
        }
        return [
            study.job(
                "attention_groups",
                self.row,
                f"{self.row} without {self.network}, split {at + 1}",
                {**inputs, "split": study.splits[at]},
                needs=[fit, study.varied(self.row, self.without, at, keep=True)],
            )
            for at, fit in enumerate(study.kept_fits(self.row)[: self.splits or None])
        ]

    def blocks(self, study: Study) -> list[Block]:
        """Return a table and a figure for each metric, and how attention goes with drops."""
        jobs = self.jobs(study)
        results = [study.result(job) for job in jobs]
        users, row = np.unique([user for one in results for user in one["users"]], return_inverse=True)

        def of_users(values: list[list[float | None]]) -> npt.NDArray[np.float64]:
            return _means(np.concatenate([np.asarray(one, dtype=np.float64) for one in values]), row, len(users))

        attention = of_users([one["attention"] for one in results])
        groups = attention_groups(attention, self.size, seed=self.seed)
        text = (
            f"{counted(len(users), 'user')}; attention to the {self.network} network is the mean over a user's taken "
            f"items, and attention, levels and drops are means over {counted(len(jobs), 'split')}. Groups of "
            f"{self.size} differ in level before the network is left out, so that the drop is what it is worth to them."
        )
        blocks: list[Block] = [Text(text)]
        for metric in self.metrics or study.recipe.protocol.metrics:
            whole, without = (of_users([one[name][metric] for one in results]) for name in ("whole", "without"))
            blocks += self._metric(metric, groups, {"attention": attention, "whole": whole, "without": without})
        return blocks

    def _metric(self, metric: str, groups: dict[str, npt.NDArray[np.int64]], values: Values) -> list[Block]:
        drop = values["whole"] - values["without"]
        parts = {**groups, "all": np.arange(len(drop))}
        columns = (
            Column("users"),
            Column("attention", digits=3),
            Column(f"{metric}, all networks", digits=4),
            Column(f"without {self.network}", digits=4),
            Column("drop", digits=4, signed=True),
        )
        rows: list[tuple[Cell, ...]] = [
            (name, float(np.nanmean(values["attention"][part])),
             *(mean_interval(of[part]) for of in (values["whole"], values["without"], drop)))
            for name, part in parts.items()
        ]  # fmt: skip
        caption = (
            f"{self.row}: {metric} of users by their attention to the {self.network} network, with all networks and "
            "fitted without it, with 95 % intervals over users."
        )
        drops = [mean_interval(drop[part]) for part in parts.values()]
        chart = Points(
            f"drop of {metric} without the {self.network} network",
            tuple(parts),
            tuple(one.value for one in drops),
            tuple(one.low for one in drops),
            tuple(one.high for one in drops),
            value_name="drop",
            zero=True,
        )
        place = f"{self.called}-{metric.replace('@', '-')}"
        return [
            Table(place, columns, tuple(rows), caption),
            Figure(f"{place}-figure", chart, caption),
            *self.findings(metric, groups, values),
        ]

    def findings(self, metric: str, groups: dict[str, npt.NDArray[np.int64]], values: Values) -> list[Finding]:
        """Return how drops go with attention, and how levels stood before and after.

        Args:
            metric: of the values.
            groups: users of each group.
            values: ``attention``, ``whole`` and ``without`` of each user.
        """
        drop = values["whole"] - values["without"]
        apart = Interval(*difference_of_groups(*(drop[groups[name]] for name in ("Max", "Min"))))
        together = Interval(*rank_correlation(values["attention"], drop))
        about = f"{self.row} without the {self.network} network, {metric}"

        def order(name: str) -> str:
            means = {group: float(np.mean(values[name][groups[group]])) for group in GROUPS}
            ordered = sorted(means, key=lambda group: -means[group])
            return " > ".join(f"{group} {number(means[group], 4)}" for group in ordered)

        return [
            Finding(
                f"{about}: users who attend to it most lose more than those who attend to it least, by "
                f"{interval_text(apart, 4, signed=True)}",
                decided(apart),
            ),
            Finding(
                f"{about}: the more a user attends to it the more is lost, Spearman's ρ over all "
                f"{len(drop):,} users {interval_text(together, 3, signed=True)}",
                decided(together),
            ),
            Finding(f"{about}: levels without it {order('without')}; with all networks {order('whole')}"),
        ]


def _means(values: npt.NDArray[np.float64], row: npt.NDArray[np.int64], rows: int) -> npt.NDArray[np.float64]:
    """Return the mean of the values of each row, those that are NaN left out; NaN where nothing is left."""
    known = ~np.isnan(values)
    number = np.bincount(row[known], minlength=rows)
    means: npt.NDArray[np.float64] = np.full(rows, np.nan)
    np.divide(np.bincount(row[known], weights=values[known], minlength=rows), number, out=means, where=number > 0)
    return means
