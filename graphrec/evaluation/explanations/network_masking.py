"""How far a score falls when one network of the model is masked, and who names the network that matters.

Four ways to choose the network of a pair: the one through which most of the score came (the greatest sum of weights),
the one that the user attends to most, one at random (the mean over the networks, as an expectation), and the oracle,
the one whose masking does lower the score most. Falls are in standard deviations of the user's scores over candidates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphrec.errors import UsageError
from graphrec.evaluation.explanations.attribute_networks import network_weights, networks_of
from graphrec.evaluation.explanations.falls import spread_over_candidates
from graphrec.evaluation.explanations.pair_batches import batches

if TYPE_CHECKING:
    import numpy.typing as npt
    import torch

    from graphrec.dataset.incidence import Incidence
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.model import Model


@dataclass(frozen=True, eq=False)
class NetworkMasking:
    """Falls of N × k pairs; NaN where a pair has no item or its user's scores are all alike.

    Attributes:
        networks: K kinds.
        fall: float64 [N, k, K], of the score without each network, in standard deviations.
        contribution: float64 [N, k, K], sum of the weights through each network.
        attention: float64 [N, k, K], of the user at the item.
    """

    networks: tuple[str, ...]
    fall: npt.NDArray[np.float64]
    contribution: npt.NDArray[np.float64]
    attention: npt.NDArray[np.float64]

    def falls(self) -> dict[str, npt.NDArray[np.float64]]:
        """Return the fall by each way to choose, float64 [N, k]; of networks that are level the first is taken."""
        return {
            "contribution": self._at(self.contribution),
            "attention": self._at(self.attention),
            "random": self.fall.mean(axis=2),
            "oracle": self.fall.max(axis=2),
        }

    def _at(self, key: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        chosen = np.where(np.isnan(key), -np.inf, key).argmax(axis=2)[:, :, None]
        fall: npt.NDArray[np.float64] = np.take_along_axis(self.fall, chosen, axis=2)[:, :, 0]
        return fall


def mask_networks(model: Model, profiles: Profiles, items: torch.Tensor, taken: Incidence) -> NetworkMasking:
    """Mask every network of every pair once.

    Args:
        model: fitted, with attribute networks.
        profiles: of N users, in the model's numbering.
        items: int64 [N, k], what is explained; −1 where a user has fewer.
        taken: N × items, what is no candidate.

    Raises:
        UsageError: the model has no attribute networks.
    """
    with_networks = networks_of(model)
    networks = with_networks.networks
    if not networks:
        raise UsageError(f"{model.name} has learned no network that could be masked", remedy="Fit it with attributes")
    fall, contribution, attention = (np.full((*items.shape, len(networks)), np.nan) for _ in range(3))
    for batch in batches(model, profiles, items, subsets=len(networks)):
        some, named, rows = batch.profiles, batch.valid_items, batch.rows
        whole = model.score(some)
        spread = spread_over_candidates(whole, taken.rows(rows))[:, None]
        scores = whole.gather(1, named).double().numpy()
        for place, kind in enumerate(networks):
            masked = with_networks.score_without_network(some, named, kind).double().numpy()
            fall[rows, :, place] = (scores - masked) / spread
        contribution[rows] = network_weights(model.evidence(some, named), networks).numpy()
        attention[rows] = with_networks.attention(some, named).double().numpy()
    fall[(items < 0).numpy()] = np.nan
    return NetworkMasking(networks, fall, contribution, attention)
