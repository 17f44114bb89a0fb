"""Stability of the reasons over seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import Field

from graphrec.report import Column, Figure, Finding, Interval, Points, Table, Text
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import decided, interval_text
from graphrec.reproduce.sections.section import Section

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study


class StabilityOverSeeds(Section):
    """Rank-biased overlap of the reasons of fits that differ by their seed alone, beside that of random reasons.

    Attributes:
        rows: whose reasons.
        seeds: of the fits.
        users: how many, the first recommendation of each.
        depth: reasons that are compared.
        persistence: p of rank-biased overlap.
        together: above 1, the same of means of so many fits each, for which no seed serves twice.
        bar: that the mean overlap is to be above.
        below: text of the report where it is not.
    """

    kind: ClassVar[str] = "stability"
    rows: tuple[str, ...] = Field(min_length=1)
    seeds: tuple[int, ...] = Field((0, 1, 2, 3, 4), min_length=2)
    users: int = Field(500, ge=2)
    depth: int = Field(10, ge=1)
    persistence: float = Field(0.9, gt=0, lt=1)
    together: int = Field(1, ge=1)
    bar: float = Field(0.7, ge=0, le=1)
    below: str = ""

    def rows_used(self) -> tuple[str, ...]:
        """Return the named rows."""
        return self.rows

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named rows."""
        return self.rows

    def jobs(self, study: Study) -> list[Job]:
        """Return one measurement a row; it needs a fit a seed."""
        return [self._job(study, row) for row in self.rows]

    def blocks(self, study: Study) -> list[Block]:
        """Return the overlaps, and whether they reach the bar."""
        rows: list[tuple[Cell, ...]] = []
        findings: list[Block] = []
        short = False
        for row in self.rows:
            result = study.result(self._job(study, row))
            mean, chance = _overlaps(result)
            rows.append((row, mean, chance))
            more = ""
            if self.together > 1:
                together = _overlaps(result["together"])
                rows.append((f"{row}, means of {self.together}", *together))
                more = f"; means of {self.together} fits overlap by {interval_text(together[0], 2)}"
            short = short or mean.value < self.bar
            findings.append(self.finding(row, mean, chance, more))
        columns = (Column("row"), Column("overlap between seeds", digits=3), Column("of random reasons", digits=3))
        caption = (
            f"Mean rank-biased overlap (p {self.persistence:g}, {self.depth} reasons) between fits of "
            f"{len(self.seeds)} seeds on the same split, with the 95 % interval over {self.users} users at most."
        )
        values = [cells[1] for cells in rows]
        chart = Points(
            "rank-biased overlap",
            tuple(str(cells[0]) for cells in rows),
            tuple(v.value for v in values if isinstance(v, Interval)),
            tuple(v.low for v in values if isinstance(v, Interval)),
            tuple(v.high for v in values if isinstance(v, Interval)),
            tuple(cells[2].value for cells in rows if isinstance(cells[2], Interval)),
            value_name="between seeds",
            mark_name="of random reasons",
        )
        notes = [Text(self.below)] if short and self.below else []
        return [
            Table(self.called, columns, tuple(rows), caption),
            Figure(f"{self.called}-figure", chart, caption),
            *findings,
            *notes,
        ]

    def finding(self, row: str, overlap: Interval, chance: Interval, more: str = "") -> Finding:
        """Return whether the overlap of a row's reasons is above the bar.

        Args:
            row: whose.
            overlap: between seeds.
            chance: of random reasons.
            more: the end of the sentence.
        """
        return Finding(
            f"{row}: over {len(self.seeds)} seeds the first {self.depth} reasons overlap by "
            f"{interval_text(overlap, 2)} (random reasons: {number(chance.value, 2)}); more than {self.bar:g} was to "
            f"be reached{more}",
            decided(overlap, self.bar),
        )

    def _job(self, study: Study, row: str) -> Job:
        names = ("users", "depth", "persistence", "together")
        inputs = {**{name: getattr(self, name) for name in names}, "seed": 0}
        needs = [study.seeded(row, seed) for seed in self.seeds]
        return study.job("stability", row, f"stability of {row} over {len(needs)} seeds", inputs, needs=needs)


def _overlaps(result: dict[str, Any]) -> tuple[Interval, Interval]:
    """Return the overlap between fits and that of random reasons."""
    mean, chance = (Interval(*(result[name][end] for end in ("mean", "low", "high"))) for name in ("mean", "by_chance"))
    return mean, chance
