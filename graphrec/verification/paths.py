"""Recency, popularity and diversity of the paths that a list's reasons name.

Source: Balloccu, Boratto, Fenu, Marras, "Post Processing Recommender Systems with Knowledge Graphs for Recency,
Popularity, and Diversity of Explanations", SIGIR 2022 (LIR, SEP and the diversity of types), and the same authors'
"Reinforcement Recommendation Reasoning through Knowledge Graphs for Explanation Path Quality", 2022, where diversity
is told apart into LID, SED, PTD and PTC. There every recommended item has one path

    user — linking interaction — … — shared entity — recommended item

Here a recommendation's path is its first reason, the one that is told first:

* the linking interaction is the user's interaction with the reason's anchor, the taken item it comes through;
* the shared entity is the reason's evidence where that is an attribute or an entity. Evidence that is a taken item
  reaches the recommended one without any, and has none;
* the type of the path is the reason's ground with the kind of its evidence: ``history``, ``item_attribute:genre``,
  ``profile:age``, ``entity:person``.

All are values of one user's list, cut to its first k recommendations, and are averaged over users. With n_k the number
of those k that have a path, of which the user's list may have fewer than k:

* LIR = mean over the paths of the recency of the linking interaction. For the interactions of a user by ascending
  time t¹ ≤ t² ≤ …: recency(1) = t¹, recency(i) = (1 − β) · recency(i − 1) + β · tⁱ, then min-max scaled to 0 … 1 for
  each user.
* SEP = mean over the paths of the popularity of the shared entity: the same smoothing and scaling of in-degrees in
  ascending order, for each type of node. An attribute's in-degree counts who carries it, an entity's the facts about
  items and entities that lead to it.
* LID = distinct linking interactions / paths that have one.
* SED = distinct shared entities / paths that have one.
* PTD = distinct types of paths / min(n_k, types that there can be).
* PTC = 1 − Σ_t n_t (n_t − 1) / (n_k (n_k − 1)), n_t the paths of type t: Simpson's index of concentration subtracted
  from 1, so that more is more even.

Choices where the papers leave one: β is .3 for both. Interactions of one time, and nodes of one degree, share the value
of the last of them, so that no order of ids decides. A user whose interactions are all of one time has no recency, nor
has one without timestamps; a type whose nodes are all of one degree has no popularity. A list with one path has no
PTC. Who has no value does not count in the mean.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import signal

from graphrec.evaluation.explanations.bands import mean_without_nan

if TYPE_CHECKING:
    import numpy.typing as npt

    _Floats = npt.NDArray[np.float64]

BETA = 0.3
"""β of both smoothings: the weight of what comes last."""

QUALITIES = ("LIR", "SEP", "LID", "SED", "PTD", "PTC")


@dataclass(frozen=True, eq=False)
class Paths:
    """One path for each recommendation of U users, best first; −1 and NaN where there is none.

    Attributes:
        link: int64 [U, K], the taken item that it comes through.
        shared: int64 [U, K], the shared attribute or entity, numbered together.
        kind: int64 [U, K], the type of the path.
        recency: float64 [U, K], of the linking interaction.
        popularity: float64 [U, K], of the shared node.
    """

    link: npt.NDArray[np.int64]
    shared: npt.NDArray[np.int64]
    kind: npt.NDArray[np.int64]
    recency: _Floats
    popularity: _Floats


def path_quality(paths: Paths, k: int, types: int) -> dict[str, _Floats]:
    """Return the six qualities of each user's first k recommendations, float64 [U] each; NaN where undefined.

    Args:
        paths: of the users' lists.
        k: how much of a list counts.
        types: how many types of paths there can be.
    """
    link, shared, kind = (part[:, :k] for part in (paths.link, paths.shared, paths.kind))
    count = (kind >= 0).sum(axis=1)
    pairs = count * (count - 1)
    with np.errstate(invalid="ignore", divide="ignore"):
        alike = np.where(pairs > 0, 1 - _level_pairs(kind) / pairs, np.nan)
        varied = np.where(count > 0, _distinct(kind) / np.minimum(count, max(types, 1)), np.nan)
    return {
        "LIR": mean_without_nan(paths.recency[:, :k], axis=1),
        "SEP": mean_without_nan(paths.popularity[:, :k], axis=1),
        "LID": _share_distinct(link),
        "SED": _share_distinct(shared),
        "PTD": varied,
        "PTC": alike,
    }


def smoothed(values: npt.NDArray[Any], groups: npt.NDArray[np.int64], beta: float = BETA) -> _Floats:
    """Return values smoothed exponentially in ascending order and scaled to 0 … 1, within each group.

    Args:
        values: [n]; NaN takes no part and gives NaN.
        groups: int64 [n], which values belong together.
        beta: weight of what comes last.
    """
    levels = np.full(len(values), np.nan)
    with_value = np.flatnonzero(~np.isnan(values))
    if not len(with_value):
        return levels
    order = with_value[np.lexsort((values[with_value], groups[with_value]))]
    group, value = groups[order], values[order].astype(np.float64)
    begins = np.flatnonzero(np.append(True, group[1:] != group[:-1]))
    lengths = np.diff(np.append(begins, len(group)))
    begin = np.repeat(begins, lengths)
    risen = value - value[begin]
    # One filter over all groups; what it carries over from the group before is taken out again.
    run = np.asarray(signal.lfilter([beta], [1, beta - 1], risen))
    before = np.append(0.0, run)[begin]
    level = run - before * (1 - beta) ** (np.arange(len(group)) - begin + 1)
    last = np.append((group[1:] != group[:-1]) | (value[1:] != value[:-1]), True)
    level = level[np.flatnonzero(last)[np.cumsum(np.append(0, last[:-1]))]]
    low, high = (np.repeat(part.reduceat(level, begins), lengths) for part in (np.minimum, np.maximum))
    flat = np.repeat(value[begins + lengths - 1] == value[begins], lengths)
    levels[order] = np.where(flat, np.nan, (level - low) / np.where(flat, 1.0, high - low))
    return levels


def _share_distinct(codes: npt.NDArray[np.int64]) -> _Floats:
    count = (codes >= 0).sum(axis=1)
    return np.where(count > 0, _distinct(codes) / np.maximum(count, 1), np.nan)


def _distinct(codes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    ordered = np.sort(codes, axis=1)
    fresh = np.concatenate([np.ones((len(codes), 1), dtype=np.bool_), ordered[:, 1:] != ordered[:, :-1]], axis=1)
    return np.asarray((fresh[:, : codes.shape[1]] & (ordered >= 0)).sum(axis=1))


def _level_pairs(codes: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return how many ordered pairs of places of a row hold the same code."""
    same = (codes[:, :, None] == codes[:, None, :]) & (codes >= 0)[:, :, None]
    return np.asarray(same.sum(axis=(1, 2)) - (codes >= 0).sum(axis=1))
