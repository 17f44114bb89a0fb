"""The words by which methods explain drawn users, beside the words that the users write."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from pydantic import Field

from graphrec.report import Column, Table
from graphrec.reproduce.jobs.feature_lists import MENTIONED
from graphrec.reproduce.sections.of_features import OfUsers

if TYPE_CHECKING:
    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study

_LONGEST = 12
"""Words of held-out reviews that are shown."""


class ExplanationWords(OfUsers):
    """For each drawn user the first words of every method; those that held-out reviews mention have a mark.

    Source: Table 9 of "From Intrinsic to Counterfactual".

    Attributes:
        users: that are drawn, at random among those who mention something before and in held-out reviews.
        k: words of each method.
    """

    kind: ClassVar[str] = "explanation_words"
    users: int = Field(4, ge=1)
    k: int = Field(5, ge=1)

    def jobs(self, study: Study) -> list[Job]:
        """Return one job for all methods."""
        return [self.job_of(study, "feature_lists", "words of drawn users", k=self.k)]

    def blocks(self, study: Study) -> list[Block]:
        """Return a table with a column for each user."""
        (result,) = (study.result(job) for job in self.jobs(study))
        held_out: list[list[str]] = result["held_out"]
        rows: list[tuple[Cell, ...]] = [("held-out reviews", *(_some(words) for words in held_out))]
        for name, lists in result["lists"].items():
            label = "mentioned before" if name == MENTIONED else name
            marked = (_marked(words, set(truth)) for words, truth in zip(lists, held_out, strict=True))
            rows.append((label, *marked))
        columns = (Column("words"), *(Column(f"user {user}") for user in result["users"]))
        caption = (
            f"The first {self.k} words of each method for {len(result['users'])} users drawn at random; ✓ marks those "
            "that the user's held-out reviews mention."
        )
        return [Table(self.called, columns, tuple(rows), caption)]


def _some(words: list[str]) -> str:
    left_out = len(words) - _LONGEST
    return ", ".join(words[:_LONGEST]) + (f", and {left_out} more" if left_out > 0 else "")


def _marked(words: list[str], truth: set[str]) -> str:
    return ", ".join(f"{word} ✓" if word in truth else word for word in words) or "none"
