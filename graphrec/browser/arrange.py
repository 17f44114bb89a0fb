"""The layout of a why-graph: from left to right, with no arrow through a node."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TypeAlias

    import numpy.typing as npt

    _Points: TypeAlias = npt.NDArray[np.float64]

_TRIES = 4000
_CLEARANCE = 0.42
"""Least distance of an arrow from a node that it does not belong to, in rows."""

_CAPTION = 0.6
"""Least distance between the captions of two arrows, in rows."""


@dataclass(frozen=True)
class DrawnNode:
    """One node as the Browser draws it: its element's id and its label."""

    id: str
    label: str


def arrange(
    nodes: Sequence[DrawnNode], links: Sequence[tuple[str, str]], *, seed: int = 0
) -> Mapping[str, tuple[float, float]]:
    """Return a place for each node: x in columns, y in rows, both from 0 to 1.

    Columns from the left: the user; items of the history; evidence; the recommendation; the recommended item. Rows are
    drawn at random many times over, at first all of them and then one column's, and the draw with the fewest arrows
    through nodes, the least crowding and crossing, and the shortest arrows is kept.

    Args:
        nodes: all that is drawn.
        links: pairs of node ids that an arrow joins.
        seed: of the draws.
    """
    column = np.array(_columns(nodes, links), dtype=float)
    position = {node.id: k for k, node in enumerate(nodes)}
    ends = np.array([(position[a], position[b]) for a, b in links if a != b], dtype=int).reshape(-1, 2)
    rows = max(int(np.bincount(column.astype(int)).max()) + 1, 3)
    rng = np.random.default_rng(seed)
    best, least = _draw(column, rows, rng), np.inf
    for attempt in range(_TRIES):
        drawn = _draw(column, rows, rng)
        if 2 * attempt > _TRIES:  # Refine: draw one column anew, keep the others.
            drawn = np.where((column == rng.choice(column))[:, None], drawn, best)
        cost = _cost(drawn, ends)
        if cost < least:
            best, least = drawn, cost
    width, height = max(column.max(), 1.0), float(rows - 1)
    return {node.id: (float(best[k, 0]) / width, float(best[k, 1]) / height) for k, node in enumerate(nodes)}


def _columns(nodes: Sequence[DrawnNode], links: Sequence[tuple[str, str]]) -> list[int]:
    users = {node.id for node in nodes if node.label == "User"}
    taken = {b for a, b in links if a in users}
    places = {"User": 0, "Recommendation": 3}
    return [places.get(n.label, 2 if n.label != "Item" else 1 if n.id in taken else 4) for n in nodes]


def _draw(column: _Points, rows: int, rng: np.random.Generator) -> _Points:
    y = np.empty(len(column))
    for place in np.unique(column):
        members = np.flatnonzero(column == place)
        slots = rng.permutation(rows)[: len(members)] if len(members) > 1 else np.array([rng.integers(0, rows)])
        y[members] = slots
    return np.stack([column, y], axis=1)


def _cost(places: _Points, ends: npt.NDArray[np.int64]) -> float:
    scaled = places * np.array([1.6, 1.0])
    start, stop = scaled[ends[:, 0]], scaled[ends[:, 1]]
    along = stop - start
    length = np.linalg.norm(along, axis=1)
    offset = scaled[None] - start[:, None]
    reach = np.clip((offset * along[:, None]).sum(-1) / np.maximum(length[:, None] ** 2, 1e-9), 0, 1)
    gap = np.linalg.norm(offset - reach[..., None] * along[:, None], axis=-1)
    own = np.zeros(gap.shape, dtype=bool)
    own[np.arange(len(ends)), ends[:, 0]] = own[np.arange(len(ends)), ends[:, 1]] = True
    through = np.clip(_CLEARANCE - gap, 0, None)[~own].sum()
    return float(200 * through + 60 * _crowding(start, stop) + 3 * _crossings(start, stop, ends) + length.sum())


def _crossings(start: _Points, stop: _Points, ends: npt.NDArray[np.int64]) -> int:
    first, second = np.triu_indices(len(ends), 1)
    shared = (ends[first][:, :, None] == ends[second][:, None, :]).any(axis=(1, 2))
    a, b, c, d = start[first], stop[first], start[second], stop[second]
    crossed = (_is_left_of(a, b, c) != _is_left_of(a, b, d)) & (_is_left_of(c, d, a) != _is_left_of(c, d, b)) & ~shared
    return int(crossed.sum())


def _is_left_of(a: _Points, b: _Points, c: _Points) -> npt.NDArray[np.bool_]:
    along, aside = b - a, c - a
    turned: npt.NDArray[np.bool_] = along[:, 0] * aside[:, 1] > along[:, 1] * aside[:, 0]
    return turned


def _crowding(start: _Points, stop: _Points) -> float:
    """Return a cost for captions of arrows (in their middles) that are close to each other."""
    middle = (start + stop) / 2
    gap = np.linalg.norm(middle[:, None] - middle[None], axis=-1)
    return float(np.clip(_CAPTION - gap[np.triu_indices(len(middle), 1)], 0, None).sum())
