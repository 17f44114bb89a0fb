"""Which users a fold holds out: the same in every fold, or those of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from graphrec.dataset.splitting.places import draw_groups, group_size
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

HeldOutUsers = Literal["same", "rotating"]
HELD_OUT_USERS: tuple[HeldOutUsers, ...] = ("same", "rotating")
"""``same``: folds of a seed hold out the same users. ``rotating``: no user is held out by two folds of a seed."""


def checked_held_out_users(users: str) -> HeldOutUsers:
    """Return which users the folds hold out; raise UsageError if there is no such rule."""
    for known in HELD_OUT_USERS:
        if users == known:
            return known
    raise UsageError(f"there are no {users!r} users of folds", remedy=f"Choose {' or '.join(HELD_OUT_USERS)}")


def held_out_users(
    sizes: Sequence[float],
    among: npt.NDArray[np.int64],
    fold: int,
    folds: int,
    rotating: bool,
    rng: np.random.Generator,
) -> list[npt.NDArray[np.int64]]:
    """Draw the users whom a fold holds out, in disjoint groups.

    With ``rotating``, N users stand in one random order that all folds share. Fold f of F begins at place f·N/F, and
    its groups follow each other, each as long as its share of N; places are rounded. So where the shares sum to 1/F,
    every user is held out by exactly one fold.

    Args:
        sizes: of each group; below 1 a share of the users, from 1 a number of them.
        among: the users to draw from, [N].
        fold: from 0.
        folds: F, how many folds there are.
        rotating: whether every fold has users of its own.
        rng: source of randomness.

    Raises:
        UsageError: a size out of its range, nobody held out, nobody left for training, or groups that do not fit into
            a fold.
    """
    numbers = [group_size(size, len(among), "users") for size in sizes]
    if not rotating:
        return draw_groups(numbers, among, "users", rng)
    shares = [size if size < 1 else size / len(among) for size in sizes]
    if round(sum(shares) - 1 / folds, 9) > 0:
        raise UsageError(
            f"{' and '.join(f'{size:g}' for size in sizes)} of {len(among):,} users do not fit into one of {folds} "
            "folds that share no user",
            remedy=f"Hold out {1 / folds:.3g} of the users at most, all parts together, or hold out the same in all",
        )
    exact = (fold / folds + np.cumsum([0.0, *shares])) * len(among)
    bounds = np.floor(np.round(exact, 6) + 0.5).astype(np.int64)
    return draw_groups(np.diff(bounds).tolist(), among, "users", rng, skip=int(bounds[0]))
