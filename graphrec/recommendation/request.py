"""The request of a run: numbers of items and reasons, users, candidate items, and protected attributes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from graphrec.errors import UsageError

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset


Fallback = Literal["none", "popularity", "attributes"]
FALLBACKS: tuple[Fallback, ...] = ("none", "popularity", "attributes")
"""What people without any positive interaction may get."""


@dataclass(frozen=True)
class Request:
    """A run's parameters, in ids.

    Attributes:
        k: recommendations a user.
        reasons: supporting reasons a recommendation, at most.
        against: opposing reasons a recommendation, at most.
        users: ids to recommend to; None = all users of the data.
        items: ids that may be recommended; None = all that the model knows.
        exclude: ids that must not be recommended.
        protect: attribute kinds that must not be shown among the reasons.
        filter_taken: whether what a user has taken is left out.
        fallback: what people without any positive interaction get, of whom the model can use nothing: nothing
            (``none``), what most people took (``popularity``), or what people with the same attributes took more often
            than others (``attributes``).
    """

    k: int = 10
    reasons: int = 10
    against: int = 0
    users: tuple[str, ...] | None = None
    items: tuple[str, ...] | None = None
    exclude: tuple[str, ...] = ()
    protect: tuple[str, ...] = ()
    filter_taken: bool = True
    fallback: Fallback = "none"

    def __post_init__(self) -> None:
        if self.fallback not in FALLBACKS:
            raise UsageError(f"there is no fallback {self.fallback!r}", remedy=f"Choose {', '.join(FALLBACKS)}")
        for name, least in (("k", 1), ("reasons", 0), ("against", 0)):
            if not isinstance(getattr(self, name), (int, np.integer)):
                raise UsageError(f"{name} is {getattr(self, name)!r}", remedy="Give a whole number")
            if getattr(self, name) < least:
                raise UsageError(f"{name} is {getattr(self, name)}", remedy=f"Give {least} or more")

    @property
    def wants_reasons(self) -> bool:
        """Whether any reason is asked for."""
        return self.reasons > 0 or self.against > 0

    @property
    def scope(self) -> str:
        """``full``, or ``partial`` for a run of only some users."""
        return "full" if self.users is None else "partial"

    def user_positions(self, dataset: Dataset) -> npt.NDArray[Any]:
        """Return the positions of the requested users; raise UnknownIdError for one that the data does not have."""
        if self.users is None:
            return np.arange(len(dataset.users))
        return np.unique(dataset.users.require(self.users))

    def candidate_mask(self, aligned: Dataset) -> npt.NDArray[np.bool_]:
        """Return bool [items]: the items that may be recommended. Unknown ids raise UnknownIdError."""
        allowed = np.full(len(aligned.items), self.items is None, dtype=np.bool_)
        if self.items is not None:
            allowed[aligned.items.require(self.items)] = True
        if self.exclude:
            allowed[aligned.items.require(self.exclude)] = False
        return allowed

    def shown_attributes(self, aligned: Dataset) -> npt.NDArray[np.bool_]:
        """Return bool [attributes]: those that may be shown as reasons.

        Raises:
            UsageError: a protected kind that no attribute of the data has.
        """
        if not self.protect:
            return np.ones(len(aligned.attributes), dtype=np.bool_)
        kinds = np.asarray(aligned.attributes.columns["kind"].to_pylist(), dtype=object)
        for kind in self.protect:
            if kind not in set(kinds):
                raise UsageError(
                    f"no attribute has the kind {kind!r}, so it cannot be protected",
                    remedy=f"Kinds: {', '.join(sorted(set(kinds)))}" if len(kinds) else "The data has no attributes",
                )
        return ~np.isin(kinds, list(self.protect)) if len(kinds) else np.empty(0, dtype=np.bool_)
