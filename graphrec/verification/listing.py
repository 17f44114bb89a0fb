"""The paths of users' lists: the stored first reasons, and random evidence in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.evaluation.explanations.bands import band_of
from graphrec.evaluation.explanations.comparison import paired
from graphrec.schema.property_graph import GROUNDS
from graphrec.tables.effects import RowFinder
from graphrec.verification.paths import QUALITIES, Paths, path_quality
from graphrec.verification.sampled_evidence import POOLED, sample_evidence

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.verification.claims import Claims
    from graphrec.verification.sampled_evidence import EvidenceData, SampledEvidence

    _Ints = npt.NDArray[np.int64]
    Qualities = dict[int, dict[str, dict[str, npt.NDArray[np.float64]]]]

SIDES = ("stored", "random")


def stored_and_random(
    around: EvidenceData, claims: Claims, grounds: Sequence[str], *, seed: int = 0
) -> tuple[Paths, Paths]:
    """Return the paths of whole lists as they are stored, and drawn at random for the same recommendations.

    Random draws for those recommendations that have a stored path, so that both are of the same pairs.

    Args:
        around: the data.
        claims: whole lists of some users.
        grounds: of the run's reasons; random evidence is of those that can be drawn from.
        seed: of Random.
    """
    listed = claims.recommendations
    users = around.data.users.require(listed["user"].combine_chunks()).astype(np.int64)
    row = np.cumsum(np.append(0, users[1:] != users[:-1]))[: len(users)]
    shape = (int(row.max(initial=-1)) + 1, int(listed["rank"].to_numpy().max(initial=1)))
    place = row, listed["rank"].to_numpy() - 1
    pair, reason = _first_reasons(claims)
    own = _as_paths_of_stored(around, reason)
    items = around.data.items.require(listed["item"].combine_chunks()).astype(np.int64)
    drawn = sample_evidence(around, users[pair], items[pair], [g for g in POOLED if g in grounds], seed=seed)
    at = place[0][pair], place[1][pair]
    return _paths(around, users[pair], own, at, shape), _paths(around, users[pair], _as_told(drawn), at, shape)


def quality_at(pair: tuple[Paths, Paths], lengths: Sequence[int], types: int) -> Qualities:
    """Return the qualities of stored and of random paths at each length of list, by length, side and name.

    Args:
        pair: stored and random paths of the same users.
        lengths: k of every quality.
        types: how many types of paths there can be.
    """
    return {k: {side: path_quality(paths, k, types) for side, paths in zip(SIDES, pair, strict=True)} for k in lengths}


def summary(batches: Sequence[Qualities]) -> dict[str, Any]:
    """Return the means over the users of all batches, for JSON: stored, random, and their paired difference."""
    return {
        f"{name}@{k}": _compared(*(np.concatenate([part[k][side][name] for part in batches]) for side in SIDES))
        for k in (batches[0] if batches else ())
        for name in QUALITIES
    }


def _compared(stored: npt.NDArray[np.float64], chance: npt.NDArray[np.float64]) -> dict[str, Any]:
    """Compare users who have a value on both sides; so both means are of the same users."""
    both = ~np.isnan(stored) & ~np.isnan(chance)
    one, two = (np.where(both, side, np.nan)[:, None] for side in (stored, chance))
    return {
        "stored": band_of(one).to_dict(),
        "random": band_of(two).to_dict(),
        "compared": paired(one, two).to_dict(),
        "stored_alone": band_of(stored[:, None]).to_dict(),
    }


def _first_reasons(claims: Claims) -> tuple[_Ints, pa.Table]:
    """Return, for each recommendation with a supporting reason, its row and that reason."""
    names = ("user", "item")
    at = RowFinder([claims.recommendations[name] for name in names]).find([claims.reasons[name] for name in names])
    rank = claims.reasons["rank"].to_numpy()
    use = np.flatnonzero((at >= 0) & (rank > 0))
    order = use[np.lexsort((claims.reasons["set"].to_numpy()[use], rank[use], at[use]))]
    pair, first = np.unique(at[order], return_index=True)
    return pair, claims.reasons.take(pa.array(order[first]))


def _as_paths_of_stored(around: EvidenceData, reasons: pa.Table) -> tuple[_Ints, _Ints, _Ints]:
    """Return ground, shared node (−1 for none) and linking item (−1 for none) of stored reasons."""
    data = around.data
    label = np.asarray(reasons["label"].to_pylist(), dtype=object)
    ids = reasons["evidence"].combine_chunks()
    attribute, entity = data.attributes.positions(ids).astype(np.int64), data.entities.positions(ids).astype(np.int64)
    shared = np.where(label == "Attribute", attribute, -1)
    shared = np.where((label == "Entity") & (entity >= 0), entity + len(data.attributes), shared)
    link = data.items.positions(reasons["anchor"].combine_chunks().fill_null("")).astype(np.int64)
    link = np.where(np.asarray(reasons["anchor"].is_null()), -1, link)
    ground = np.asarray(pc.index_in(reasons["ground"], value_set=pa.array(GROUNDS)), dtype=np.int64)
    return ground, shared, link


def _as_told(drawn: SampledEvidence) -> tuple[_Ints, _Ints, _Ints]:
    names = np.array([*(GROUNDS.index(name) for name in POOLED), -1], dtype=np.int64)
    return names[drawn.ground], np.where(drawn.ground == POOLED.index("history"), -1, drawn.node), drawn.anchor


def _paths(
    around: EvidenceData,
    users: _Ints,
    first_reasons: tuple[_Ints, _Ints, _Ints],
    at: tuple[_Ints, _Ints],
    shape: tuple[int, int],
) -> Paths:
    ground, shared, link = first_reasons
    with_kind = np.where(shared >= 0, around.kind[np.maximum(shared, 0)] + 1 if len(around.kind) else 0, 0)
    kind = np.where(ground >= 0, ground * (len(around.kinds) + 1) + with_kind, -1)
    popular = np.append(around.popularity, np.nan)[np.where(shared >= 0, shared, -1)]

    def placed(values: npt.NDArray[Any], empty: float) -> npt.NDArray[Any]:
        whole = np.full(shape, empty, dtype=values.dtype)
        whole[at] = values
        return whole

    recency = around.recency_of(users, link)
    return Paths(*(placed(part, -1) for part in (link, shared, kind)), *(placed(p, np.nan) for p in (recency, popular)))
