"""The items that are ranked against each other: all that a user has not taken, or held-out ones and a sample.

An evaluation gets ``Cases``, rankings to be made, and need not know where their items come from; or, for ``Expected``,
the mean over all draws of a sample, for which no ranking is made.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from graphrec.arrays.padding import padded
from graphrec.dataset.incidence import Incidence
from graphrec.errors import UsageError
from graphrec.rankings.negatives import sample_negatives

if TYPE_CHECKING:
    import numpy.typing as npt


@dataclass(frozen=True, eq=False)
class RankingTask:
    """The users' taken and held-out items.

    Attributes:
        taken: users × items, not ranked.
        held_out: users × items, to be found; one that was taken is not ranked, and so never found.
        liked: users × items that are known to be the user's though nobody asks for them, such as the validation part
            when the test part is asked for: ranked where everything is, but no negatives.
    """

    taken: Incidence
    held_out: Incidence
    liked: Incidence | None = None

    @property
    def n_items(self) -> int:
        """Number of items in the catalogue."""
        return self.taken.n_columns

    @cached_property
    def no_negatives(self) -> Incidence:
        """Users × items that are known to be the user's."""
        parts = [part for part in (self.taken, self.held_out, self.liked) if part is not None]
        rows = np.concatenate([part.row_of_entry for part in parts])
        columns = np.concatenate([part.indices for part in parts])
        return Incidence.from_pairs(rows, columns, (self.taken.n_rows, self.n_items))


@dataclass(frozen=True, eq=False)
class Cases:
    """C rankings to be made, of W items each at most.

    Attributes:
        users: int64 [C], whose ranking each is; a user may have several.
        items: int64 [C, W], ascending, −1 where there are fewer; None where column w is item w for everybody.
        ranked: bool [C, W], which columns are candidates.
        relevant: bool [C, W], which of them are held out.
    """

    users: npt.NDArray[np.int64]
    items: npt.NDArray[np.int64] | None
    ranked: npt.NDArray[np.bool_]
    relevant: npt.NDArray[np.bool_]


class RankedCandidates(ABC):
    """The base of choices of candidate items that are ranked.

    Attributes:
        sampled: whether negatives are a sample, so that figures are not those of a full ranking.
    """

    sampled: bool

    @abstractmethod
    def cases(self, task: RankingTask, users: npt.NDArray[np.int64]) -> Cases:
        """Return the rankings of some users, each with one held-out item at least."""

    @abstractmethod
    def numbers(self, task: RankingTask) -> int:
        """Return how many numbers the cases of one user hold at most, so that chunks of users can be cut to size."""


@dataclass(frozen=True)
class Full(RankedCandidates):
    """All items that the user has not taken; one ranking a user."""

    sampled = False

    def __str__(self) -> str:
        return "full"

    def cases(self, task: RankingTask, users: npt.NDArray[np.int64]) -> Cases:
        """Return one ranking a user, of the whole catalogue but what was taken."""
        taken, held_out = task.taken.rows(users), task.held_out.rows(users)
        ranked, relevant = np.ones((len(users), task.n_items), np.bool_), np.zeros((len(users), task.n_items), np.bool_)
        ranked[taken.row_of_entry, taken.indices] = False
        relevant[held_out.row_of_entry, held_out.indices] = True
        return Cases(users, None, ranked, relevant)

    def numbers(self, task: RankingTask) -> int:
        """Return the size of the catalogue."""
        return task.n_items


@dataclass(frozen=True)
class Sampled(RankedCandidates):
    """Held-out items against a sample of items that are not known to be the user's.

    Negatives are drawn without replacement, each with the same chance, from what is neither taken nor held out (in any
    part of the split). A user with fewer than that is ranked against all there are. What is drawn follows from the
    seed, the user's and the item's position alone: every model is asked about the same candidates.

    Attributes:
        negatives: how many.
        per: ``user``: all held-out items of a user stand in one ranking with the negatives. ``positive``: each held-out
            item is ranked alone against negatives of its own, a ranking for every one of them.
        seed: of the draw, 0 or more, below 2⁶⁴.
    """

    negatives: int
    per: Literal["user", "positive"] = "user"
    seed: int = 0
    sampled = True

    def __post_init__(self) -> None:
        _require_some(self.negatives)
        if not 0 <= self.seed < 2**64:
            raise UsageError(f"the seed of the negatives is {self.seed}", remedy="Give 0 or more, and less than 2⁶⁴")

    def __str__(self) -> str:
        return f"{self.negatives} negatives per {self.per}, seed {self.seed}"

    def cases(self, task: RankingTask, users: npt.NDArray[np.int64]) -> Cases:
        """Return one ranking a user, or one a held-out item."""
        held_out = task.held_out.rows(users)
        if self.per == "user":
            positives = padded(held_out.indices.astype(np.int64), held_out.counts)
            keys = [users]
        else:
            users = users[held_out.row_of_entry]
            positives = held_out.indices.astype(np.int64)[:, None]
            keys = [users, positives[:, 0]]
        negatives = sample_negatives(task.no_negatives.rows(users), self.negatives, self.seed, keys)
        items = np.concatenate([positives, negatives], axis=1)
        order = np.argsort(np.where(items < 0, task.n_items, items), axis=1, kind="stable")
        items = np.take_along_axis(items, order, axis=1)
        return Cases(users, items, items >= 0, (order < positives.shape[1]) & (items >= 0))

    def numbers(self, task: RankingTask) -> int:
        """Return the most candidates of a user, all rankings together: only these are scored."""
        most, negatives = int(task.held_out.counts.max(initial=0)), min(self.negatives, task.n_items)
        return most + negatives if self.per == "user" else most * (1 + negatives)


@dataclass(frozen=True)
class Expected:
    """Each held-out item against negatives of its own, in the mean over all draws of them.

    Figures estimate the same as those of ``Sampled(negatives, "positive")`` and have no noise of drawing: the mean has
    a closed form (``graphrec.rankings.expectation``).

    Attributes:
        negatives: how many.
    """

    negatives: int
    sampled = True

    def __post_init__(self) -> None:
        _require_some(self.negatives)

    def __str__(self) -> str:
        return f"{self.negatives} negatives per positive, the mean over all draws"

    def numbers(self, task: RankingTask) -> int:
        """Return the size of the catalogue: every item is scored, because each may be drawn."""
        return task.n_items


Candidates = RankedCandidates | Expected
"""What an evaluation ranks."""


def parse_candidates(text: str, seed: int = 0) -> Candidates:
    """Read ``full``, ``100`` (negatives a user), ``100-per-positive`` or ``100-expected``.

    Raises:
        UsageError: it is none of these.
    """
    if text == "full":
        return Full()
    match = re.fullmatch(r"(\d{1,9})(-per-positive|-per-user|-expected)?", text)
    if match is None:
        raise UsageError(
            f"{text!r} does not say which candidates are ranked",
            remedy="Write full, or a number of negatives for each user such as 100, or 100-per-positive, or "
            "100-expected for the mean over all draws of these",
        )
    if match[2] == "-expected":
        return Expected(int(match[1]))
    return Sampled(int(match[1]), "positive" if match[2] == "-per-positive" else "user", seed)


def _require_some(negatives: int) -> None:
    if negatives < 1:
        raise UsageError(f"{negatives} negatives are none to rank against", remedy="Give 1 or more")
