"""How many interactions of each user a part gets, where the shares are no whole numbers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Counts: TypeAlias = npt.NDArray[np.int64]

Rounding = Literal["over-users", "each-user"]
ROUNDINGS: tuple[Rounding, ...] = ("over-users", "each-user")
"""``over-users``: parts have their shares of all interactions. ``each-user``: each user's share is rounded alone."""


def checked_rounding(rounding: str) -> Rounding:
    """Return the rule; raise UsageError if there is no such rule."""
    for known in ROUNDINGS:
        if rounding == known:
            return known
    raise UsageError(f"there is no rounding {rounding!r}", remedy=f"Choose {' or '.join(ROUNDINGS)}")


def counts_over_users(
    sizes: Counts, shares: Sequence[float], rng: np.random.Generator, *, keeps_last: bool = True
) -> Counts:
    """Divide each user's interactions among parts, so that the parts of all users together have their shares too.

    A user with n interactions gives ⌊n·share⌋ or ⌈n·share⌉ to a part, all of them together n. Who gives more is drawn
    with a chance equal to the fraction (systematic sampling). Then a few users are moved between parts, one
    interaction each and in random order, until every part has ⌊N·share⌋ or ⌈N·share⌉ of all N, and one at least where
    the share is above 0. Such a rounding exists (controlled rounding: Cox, JASA 1987), and moves along paths of parts
    find it. Only where ``keeps_last`` binds can a part stay short of its share.

    Args:
        sizes: interactions of each user, [U].
        shares: of the K parts; they sum to 1.
        rng: source of randomness.
        keeps_last: whether each user with interactions keeps one at least in the last part.

    Returns:
        int64 [U, K], each row with the sum ``sizes``.
    """
    exact = np.round(sizes[:, None] * np.asarray(shares, dtype=np.float64), 9)
    counts = np.floor(exact).astype(np.int64)
    fractions = exact - counts
    if keeps_last:
        alone = (counts[:, -1] == 0) & (sizes > 0)
        counts[alone, -1], fractions[alone, -1] = 1, 0.0
    left = sizes - counts.sum(axis=1)
    total = fractions.sum(axis=1)
    fractions *= (left / np.where(total > 0, total, 1.0))[:, None]  # 1, but where the last part took one
    bounds = np.floor(np.round(np.cumsum(fractions, axis=1), 9) + rng.random(len(sizes))[:, None])
    bounds = np.minimum(bounds, left[:, None])
    bounds[:, -1] = left
    raised = np.diff(bounds, axis=1, prepend=0) > 0
    _balance(raised, fractions > 0, _bounds(shares, sizes, counts), rng.permutation(len(sizes)))
    rounded: Counts = counts + raised
    return rounded


def _bounds(shares: Sequence[float], sizes: Counts, counts: Counts) -> tuple[Counts, Counts]:
    """Return how many users at least and at most should be raised in each part."""
    wanted = np.round(np.asarray(shares, dtype=np.float64) * sizes.sum(), 6)
    least = np.maximum(np.floor(wanted), np.asarray(shares) > 0).astype(np.int64)
    most = np.maximum(np.ceil(wanted).astype(np.int64), least)
    return least - counts.sum(axis=0), most - counts.sum(axis=0)


def _balance(
    raised: npt.NDArray[np.bool_],
    may_be_raised: npt.NDArray[np.bool_],
    bounds: tuple[Counts, Counts],
    order: npt.NDArray[np.int64],
) -> None:
    """Move users between parts, in place, until the number raised in each part is within its bounds, or nearest.

    Every round finds the shortest path of parts along which users can move from a part that has too many, or can spare
    some, to one that has too few, or room, and moves as many as it carries; what is out of bounds becomes less in each.

    Args:
        raised: [U, K], the users who give one more to a part.
        may_be_raised: [U, K], the users whose share in a part has a fraction.
        bounds: least and most number raised in each part, [K] each.
        order: in which users are moved, [U].
    """
    least, most = bounds
    while True:
        number = raised.sum(axis=0)
        movable = raised.astype(np.float64).T @ (may_be_raised & ~raised).astype(np.float64)
        sources = [np.where(number > most, number - most, 0), np.where(number > least, number - least, 0)]
        targets = [np.where(number < most, most - number, 0), np.where(number < least, least - number, 0)]
        path = next(
            (
                (found, min(give[found[0]], take[found[-1]]))
                for give, take in zip(sources, targets, strict=True)
                if (found := _path(movable > 0, give > 0, take > 0))
            ),
            None,
        )
        if path is None:
            return
        parts, amount = path
        hops = list(pairwise(parts))
        amount = min(amount, *(int(movable[hop]) for hop in hops))
        for start, end in hops:
            can_move = raised[order, start] & may_be_raised[order, end] & ~raised[order, end]
            moved = order[np.flatnonzero(can_move)[:amount]]
            raised[moved, start], raised[moved, end] = False, True


def _path(leads: npt.NDArray[np.bool_], starts: npt.NDArray[np.bool_], ends: npt.NDArray[np.bool_]) -> list[int] | None:
    """Return a shortest path of two parts or more from one of the starts to one of the ends, or None.

    Args:
        leads: [K, K], whether a user can move from the part of the row to that of the column.
        starts: [K].
        ends: [K].
    """
    before = {int(part): -1 for part in np.flatnonzero(starts)}
    front = list(before)
    while front:
        following = []
        for part in front:
            for end in np.flatnonzero(leads[part]).tolist():
                if end in before:
                    continue
                before[end] = part
                if ends[end]:
                    path = [end]
                    while before[path[-1]] >= 0:
                        path.append(before[path[-1]])
                    return path[::-1]
                following.append(end)
        front = following
    return None
