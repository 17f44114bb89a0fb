"""What becomes of a recommended item without the history items of the factor, such as an item group, that weighs most.

A factor weighs what all evidence weighs that came through it; its items are those that belong to it more than to any
other. Beside them as many taken items go at random, the mean over several draws, and as many of those that weigh most,
whatever they came through. A factor that all taken items are of leaves nothing to score with, and nothing to compare
with: such pairs are not measured, but counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.errors import UsageError
from graphrec.evaluation.explanations.falls import Unit, spread_over_candidates
from graphrec.evaluation.explanations.orders import chances_of, order_of_weights, random_order
from graphrec.evaluation.explanations.pair_batches import batches
from graphrec.evaluation.explanations.pair_scores import candidates_of, likelihoods_of_pairs
from graphrec.explaining.model_explainer import summed_by_input
from graphrec.explaining.summaries import weights_through
from graphrec.schema.property_graph import EVIDENCE_LABELS, USER_CLUSTER

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.evaluation.explanations.pair_batches import PairBatch
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.factors import Factors
    from graphrec.models.model import Model

REMOVED = ("group", "random", "strongest")
"""What is switched off: the items of the group, as many at random, as many of the strongest."""


@dataclass(frozen=True, eq=False)
class GroupRemoval:
    """Falls of N × k pairs; NaN where a pair was not measured.

    Attributes:
        falls: by unit and what was switched off (``REMOVED``), float64 [N, k].
        members: int64 [N, k], taken items of the group that weighs most; 0 where evidence came through none.
        taken: int64 [N], taken items of each user.
    """

    falls: Mapping[Unit, Mapping[str, npt.NDArray[np.float64]]]
    members: npt.NDArray[np.int64]
    taken: npt.NDArray[np.int64]

    @property
    def without_group(self) -> int:
        """Number of pairs of which no evidence came through a factor."""
        return int((self.members == 0).sum())

    @property
    def of_one_group(self) -> int:
        """Number of pairs whose group is all that the user took."""
        return int(((self.members > 0) & (self.members == self.taken[:, None])).sum())


def remove_groups(
    model: Model,
    factors: Factors,
    profiles: Profiles,
    items: torch.Tensor,
    taken: Incidence,
    *,
    draws: int = 5,
    seed: int = 0,
) -> GroupRemoval:
    """Switch off the group that weighs most of every pair, and the controls.

    Args:
        model: fitted, with evidence that came through factors (a ``via`` of ``factor:ID``).
        factors: of the fit; clusters of users are no groups.
        profiles: of N users, in the model's numbering.
        items: int64 [N, k], what is explained; none is missing.
        taken: N × items, what is no candidate.
        draws: of random items, whose falls are averaged.
        seed: of the draws and of ties.

    Raises:
        UsageError: no evidence of the model came through a factor that items belong to.
    """
    falls: dict[Unit, dict[str, npt.NDArray[np.float64]]] = {
        unit: {name: np.full(items.shape, np.nan) for name in REMOVED} for unit in ("sd", "log_p")
    }
    members = np.zeros(items.shape, dtype=np.int64)
    group_of_item = groups_of_items(factors, profiles.items.n_columns)
    _require(model, found=bool((group_of_item >= 0).any()))
    for batch in batches(model, profiles, items, subsets=draws + 3):
        slots, rows = batch.slots, batch.rows
        evidence = model.evidence(batch.profiles, batch.items)
        of_group = strongest_group(weights_through(evidence, factors), slots, group_of_item)
        sizes = of_group.sum(dim=2)
        members[rows] = sizes.numpy()
        kept = _kept(batch, evidence, of_group, draws, seed)
        candidates = candidates_of(taken.rows(rows))
        scores, log_p = likelihoods_of_pairs(model, batch.profiles, slots, kept, batch.items, candidates)
        spread = spread_over_candidates(model.score(batch.profiles), taken.rows(rows))[:, None, None]
        able = ((sizes > 0) & (sizes < is_taken_item(slots).sum(dim=1)[:, None])).numpy()
        values_by_unit: dict[Unit, npt.NDArray[np.float64]] = {"sd": scores.numpy() / spread, "log_p": log_p.numpy()}
        for unit, values in values_by_unit.items():
            lost = np.where(able[:, :, None], values[:, :, :1] - values[:, :, 1:], np.nan)
            for name, of in zip(REMOVED, (lost[:, :, 0], lost[:, :, 2:].mean(axis=2), lost[:, :, 1]), strict=True):
                falls[unit][name][rows] = of
    _require(model, found=bool(members.any()))
    return GroupRemoval(falls, members, profiles.items.counts)


def _require(model: Model, *, found: bool) -> None:
    if not found:
        raise UsageError(
            f"no evidence of {model.name} came through a factor that items belong to",
            remedy="Name a row whose model gives reasons through item groups or other factors",
        )


def groups_of_items(factors: Factors, n_items: int) -> npt.NDArray[np.int64]:
    """Return the factor that each item belongs to most, int64 [items]; −1 for none. Clusters of users do not count.

    Args:
        factors: of a fit.
        n_items: size of the catalogue.
    """
    if "Item" not in factors.members:
        return np.full(n_items, -1, dtype=np.int64)
    weights = factors.members["Item"].copy()
    weights[:, factors.of_kind(USER_CLUSTER)] = 0
    most: npt.NDArray[np.int64] = np.where(weights.max(axis=1, initial=0) > 0, weights.argmax(axis=1), -1)
    return most


def strongest_group(through: torch.Tensor, slots: Slots, group_of_item: npt.NDArray[np.int64]) -> torch.Tensor:
    """Return which inputs are taken items of the factor that weighs most, bool [B, k, n]; of level ones the first.

    Only factors count that some taken item is of, and that some evidence came through.

    Args:
        through: float32 [B, k, factors], the weights through each.
        slots: the inputs of these users, n at most.
        group_of_item: int64 [items], the factor of each; −1 for none.
    """
    of_input = torch.from_numpy(np.where(is_taken_item(slots).numpy(), group_of_item[np.maximum(slots.nodes, 0)], -1))
    factors = through.shape[2]
    inhabited = torch.zeros(len(of_input), factors + 1, dtype=torch.bool)
    inhabited.scatter_(1, torch.where(of_input < 0, factors, of_input), value=True)
    is_group = inhabited[:, None, :-1] & (through != 0)
    strongest = through.masked_fill(~is_group, float("-inf")).argmax(dim=2)
    return is_group.any(dim=2)[:, :, None] & (of_input[:, None, :] == strongest[:, :, None])


def is_taken_item(slots: Slots) -> torch.Tensor:
    """Return bool [B, n], which inputs are taken items."""
    return torch.from_numpy(slots.labels == EVIDENCE_LABELS.index("Item"))


def _kept(batch: PairBatch, evidence: Evidence, of_group: torch.Tensor, draws: int, seed: int) -> torch.Tensor:
    """Return the subsets of inputs: all, without the group, without the strongest, without each draw; [B, k, T, n]."""
    slots, items = batch.slots, batch.items
    filled, is_item = slots.filled, is_taken_item(slots)
    sizes = of_group.sum(dim=2)[:, :, None]
    chances = [chances_of(batch.profiles, slots, items, seed=seed + draw) for draw in range(draws + 1)]
    weights = summed_by_input(evidence, slots).weights
    orders = [
        order_of_weights(weights, is_item, chances[-1]),
        *(random_order(is_item, drawn) for drawn in chances[:-1]),
    ]
    removed = [torch.zeros_like(of_group), of_group, *(order.ranks < sizes for order in orders)]
    return filled[:, None, None, :] & ~torch.stack(removed, dim=2)
