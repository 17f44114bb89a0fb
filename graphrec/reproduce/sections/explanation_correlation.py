"""How alike the explanation vectors of several methods are, and how like what users mention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from graphrec.report import Column, Figure, Finding, Heat, Table
from graphrec.report.cells import number
from graphrec.reproduce.sections.of_features import OfUsers

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study

_NAN = float("nan")


class ExplanationCorrelation(OfUsers):
    """Pearson's correlation over features between the vectors of each pair of methods, the mean over users.

    Source: Figure 4 of "From Intrinsic to Counterfactual".
    """

    kind: ClassVar[str] = "explanation_correlation"

    def jobs(self, study: Study) -> list[Job]:
        """Return one job for all methods."""
        return [self.job_of(study, "feature_correlations", "correlation of explanation vectors")]

    def blocks(self, study: Study) -> list[Block]:
        """Return the heat map, its numbers, and which method is most like what users mention."""
        (result,) = (study.result(job) for job in self.jobs(study))
        names: list[str] = result["names"]
        means: list[list[float | None]] = result["means"]
        users = max(result["users"][0])
        caption = (
            f"Pearson's correlation of explanation vectors, the mean over {users:,} users. “{names[0]}” is 1 for each "
            "feature of the user's profile, 0 for all others. What a method says nothing of is 0; users to whom it "
            "says the same of all features are left out."
        )
        rows: list[tuple[Cell, ...]] = [(name, *row) for name, row in zip(names, means, strict=True)]
        columns = (Column("vectors"), *(Column(name, digits=3) for name in names))
        values = tuple(tuple(_NAN if value is None else value for value in row) for row in means)
        return [
            Figure(f"{self.called}-figure", Heat(tuple(names), values, "mean correlation"), caption),
            Table(self.called, columns, tuple(rows), caption),
            *_findings(names, means),
        ]


def _findings(names: list[str], means: list[list[Any]]) -> list[Finding]:
    known = sorted(((value, name) for name, value in zip(names[1:], means[0][1:], strict=True) if value is not None))
    if not known:
        return []
    told = "; ".join(f"{name} {number(value, 3, signed=True)}" for value, name in reversed(known))
    return [Finding(f"Correlation of explanation vectors with what users mention: {told}")]
