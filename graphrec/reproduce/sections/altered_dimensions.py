"""Altering latent dimensions one by one: which have a name, and what it looks like (InDGRM, Figures 10 to 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field

from graphrec.report import Column, Finding, Heading, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import relation
from graphrec.reproduce.sections.section import Section

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study

_INPUTS = ("of", "starts", "nearest", "least", "false_discoveries", "marks", "examples", "steps", "shown", "seed")


class DimensionsAltered(Section):
    """Nameable meanings of a row's latent dimensions on the first split, beside random directions of the same space.

    Attributes:
        row: whose.
        of: ``items``, whose vectors are altered, and found again by cosine; or ``users``, whose z is altered and
            decoded.
        starts: vectors that are altered.
        nearest: items that are looked at.
        least: carriers of an attribute or entity that is tested, at least.
        false_discoveries: share of them among discoveries, at most.
        marks: shown for each dimension, at most.
        examples: dimensions that are shown step by step: so many that change most, and as many that change least.
        steps: levels of an example.
        shown: items at each level.
        seed: of everything that is drawn.
    """

    kind: ClassVar[str] = "altered_dimensions"
    row: str
    of: Literal["items", "users"] = "items"
    starts: int = Field(50, ge=1)
    nearest: int = Field(20, ge=1)
    least: int = Field(10, ge=1)
    false_discoveries: float = Field(0.05, gt=0, lt=1)
    marks: int = Field(4, ge=1)
    examples: int = Field(2, ge=0)
    steps: int = Field(5, ge=2)
    shown: int = Field(5, ge=1)
    seed: int = Field(0, ge=0)

    def rows_used(self) -> tuple[str, ...]:
        """Return the named row."""
        return (self.row,)

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:  # noqa: ARG002
        """Return the named row."""
        return (self.row,)

    def jobs(self, study: Study) -> list[Job]:
        """Return one measurement."""
        inputs = {name: getattr(self, name) for name in _INPUTS}
        return [
            study.job(
                "altered_dimensions",
                self.row,
                f"altered dimensions of {self.row}'s {self.of}",
                inputs,
                needs=[study.fit(self.row)],
            )
        ]

    def blocks(self, study: Study) -> list[Block]:
        """Return how many directions have a name, the names of dimensions, and some of them step by step."""
        (job,) = self.jobs(study)
        result = study.result(job)
        return [
            self._directions(result),
            self.finding(result),
            self._names(result),
            *(block for example in result["examples"] for block in self._example(example)),
        ]

    def finding(self, result: dict[str, Any]) -> Finding:
        """Return whether a row's own dimensions mean more than random directions.

        Args:
            result: as the job returns it.
        """
        own, random = result["own"], result["random"]
        above = True if result["p_above"] < 0.025 else False if result["p_below"] < 0.025 else None
        middles = [number(float(np.median(part["greatest"])), 3) for part in (own, random)]
        return Finding(
            f"{self.row}: {own['named']} of {len(own['greatest'])} dimensions of its {self.of} have a nameable "
            f"meaning, and {random['named']} of {len(random['greatest'])} random directions; the greatest change of a "
            f"share by altering one, {middles[0]} in the median, is {relation(above)} that by a random direction, "
            f"{middles[1]} (Mann–Whitney, p {number(min(1.0, 2 * min(result['p_above'], result['p_below'])), 3)})",
            above,
        )

    def _directions(self, result: dict[str, Any]) -> Table:
        columns = (
            Column("directions"),
            Column("number"),
            Column("with a name"),
            Column("discoveries of each", digits=2),
            Column("greatest change of a share, median", digits=3),
        )
        rows: list[tuple[Cell, ...]] = [
            (
                name,
                len(part["greatest"]),
                part["named"],
                float(np.mean(part["discoveries"])),
                float(np.median(part["greatest"])),
            )
            for name, part in (("own dimensions", result["own"]), ("random directions", result["random"]))
        ]
        caption = (
            f"{self.row}: {self.starts} vectors of {self.of} altered along one direction from the 1 % to the 99 % "
            f"quantile, and how the {self.nearest} nearest items change. A direction has a name where an attribute or "
            f"entity is over-represented among what comes nearer or goes away, at a false discovery rate of "
            f"{self.false_discoveries:g} over all of them."
        )
        return Table(self.called, columns, tuple(rows), caption)

    def _names(self, result: dict[str, Any]) -> Table:
        ordered = sorted(
            result["dimensions"], key=lambda one: -max([abs(m["change"]) for m in one["marks"]], default=0)
        )
        rows: list[tuple[Cell, ...]] = [
            (
                one["dimension"],
                *(
                    ", ".join(
                        f"{m['name']} {number(m['change'], 3, signed=True)}"
                        for m in one["marks"]
                        if sign * m["change"] > 0
                    )
                    or "–"
                    for sign in (1, -1)
                ),
            )
            for one in ordered
            if one["marks"]
        ]
        columns = (Column("dimension"), Column("more of"), Column("less of"))
        caption = (
            f"{self.row}: what an increase of each dimension that has a name changes most, as differences of the share "
            "among the nearest items."
        )
        return Table(f"{self.called}-names", columns, tuple(rows), caption)

    def _example(self, example: dict[str, Any]) -> list[Block]:
        start = f"“{example['start']}”" if example["start"] else "one user"
        columns = tuple(Column(number(level, 2)) for level in example["levels"])
        rows = tuple(tuple(names) for names in zip(*example["items"], strict=True))
        caption = (
            f"{self.row}: the items nearest to {start} while dimension {example['dimension']} takes these values. Of "
            f"the {self.starts} {self.of} that were altered it is the one whose nearest items change most."
        )
        name = f"{self.called}-dimension-{example['dimension']}"
        return [Heading(f"Dimension {example['dimension']}", 3), Table(name, columns, rows, caption)]
