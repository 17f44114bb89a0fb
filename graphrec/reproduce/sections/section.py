"""The base of all kinds of sections."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from graphrec.reproduce.recipe import Strict

if TYPE_CHECKING:
    from graphrec.report.document import Block
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study


class Section(Strict, ABC):
    """One part of a report: the jobs it needs, and how their results become text, tables and figures.

    Attributes:
        kind: registered name.
        name: what ``--sections`` calls it; the kind unless two of one kind stand in a recipe.
        title: its heading.
        about: what a reader has to know before the results.
    """

    kind: ClassVar[str]
    name: str = ""
    title: str
    about: str = ""

    @property
    def called(self) -> str:
        """The name, or the kind where it has none."""
        return self.name or self.kind

    def rows_used(self) -> tuple[str, ...]:
        """Return the rows that the parameters name."""
        return ()

    def reasons_used(self) -> tuple[str, ...]:
        """Return the measurements of reasons that the parameters name."""
        return ()

    def metrics_used(self) -> tuple[str, ...]:
        """Return the metrics of the rows that the parameters name."""
        return ()

    def models_used(self, recipe: Recipe) -> tuple[str, ...]:
        """Return the rows whose fitted models on the first split are worked with: those whose reasons are."""
        return tuple(plan.row for plan in recipe.reasons if plan.name in self.reasons_used())

    @abstractmethod
    def jobs(self, study: Study) -> list[Job]:
        """Return what has to be done; settings are chosen by then."""

    @abstractmethod
    def blocks(self, study: Study) -> list[Block]:
        """Return what the report shows, from the results."""
