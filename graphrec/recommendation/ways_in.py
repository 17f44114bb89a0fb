"""The few items that, never taken or taken too, would bring an item into a person's list."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import USER_FEATURES
from graphrec.dataset.profiles import profiles_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.model import Model

MOST_TRIED = 500
"""Items that are tried as additions: those that most people took who took the item."""


class WayIn(NamedTuple):
    """A change of a history with which an item is in the list.

    Attributes:
        items: int64, positions of the items that are taken away or added, ascending.
        rank: of the item with this change.
        score: of the item with this change.
    """

    items: npt.NDArray[np.int64]
    rank: int
    score: float


class _Standings(NamedTuple):
    """Where the item stands with each of C changes.

    Attributes:
        gaps: float32 [C], score of the K-th best of the others less that of the item; ∞ where no input is left.
        ranks: int64 [C].
        scores: float32 [C].
    """

    gaps: npt.NDArray[np.float32]
    ranks: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float32]

    def at(self, place: int) -> _Standings:
        """Return those of one change."""
        one = slice(place, place + 1)
        return _Standings(self.gaps[one], self.ranks[one], self.scores[one])


@dataclass(frozen=True, eq=False)
class ChangedHistories:
    """Where an item stands in a person's list if the history were another.

    A history is truly another one: what only a removed item carries, and what the person says of it, is gone too. What
    may be recommended stays as it is: what was taken stays taken, and an item that is added still competes.

    Attributes:
        model: fitted.
        data: in the model's numbering.
        known: int32 [users], the row of each user in the training data, or −1.
        position: of the person in ``data.users``.
        item: position of the item.
        candidates: bool [items], what may be recommended to the person, the item among it.
        k: length of the list.
        liked: what everybody took, users × items; the person need not be among them.
    """

    model: Model
    data: Dataset
    known: npt.NDArray[np.int32]
    position: int
    item: int
    candidates: npt.NDArray[np.bool_]
    k: int
    liked: Incidence

    @cached_property
    def profile(self) -> Profiles:
        """The person as they are."""
        return profiles_of(self.data, self.known, np.array([self.position]))

    @cached_property
    def removable(self) -> npt.NDArray[np.int64]:
        """Items that may be taken away: all that the person took, positions."""
        return self.data.taken.row(self.position).astype(np.int64)

    @cached_property
    def addable(self) -> npt.NDArray[np.int64]:
        """Items that may be added: not taken, and taken by most of those who took the item; ``MOST_TRIED`` at most."""
        takers = np.unique(self.liked.row_of_entry[self.liked.indices == self.item])
        counts = np.bincount(self.liked.rows(takers).indices, minlength=len(self.data.items))
        counts[self.data.taken.row(self.position)] = 0
        counts[self.item] = 0
        order = np.argsort(-counts, kind="stable")[:MOST_TRIED]
        return order[counts[order] > 0].astype(np.int64)

    def way_in(self, pool: npt.NDArray[np.int64], largest: int) -> WayIn | None:
        """Search for the fewest items of a pool that, taken away or added, bring the item into the list.

        The search is greedy: the item that narrows the gap to the K-th place most is added to the change until the item
        is in the list; then what turns out not to be needed is taken back. No member of what is found could be left
        out. That nothing smaller exists is not promised.

        Args:
            pool: int64, positions; what is in the history is taken away, what is not is added.
            largest: items of a change, at most.

        Returns:
            None where the greedy search finds nothing.
        """
        chosen = np.empty((1, 0), dtype=np.int64)
        reached = self._standings(chosen)
        while reached.ranks[0] > self.k:
            left = np.setdiff1d(pool, chosen)
            if not len(left) or chosen.shape[1] == largest:
                return None
            tried = np.column_stack([np.repeat(chosen, len(left), axis=0), left])
            standings = self._standings(tried)
            best = int(np.argmin(standings.gaps))
            if not standings.gaps[best] < reached.gaps[0]:
                return None
            chosen, reached = tried[best : best + 1], standings.at(best)
        while chosen.shape[1] > 1:
            size = chosen.shape[1]
            tried = np.repeat(chosen, size, axis=0)[~np.eye(size, dtype=np.bool_)].reshape(size, size - 1)
            standings = self._standings(tried)
            best = int(np.argmin(standings.gaps))
            if standings.ranks[best] > self.k:
                break
            chosen, reached = tried[best : best + 1], standings.at(best)
        return WayIn(np.sort(chosen[0]), int(reached.ranks[0]), float(reached.scores[0]))

    def _standings(self, changes: npt.NDArray[np.int64]) -> _Standings:
        """Return where the item stands with each of C changes, int64 [C, m] items that are taken away or added."""
        n_items = len(self.data.items)
        parts = [self._standings_of(changes[block]) for block in row_blocks(len(changes), 4 * n_items)]
        return _Standings(*(np.concatenate(part) for part in zip(*parts, strict=True)))

    def _standings_of(self, changes: npt.NDArray[np.int64]) -> _Standings:
        changed = self._changed(changes)
        scores = self.model.score(changed).numpy()
        own = scores[:, self.item]
        others = self.candidates.copy()
        others[self.item] = False
        (rivals,) = np.nonzero(others)
        beside = scores[:, rivals]
        level = beside == own[:, None]
        ranks = 1 + ((beside > own[:, None]) | (level & (rivals < self.item))).sum(axis=1)
        if len(rivals) < self.k:
            last = np.full(len(changes), -np.inf, dtype=np.float32)
        else:
            last = np.partition(beside, len(rivals) - self.k, axis=1)[:, len(rivals) - self.k]
        has_input = self.model.count_inputs(changed) > 0
        gaps = np.where(has_input, last - own, np.inf).astype(np.float32)
        return _Standings(gaps, np.where(has_input, ranks, len(rivals) + 1), own)

    def _changed(self, changes: npt.NDArray[np.int64]) -> Profiles:
        """Return the person once for each change, C profiles."""
        count = len(changes)
        is_changed = np.zeros((count, len(self.data.items)), dtype=np.bool_)
        is_changed[np.arange(count)[:, None], changes] = True
        is_input = is_changed.copy()
        is_input[:, self.removable] = False  # what is no input becomes none by being taken away
        inputs = self.profile.items.indices
        is_input[:, inputs] = ~is_changed[:, inputs]
        (rows, items) = np.nonzero(is_input)
        histories = Incidence.from_pairs(rows, items, is_input.shape)
        of_person = np.zeros(count, dtype=np.int64)
        said = self.data.mentions.where(self.data.mentions.user == self.position)
        if not len(said):
            return self.profile.with_inputs(of_person, histories, {})
        stays = ~(is_changed[:, said.item] & (said.item >= 0))
        change, row = np.nonzero(stays)
        repeated = replace(said.where(row), user=change.astype(np.int32))
        sentiment, counts = repeated.by_user(count, self.profile.links[USER_FEATURES].n_columns)
        changed = self.profile.with_inputs(of_person, histories, {USER_FEATURES: sentiment})
        return replace(changed, mention_counts={**changed.mention_counts, USER_FEATURES: counts})
