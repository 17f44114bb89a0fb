"""Sections that show what was measured of reasons: where its parts stand in a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import Field

from graphrec.reproduce.sections.section import Section

if TYPE_CHECKING:
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study


class OfReasons(Section):
    """A section that shows measurements of reasons.

    Attributes:
        of: their names.
    """

    of: tuple[str, ...] = Field(min_length=1)

    def reasons_used(self) -> tuple[str, ...]:
        """Return the named measurements."""
        return self.of

    def jobs(self, study: Study) -> list[Job]:
        """Return the measurements."""
        return [study.reasons(name) for name in self.of]

    def measures(self, study: Study, name: str) -> dict[str, Any]:
        """Return the result of one measurement."""
        return study.result(study.reasons(name))

    def row(self, study: Study, name: str) -> str:
        """Return whose reasons a measurement is of."""
        return next(plan.row for plan in study.recipe.reasons if plan.name == name)


def against(measures: dict[str, Any], first: str, second: str) -> dict[str, Any]:
    """Return how one method compares with another; KeyError if they were not compared, in this order."""
    for one in measures["comparisons"]:
        if one["methods"] == [first, second]:
            compared: dict[str, Any] = one
            return compared
    raise KeyError((first, second))
