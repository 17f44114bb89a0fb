"""Interactions and their reasons, drawn round by round for many users together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.planted.config import KINDS

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.planted.catalogue import Catalogue
    from graphrec.planted.config import PlantedConfig
    from graphrec.planted.people import People

CELLS_AT_ONCE = 4_000_000
"""Users × items that are drawn together: a round holds a few matrices of this size."""

ATTRIBUTE, ENTITY, ITEM, CO_PURCHASE, NOISE = range(len(KINDS) + 1)
"""Numbers of the kinds; an interaction without a reason is noise."""


@dataclass(frozen=True, eq=False)
class DrawnInteractions:
    """Interactions of users, a row a user and a column a round.

    Attributes:
        item: int64 [users, rounds], distinct in a row.
        kind: int64 [users, rounds], position in ``KINDS``, or ``NOISE``.
        evidence: int64 [users, rounds], the value, entity or taken item that is the reason; −1 for noise.
    """

    item: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    evidence: npt.NDArray[np.int64]


def draw(config: PlantedConfig, catalogue: Catalogue, people: People, rng: np.random.Generator) -> DrawnInteractions:
    """Draw the interactions of all users.

    A round is noise with the probability ``config.noise``; else its kind is drawn by the mix among the kinds that have
    something left for the user. (Nobody can take a sequel before its first part, so that early rounds have more of the
    other kinds than the mix says.) Where no kind has anything left, the round is noise. The reason is then drawn
    evenly among the user's own of that kind, and the item by popularity among those that the reason leads to.
    """
    groups = (np.arange(config.users)[rows] for rows in row_blocks(config.users, config.items, CELLS_AT_ONCE))
    parts = [_Shoppers(config, catalogue, people, group, rng).shop() for group in groups]
    return DrawnInteractions(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in ("item", "kind", "evidence"))
    )


class _Shoppers:
    """Some users on their way through the rounds."""

    def __init__(
        self,
        config: PlantedConfig,
        catalogue: Catalogue,
        people: People,
        users: npt.NDArray[np.int64],
        rng: np.random.Generator,
    ) -> None:
        self._config, self._catalogue, self._rng = config, catalogue, rng
        self._users = np.arange(len(users))
        self._mine = {ATTRIBUTE: people.likes[users], ENTITY: people.follows[users]}
        self._carried = {ATTRIBUTE: catalogue.value, ENTITY: catalogue.entity}
        number = {ATTRIBUTE: config.values, ENTITY: config.entities}
        self._left = {
            kind: np.tile(np.bincount(node, minlength=number[kind]), (len(users), 1))
            for kind, node in self._carried.items()
        }
        self._taken = np.zeros((len(users), config.items), dtype=np.bool_)
        self._unlocked = np.zeros_like(self._taken)
        self._begun = np.zeros((len(users), int(catalogue.bundle.max()) + 2), dtype=np.bool_)  # the last: of no bundle

    def shop(self) -> DrawnInteractions:
        """Go through all rounds."""
        rounds = [self._round() for _ in range(self._config.interactions)]
        return DrawnInteractions(*(np.stack(columns, axis=1) for columns in zip(*rounds, strict=True)))

    def _round(self) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        bundle, free = self._catalogue.bundle, ~self._taken
        chosen = {kind: self._chosen(kind) for kind in self._carried}
        after, together = free & self._unlocked, free & self._begun[:, bundle]
        possible = [some for _, some in chosen.values()] + [after.any(axis=1), together.any(axis=1)]
        kind = self._kinds(np.stack(possible, axis=1))
        candidates = free
        for number, (node, _) in chosen.items():
            rows = kind == number
            candidates[rows] &= self._carried[number] == node[rows, None]
        for number, reached in ((ITEM, after), (CO_PURCHASE, together)):
            candidates[kind == number] = reached[kind == number]
        item = self._by_popularity(candidates)
        evidence = np.select(
            [kind == ATTRIBUTE, kind == ENTITY, kind == ITEM, kind == CO_PURCHASE],
            [chosen[ATTRIBUTE][0], chosen[ENTITY][0], self._catalogue.before[item], self._companions(item, kind)],
            -1,
        )
        self._take(item)
        return item, kind, evidence

    def _chosen(self, kind: int) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
        """Choose one node of each user, evenly among those with an item left, and say whether there is one."""
        mine = self._mine[kind]
        left = np.take_along_axis(self._left[kind], mine, axis=1) > 0
        place = np.where(left, self._rng.random(mine.shape), -1).argmax(axis=1)
        return mine[self._users, place], left[self._users, place]

    def _kinds(self, possible: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """Draw noise, or a kind by the mix among those that are possible, for each user."""
        shares = np.cumsum(possible * np.asarray(self._config.mix), axis=1)
        total = shares[:, -1]
        kind = (shares <= (self._rng.random(len(total)) * total)[:, None]).sum(axis=1)
        return np.where((self._rng.random(len(total)) < self._config.noise) | (total == 0), NOISE, kind)

    def _by_popularity(self, candidates: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        """Draw one candidate a user, with probability in proportion to its weight.

        Of independent exponential clocks the one that rings first is each clock with probability in proportion to its
        rate.
        """
        rings = self._rng.standard_exponential(candidates.shape, dtype=np.float32) / self._catalogue.weight
        first: npt.NDArray[np.int64] = np.where(candidates, rings, np.inf).argmin(axis=1)
        return first

    def _companions(self, item: npt.NDArray[np.int64], kind: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Return a taken item of the same bundle, chosen evenly, for users who take something of a bundle."""
        rows = np.flatnonzero(kind == CO_PURCHASE)
        bundle = self._catalogue.bundle
        mates = self._taken[rows] & (bundle == bundle[item[rows], None])
        companions = np.full(len(item), -1, dtype=np.int64)
        companions[rows] = np.where(mates, self._rng.random(mates.shape), -1).argmax(axis=1)
        return companions

    def _take(self, item: npt.NDArray[np.int64]) -> None:
        users, after = self._users, self._catalogue.after[item]
        self._taken[users, item] = True
        self._begun[users, self._catalogue.bundle[item]] = True
        self._begun[:, -1] = False
        self._unlocked[users[after >= 0], after[after >= 0]] = True
        for kind, carried in self._carried.items():
            self._left[kind][users, carried[item]] -= 1
