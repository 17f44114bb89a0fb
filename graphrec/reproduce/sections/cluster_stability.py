"""Do user clusters and item groups survive another seed?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
from pydantic import Field

from graphrec.report import Column, Figure, Finding, Points, Spread, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.section import Section
from graphrec.schema.property_graph import ITEM_GROUP, USER_CLUSTER

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study

_NOUNS = {"users": "clusters of users", "items": "groups of items"}


class StabilityOfClusters(Section):
    """Adjusted mutual information between the clusters of fits that differ by their seed alone, beside permuted ones.

    The overlap of their reasons is the section ``stability``.

    Attributes:
        rows: whose.
        seeds: of the fits.
        clusters: kind of the factors that users belong to.
        groups: kind of the factors that items belong to.
        bar: that the mean of every row is to be above; 0 for none.
    """

    kind: ClassVar[str] = "cluster_stability"
    rows: tuple[str, ...] = Field(min_length=1)
    seeds: tuple[int, ...] = Field((0, 1, 2, 3, 4), min_length=2)
    clusters: str = USER_CLUSTER
    groups: str = ITEM_GROUP
    bar: float = Field(0.0, ge=0, le=1)

    def rows_used(self) -> tuple[str, ...]:
        """Return the named rows."""
        return self.rows

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named rows."""
        return self.rows

    def jobs(self, study: Study) -> list[Job]:
        """Return one measurement a row; it needs a fit a seed."""
        inputs = {"clusters": self.clusters, "groups": self.groups, "seed": 0}
        return [
            study.job(
                "cluster_stability",
                row,
                f"stability of the clusters of {row} over {len(self.seeds)} seeds",
                inputs,
                needs=[study.seeded(row, seed) for seed in self.seeds],
            )
            for row in self.rows
        ]

    def blocks(self, study: Study) -> list[Block]:
        """Return the agreement between seeds, and whether it reaches the bar."""
        measured = [
            (row, _NOUNS[what], agreement)
            for row, job in zip(self.rows, self.jobs(study), strict=True)
            for what, agreement in study.result(job).items()
            if what in _NOUNS
        ]
        columns = (
            Column("row"),
            Column("of"),
            Column("between seeds", digits=3),
            Column("lowest", digits=3),
            Column("highest", digits=3),
            Column("permuted", digits=3),
        )
        rows: list[tuple[Cell, ...]] = [
            (row, noun, Spread.of(of["between"]), min(of["between"]), max(of["between"]), Spread.of(of["permuted"]))
            for row, noun, of in measured
        ]
        caption = (
            f"Adjusted mutual information between fits of {len(self.seeds)} seeds on the same split: mean ± standard "
            "deviation over pairs of fits, which share fits. 1 is the same partition, 0 what permutation leaves."
        )
        chart = Points(
            "adjusted mutual information",
            tuple(f"{row}, {noun}" for row, noun, _ in measured),
            tuple(float(np.mean(of["between"])) for *_, of in measured),
            tuple(min(of["between"]) for *_, of in measured),
            tuple(max(of["between"]) for *_, of in measured),
            tuple(float(np.mean(of["permuted"])) for *_, of in measured),
            value_name="between seeds, lowest to highest",
            mark_name="permuted",
        )
        return [
            Table(self.called, columns, tuple(rows), caption),
            Figure(f"{self.called}-figure", chart, caption),
            *(self.finding(*one) for one in measured),
        ]

    def finding(self, row: str, noun: str, agreement: dict[str, Any]) -> Finding:
        """Return how a row's clusters agree between seeds.

        Args:
            row: whose.
            noun: what is clustered.
            agreement: as the job returns it.
        """
        mean, chance = (float(np.mean(agreement[name])) for name in ("between", "permuted"))
        bar = f"; more than {self.bar:g} was to be reached" if self.bar else ""
        return Finding(
            f"{row}: over {len(self.seeds)} seeds the {noun} agree by an adjusted mutual information of "
            f"{number(mean, 3)} ({number(min(agreement['between']), 3)} to {number(max(agreement['between']), 3)} "
            f"between two fits; permuted {number(chance, 3)}){bar}",
            mean > self.bar if self.bar else None,
        )
