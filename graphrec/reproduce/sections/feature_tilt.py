"""Features that reviews of recommended items mention more, or less, than reviews of other items do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from graphrec.report import Column, Figure, Finding, Heading, Interval, Points, Table
from graphrec.reproduce.sections.section import Section

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study

_THAN = {"training": "than of those that the same users took", "catalogue": "than of all items"}


class TiltOfFeatures(Section):
    """For each row the features that lean most, in share of items whose reviews mention them.

    Attributes:
        rows: whose recommendations on the first split are looked at.
        against: ``training`` compares with what the same users took, ``catalogue`` with all items.
        shown: features each way.
        users: that are drawn.
        items: recommended to each.
        seed: of the draw.
    """

    kind: ClassVar[str] = "feature_tilt"
    rows: tuple[str, ...] = Field(min_length=1)
    against: Literal["training", "catalogue"] = "training"
    shown: int = Field(8, ge=1)
    users: int = Field(2000, ge=2)
    items: int = Field(10, ge=1)
    seed: int = Field(0, ge=0)

    def rows_used(self) -> tuple[str, ...]:
        """Return the named rows."""
        return self.rows

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named rows."""
        return self.rows

    def jobs(self, study: Study) -> list[Job]:
        """Return one job a row."""
        inputs = {name: getattr(self, name) for name in ("against", "users", "items", "seed")}
        label = "features over- and under-mentioned by"
        return [
            study.job("feature_tilt", row, f"{label} {row}", inputs, needs=[study.kept_fits(row)[0]])
            for row in self.rows
        ]

    def blocks(self, study: Study) -> list[Block]:
        """Return a table and a picture for each row, and how many features lean beyond chance."""
        blocks: list[Block] = []
        for place, (row, job) in enumerate(zip(self.rows, self.jobs(study), strict=True), start=1):
            blocks += self.of_row(row, study.result(job), place)
        return blocks

    def of_row(self, row: str, result: dict[str, Any], place: int) -> list[Block]:
        """Return what is shown of one row.

        Args:
            row: its name.
            result: of its job.
            place: of the row, for names.
        """
        values = {
            name: np.array(result[name], dtype=np.float64)
            for name in ("recommended", "base", "difference", "low", "high")
        }
        leaning = self._leaning(values["difference"])
        rows: list[tuple[Cell, ...]] = [
            (
                result["features"][at],
                float(values["recommended"][at]),
                float(values["base"][at]),
                Interval(*(float(values[name][at]) for name in ("difference", "low", "high"))),
            )
            for at in leaning
        ]
        caption = (
            f"{row}: share of the {self.items} recommended items whose reviews mention a feature, less the share "
            f"{_THAN[self.against].removeprefix('than ')}, over {result['users']:,} users. The intervals hold for all "
            f"{len(result['features']):,} features together at 95 %."
        )
        columns = (
            Column("feature"),
            Column("recommended", digits=3),
            Column("compared with", digits=3),
            Column("difference", digits=3, signed=True),
        )
        low, high = (tuple(values[name][leaning].tolist()) for name in ("low", "high"))
        words, middles = (
            tuple(str(result["features"][at]) for at in leaning),
            tuple(values["difference"][leaning].tolist()),
        )
        chart = Points("difference of shares", words, middles, low, high, zero=True)
        over, under = int((values["low"] > 0).sum()), int((values["high"] < 0).sum())
        return [
            Heading(row, 3),
            Table(f"{self.called}-{place}", columns, tuple(rows), caption),
            Figure(f"{self.called}-{place}-figure", chart, caption),
            Finding(
                f"{row}: of {len(result['features']):,} features, reviews of what it recommends mention {over} more "
                f"often and {under} less often {_THAN[self.against]}, beyond chance"
            ),
        ]

    def _leaning(self, difference: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Return the features that lean most, from over- to under-mentioned."""
        order = np.argsort(-difference, kind="stable")
        over = [at for at in order[: self.shown] if difference[at] > 0]
        under = [at for at in order[::-1][: self.shown] if difference[at] < 0]
        return np.array([*over, *under[::-1]], dtype=np.int64)
