"""Greedy selection of paths by value and diversity."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt


def select_diverse(
    value: npt.NDArray[np.float64], parts: npt.NDArray[np.int64], count: int, diversity: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Choose paths one after another, each the best of the remaining ones after the penalty for overlap.

    A path is worth its value × (1 − diversity × overlap): the overlap is the largest share of its parts that any path
    chosen before has too. So values never rise along the list.

    Args:
        value: float64 [P, C], in descending order; −∞ where there is no path.
        parts: int64 [P, C, 3], what each path goes through: the taken item, the node between, the kind of edge.
        count: T, how many to choose.
        diversity: in [0, 1].

    Returns:
        Places int64 [P, T], −1 where nothing is left; and what the paths are worth, float64 [P, T], 0 there.
    """
    pairs, width = value.shape
    steps = min(count, width)
    places = np.full((pairs, steps), -1, dtype=np.int64)
    worth = np.zeros((pairs, steps))
    overlap = np.zeros((pairs, width))
    remaining = value.copy()
    rows = np.arange(pairs)
    for step in range(steps):
        penalised = np.where(np.isfinite(remaining), value * (1 - diversity * overlap), -np.inf)
        best = penalised.argmax(axis=1)
        has_path = np.isfinite(penalised[rows, best])
        places[has_path, step] = best[has_path]
        worth[has_path, step] = penalised[rows, best][has_path]
        same = (parts == parts[rows, best][:, None, :]).mean(axis=2)
        np.maximum(overlap, same, out=overlap)
        remaining[rows, best] = -np.inf
    return places, worth
