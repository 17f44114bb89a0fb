"""The base of all kinds of sections."""

from __future__ import annotations

from abc import ABC, abstractmethod
from difflib import get_close_matches
from typing import TYPE_CHECKING, ClassVar

from graphrec.errors import UsageError
from graphrec.reproduce.strict import Strict

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from graphrec.report.document import Block
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.study import Study


def require_methods(names: Sequence[str], known: Iterable[str]) -> None:
    """Raise UsageError for a name that is none of the known methods; says which there are."""
    unknown = [name for name in names if name not in set(known)]
    if unknown:
        near = get_close_matches(unknown[0], list(known), n=2)
        hint = f"Did you mean {' or '.join(near)}? " if near else ""
        raise UsageError(f"there is no method {unknown[0]!r:.80}", remedy=f"{hint}Known methods: {', '.join(known)}")


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

    def values_used(self) -> tuple[str, ...]:
        """Return the rows of which the value of every single ranking is worked with, not the means alone."""
        return ()

    def losses_used(self) -> tuple[str, ...]:
        """Return the rows of which the training loss of every epoch is worked with."""
        return ()

    @abstractmethod
    def jobs(self, study: Study) -> list[Job]:
        """Return what has to be done; settings are chosen by then."""

    @abstractmethod
    def blocks(self, study: Study) -> list[Block]:
        """Return what the report shows, from the results."""
