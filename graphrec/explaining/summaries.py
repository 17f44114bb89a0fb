"""Summaries of a recommendation: which item groups its reasons came through, and which user clusters the user is of.

Reasons say each input by itself. An item group's summary is the sum of the weights that came through it, all of them,
stored or not; a user cluster's is the user's membership in it, the same for every recommendation. Both repeat what is
there already, so that they are explanations beside the reasons, never added to them: their method is the kind of the
factor (``SUMMARIES``).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import torch

from graphrec.explaining.evidence import Slots
from graphrec.explaining.explanation import Explanation
from graphrec.explaining.selection import choose_strongest
from graphrec.schema.property_graph import EVIDENCE_LABELS, GROUNDS, ITEM_GROUP, USER_CLUSTER

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.explaining.evidence import Evidence
    from graphrec.explaining.factors import Factors

MOST_GROUPS, MOST_CLUSTERS = 3, 2
"""Item groups for a recommendation (and as many against it), and user clusters, that are stored at most."""


def summaries(
    explanation: Explanation,
    factors: Factors,
    belonging: npt.NDArray[np.float32],
    *,
    reasons: int,
    against: int,
) -> dict[str, Explanation]:
    """Return what the groups and the clusters of a fit say of B × k recommendations, by method.

    Only factors that the user belongs to, as far as it is stored, are told. The share of a group is its part of all
    evidence, that of a cluster the membership itself.

    Args:
        explanation: of the recommendations, with the model's own evidence.
        factors: of the fit; those of other kinds have no part.
        belonging: float32 [B, factors], of the users.
        reasons: supporting reasons a recommendation, at most; no more summaries than these either.
        against: opposing reasons a recommendation, at most.

    Returns:
        An explanation for each kind of which the fit has any. Nothing of it is measured, since no factor can be
        removed.
    """
    evidence, total = explanation.evidence, explanation.chosen.total
    said: dict[str, Explanation] = {}
    groups, clusters = factors.of_kind(ITEM_GROUP), factors.of_kind(USER_CLUSTER)
    if len(groups):
        weights = weights_through(evidence, factors)[:, :, groups]
        limits = min(reasons, MOST_GROUPS), min(against, MOST_GROUPS)
        said[ITEM_GROUP] = _summary(factors, belonging, groups, weights, total, limits)
    if len(clusters):
        users, k = evidence.weights.shape[:2]
        gates = torch.from_numpy(belonging[:, clusters])[:, None].expand(users, k, -1).contiguous()
        limits = min(reasons, MOST_CLUSTERS), 0
        said[USER_CLUSTER] = _summary(factors, belonging, clusters, gates, torch.ones(users, k), limits)
    return said


def weights_through(evidence: Evidence, factors: Factors) -> torch.Tensor:
    """Return the sum of the weights that came through each factor, float32 [B, k, factors]."""
    users, k, _ = evidence.weights.shape
    count = len(factors.ids)
    names = pa.array([f"factor:{name}" for name in factors.ids.ids.to_pylist()], pa.string())
    factor_of_via = pc.index_in(evidence.via_names, value_set=names).fill_null(count).to_numpy(zero_copy_only=False)
    target = np.where(evidence.labels >= 0, factor_of_via[evidence.vias], count).astype(np.int64)
    sums = evidence.weights.new_zeros(users, k, count + 1)
    sums.scatter_add_(2, torch.from_numpy(target)[:, None].expand_as(evidence.weights), evidence.weights)
    return sums[:, :, :count]


def _summary(
    factors: Factors,
    belonging: npt.NDArray[np.float32],
    chosen: npt.NDArray[np.int64],
    weights: torch.Tensor,
    total: torch.Tensor,
    limits: tuple[int, int],
) -> Explanation:
    """Return the strongest of some factors as an explanation, weights [B, k, chosen]; shares are of ``total``."""
    shape = (len(belonging), len(chosen))
    slots = Slots(
        labels=np.full(shape, EVIDENCE_LABELS.index("Factor"), dtype=np.int8),
        nodes=np.broadcast_to(chosen.astype(np.int32), shape),
        grounds=np.full(shape, GROUNDS.index("factor"), dtype=np.int8),
        vias=np.zeros(shape, dtype=np.int32),
        via_names=pa.array(["self"]),
    )
    shown = torch.from_numpy(factors.are_stored(belonging[:, chosen]))
    strongest = choose_strongest(weights, shown, reasons=limits[0], against=limits[1])
    unmeasured = torch.full(strongest.slots.shape, float("nan"))
    return Explanation(slots.weighed(weights), replace(strongest, total=total), unmeasured)
