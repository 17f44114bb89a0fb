"""Fall of the recommended item's score without one attribute network, by who chooses the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from pydantic import Field

from graphrec.report import Column, Finding, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import decided, interval_text, mean_interval, ratio_of_means
from graphrec.reproduce.sections.section import Section
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study

_CHOOSERS = {"contribution": "contribution", "attention": "attention", "random": "Random", "oracle": "oracle"}


class MaskedNetworks(Section):
    """Fall of the score without the network that contributes most, is attended to most, or is drawn at random.

    Attributes:
        row: whose fits, one a split, are masked; the users of all splits are put together.
        share: of the oracle's fall that the choice by contribution is to reach.
        times: how many times the fall by attention it is to reach.
        users: users of a split.
        k: items recommended, all of which are looked at.
        seed: of the draw of users.
        splits: how many of the protocol's splits; all of them if 0.
    """

    kind: ClassVar[str] = "network_masking"
    row: str
    share: float = Field(0.99, gt=0, le=1)
    times: float = Field(1.5, gt=0)
    users: int = Field(500, ge=2)
    k: int = Field(1, ge=1)
    seed: int = Field(0, ge=0)
    splits: int = Field(0, ge=0)

    def rows_used(self) -> tuple[str, ...]:
        """Return the named row."""
        return (self.row,)

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named row."""
        return (self.row,)

    def jobs(self, study: Study) -> list[Job]:
        """Return one measurement a split."""
        fits = study.kept_fits(self.row)[: self.splits or None]
        inputs = {name: getattr(self, name) for name in ("users", "k", "seed")}
        label = f"networks of {self.row} masked"
        return [
            study.job(
                "network_masking",
                self.row,
                f"{label}, split {at + 1}",
                {**inputs, "split": study.splits[at]},
                needs=[fit],
            )
            for at, fit in enumerate(fits)
        ]

    def blocks(self, study: Study) -> list[Block]:
        """Return the falls by who chooses and by network, and what the choice by contribution reaches."""
        jobs = self.jobs(study)
        results = [study.result(job) for job in jobs]
        falls = _joined([one["falls"] for one in results])
        by_network = _joined([one["by_network"] for one in results])
        rows: list[tuple[Cell, ...]] = [
            (
                f"by {name}" if key != "random" else name,
                mean_interval(falls[key]),
                ratio_of_means(falls[key], falls["oracle"]),
            )
            for key, name in _CHOOSERS.items()
        ]
        rows += [
            (f"always {kind}", mean_interval(values), ratio_of_means(values, falls["oracle"]))
            for kind, values in by_network.items()
        ]
        users = int((~np.isnan(falls["oracle"])).sum())
        caption = (
            f"{self.row}: fall of the recommended item's score without one of its networks, in standard deviations of "
            f"the user's scores over what the user has not taken, by who chooses the network; with 95 % intervals over "
            f"{users:,} users of {counted(len(jobs), 'split')}. The oracle masks the one that matters most."
        )
        columns = (Column("network masked"), Column("fall", digits=3), Column("share of the oracle's", digits=3))
        return [Table(self.called, columns, tuple(rows), caption), *self.findings(falls)]

    def findings(self, falls: Mapping[str, npt.NDArray[np.float64]]) -> list[Finding]:
        """Return what the choice by contribution reaches of the oracle's fall, and beside attention.

        Args:
            falls: float64 [users] by who chooses.
        """
        own = falls["contribution"]
        of_oracle, of_attention = (ratio_of_means(own, falls[name]) for name in ("oracle", "attention"))
        less = mean_interval(own - falls["random"])
        return [
            Finding(
                f"{self.row}: masking the network of the greatest contribution reaches {interval_text(of_oracle, 3)} "
                f"of the oracle's fall; more than {number(self.share, 2)} was to be reached",
                decided(of_oracle, self.share),
            ),
            Finding(
                f"{self.row}: it lowers the score {interval_text(of_attention, 2)} times as far as masking the network "
                f"that is attended to most; more than {number(self.times, 2)} was to be reached",
                decided(of_attention, self.times),
            ),
            Finding(
                f"{self.row}: masking the network of the greatest contribution lowers the score further than masking "
                f"one at random, by {interval_text(less, 3, signed=True)}",
                decided(less),
            ),
        ]


def _joined(results: list[dict[str, Any]]) -> dict[str, npt.NDArray[np.float64]]:
    """Return the values of the users of all splits together, by name; NaN where a split lacks a name."""
    names = dict.fromkeys(name for one in results for name in one)
    size = [len(next(iter(one.values()))) for one in results]
    return {
        name: np.concatenate(
            [
                np.asarray(one.get(name, [None] * count), dtype=np.float64)
                for one, count in zip(results, size, strict=True)
            ]
        )
        for name in names
    }
