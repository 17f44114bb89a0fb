"""Altering one coordinate of vectors, and which items come near by it (InDGRM, section 6.2.6, Figures 10 to 12)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import row_blocks

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.evaluation.latents.neighbours import Neighbours


def altered(
    vectors: npt.NDArray[np.float64], directions: npt.NDArray[np.float64], levels: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return vectors whose coordinate along a direction is set to a level, all else as it is, float64 [R, L, S, d].

    Args:
        vectors: float64 [S, d].
        directions: of unit length, float64 [R, d].
        levels: coordinates along each direction, float64 [R, L].
    """
    now = directions @ vectors.T
    steps = levels[:, :, None] - now[:, None, :]
    moved: npt.NDArray[np.float64] = vectors + steps[..., None] * directions[:, None, None, :]
    return moved


def levels_of(
    vectors: npt.NDArray[np.float64], directions: npt.NDArray[np.float64], shares: tuple[float, ...]
) -> npt.NDArray[np.float64]:
    """Return the quantiles of the coordinates that vectors have along directions, float64 [R, shares].

    Args:
        vectors: float64 [n, d].
        directions: float64 [R, d].
        shares: of the quantiles, from 0 to 1.
    """
    levels = np.empty((len(directions), len(shares)))
    for block in row_blocks(len(directions), len(vectors)):
        levels[block] = np.quantile(vectors @ directions[block].T, shares, axis=0).T
    return levels


def pulls(
    neighbours: Neighbours,
    starts: npt.NDArray[np.float64],
    directions: npt.NDArray[np.float64],
    ends: npt.NDArray[np.float64],
    count: int,
) -> npt.NDArray[np.float64]:
    """Return how much nearer each item comes by altering along a direction, float64 [R, I].

    That is the share of starts among whose nearest items it is at the upper end, less that at the lower end, over the
    number of nearest items: rows sum to 0, and with marks of items they give the change of each mark's share.

    Args:
        neighbours: finds items.
        starts: vectors to alter, float64 [S, d].
        directions: of unit length, float64 [R, d].
        ends: lower and upper level of each direction, float64 [R, 2].
        count: nearest items that are looked at.
    """
    items, (number, size) = len(neighbours.items), directions.shape
    pull = np.zeros((number, items))
    for block in row_blocks(number, 2 * len(starts) * (items + size)):
        moved = altered(starts, directions[block], ends[block])
        near = neighbours.nearest(moved.reshape(-1, size), count).reshape(len(moved), 2, -1)
        rows = np.arange(len(moved))[:, None]
        for end, sign in ((0, -1.0), (1, 1.0)):
            np.add.at(pull[block], (rows, near[:, end]), sign / (len(starts) * count))
    return pull
