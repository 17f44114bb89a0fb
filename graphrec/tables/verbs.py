"""Verbs of data sets: what users do with items in their domain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from graphrec.tables.records import DatasetInfo

DEFAULT_VERB = "interacted with"
"""The verb of a data set that names none, one that an older version loaded included."""


@dataclass(frozen=True)
class Verbs:
    """The verbs of the data sets that a store holds.

    Attributes:
        by_prefix: id prefix of each base data set with its verb, longest prefix first.
    """

    by_prefix: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, datasets: Iterable[DatasetInfo]) -> Verbs:
        """Return the verbs of the base data sets; an overlay has that of its base."""
        verbs = [(info.prefix, info.verb.strip() or DEFAULT_VERB) for info in datasets if not info.base]
        return cls(tuple(sorted(verbs, key=lambda pair: -len(pair[0]))))

    def of_user(self, user: str) -> str:
        """Return the verb of the data set that a user's id belongs to, as it follows “which they”."""
        return next((verb for prefix, verb in self.by_prefix if user.startswith(prefix)), DEFAULT_VERB)
