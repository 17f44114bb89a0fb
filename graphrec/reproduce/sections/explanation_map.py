"""Where the explanation vectors of users lie, coloured by the method that they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from graphrec.report import Figure, Finding
from graphrec.report.cells import number
from graphrec.reproduce.sections.layouts import cloud_of
from graphrec.reproduce.sections.of_features import OfUsers

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study


class ExplanationMap(OfUsers):
    """Vectors of the same users by several methods, on one plane by t-SNE of their directions.

    Source: Figure 5 of "From Intrinsic to Counterfactual".

    Attributes:
        users: that are drawn.
        perplexity: of t-SNE.
    """

    kind: ClassVar[str] = "explanation_map"
    users: int = Field(500, ge=3)
    perplexity: float = Field(30.0, gt=1)

    def jobs(self, study: Study) -> list[Job]:
        """Return one layout."""
        return [self.job_of(study, "feature_map", "map of explanation vectors", perplexity=self.perplexity)]

    def blocks(self, study: Study) -> list[Block]:
        """Return the map, and how often neighbours are of one method."""
        (layout,) = (study.result(job) for job in self.jobs(study))
        caption = (
            f"{len(layout['x']):,} explanation vectors on a plane by t-SNE of their directions, in the colour of their "
            f"method; “{layout['names'][0]}” is the user's profile, 1 for each feature in it."
        )
        return [
            Figure(f"{self.called}-figure", cloud_of(layout), caption),
            Finding(
                "An explanation vector and the one nearest to it are of one method "
                f"{number(layout['apart'], 2)} times as often as by chance"
            ),
        ]
