"""Places of users and items, their prediction from attributes, and the loss of CML."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.cml.config import CMLConfig
    from graphrec.models.cml.examples import PairBatch

START = 0.1
"""Approximate distance of places from the centre at the start: training from the surface is several times slower."""


class CMLNetwork(nn.Module):
    """Places in the unit ball, and a network f(x) = B ReLU(A x̄ + a) + b from attributes to places.

    x̄ is the mean over the attributes of a user or item; both share f, as they share the space.

    Source: Hsieh, Yang, Cui, Lin, Belongie, Estrin, "Collaborative Metric Learning", WWW 2017: the hinge loss (1) with
    the rank weights (2) estimated from sampled items, the feature loss (5), the covariance penalty (6).

    Args:
        shape: (users, items, attributes).
        config: sizes, weights and seed.

    Attributes:
        users, items: places, [users, r] and [items, r].
        attributes: A, [attributes, r]; not there where attributes are left out.
    """

    def __init__(self, shape: tuple[int, int, int], config: CMLConfig) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(config.seed)
        size = config.embedding_size
        self._config = config
        self.users, self.items = (_normal(count, size, START / math.sqrt(size), generator) for count in shape[:2])
        if config.attribute_weight:
            self.attributes = _normal(shape[2], size, 1.0, generator)
            self.attribute_shift = nn.Parameter(torch.zeros(size))
            self.outward = _normal(size, size, 1 / math.sqrt(size), generator)
            self.outward_shift = nn.Parameter(torch.zeros(size))

    def hinge(self, batch: PairBatch) -> torch.Tensor:
        """Return the mean over the batch of w · mean_k [m + d(u, i)² − d(u, k)²]₊, k over the drawn items not taken.

        The weight is log(1 + rank); of U items not taken M are nearer than the margin allows, so that the rank in the
        whole catalogue is about items · M / U. The mean stands for the paper's sum over k, so that the loss does not
        grow with U.
        """
        device = self.users.device
        users, items, negatives, free = (
            torch.from_numpy(part).to(device) for part in (batch.users, batch.items, batch.negatives, batch.free)
        )
        user = self.users[users]
        near = (user - self.items[items]).square().sum(dim=1)
        far = squared_distances(user, self.items[negatives])
        violations = torch.relu(self._config.margin + near[:, None] - far) * free
        with torch.no_grad():
            compared = free.sum(dim=1).clamp(min=1)
            weight = torch.log1p(len(self.items) * (violations > 0).sum(dim=1) / compared) / compared
        return (weight * violations.sum(dim=1)).mean()

    def spread(self, batch: PairBatch) -> torch.Tensor:
        """Return Σ C_pq² over p ≠ q, C the covariance of the places of the batch's users and items."""
        users, items = (torch.from_numpy(np.unique(part)) for part in (batch.users, batch.items))
        places = torch.cat([self.users[users.to(self.users.device)], self.items[items.to(self.items.device)]])
        centred = places - places.mean(dim=0)
        covariance = centred.T @ centred / len(places)
        return covariance.square().sum() - covariance.diagonal().square().sum()

    def attribute_places(self, carried: Incidence) -> torch.Tensor:
        """Return f of each row's attributes, [B, r], anywhere in space.

        Args:
            carried: B × attributes.
        """
        device = self.attributes.device
        indices = torch.from_numpy(carried.indices.astype(np.int64)).to(device)
        starts = torch.from_numpy(carried.indptr[:-1]).to(device)
        mean = functional.embedding_bag(indices, self.attributes, starts, mode="mean")
        hidden = functional.dropout(torch.relu(mean + self.attribute_shift), self._config.dropout, self.training)
        return hidden @ self.outward.T + self.outward_shift

    def attribute_loss(self, places: torch.Tensor, numbers: np.ndarray, carried: Incidence) -> torch.Tensor:
        """Return the mean of ‖f(x) − place‖² over those of the numbers that carry attributes; 0 without any.

        Args:
            places: of all users, or of all items.
            numbers: int64, those of the batch.
            carried: all users, or all items, × attributes.
        """
        unique = np.unique(numbers)
        unique = unique[carried.counts[unique] > 0]
        if not len(unique):
            return places.new_zeros(())
        apart = self.attribute_places(carried.rows(unique)) - places[torch.from_numpy(unique).to(places.device)]
        return apart.square().sum(dim=1).mean()

    @torch.no_grad()
    def project_into_ball(self) -> None:
        """Move every place outside of the unit ball to its surface."""
        for places in (self.users, self.items):
            places.div_(places.norm(dim=1, keepdim=True).clamp(min=1))


def squared_distances(first: torch.Tensor, second: torch.Tensor) -> torch.Tensor:
    """Return ‖a − b‖² of all pairs, [B, n], as ‖a‖² + ‖b‖² − 2 <a, b>."""
    lengths = first.square().sum(dim=1)[:, None] + second.square().sum(dim=1)
    return (lengths - 2 * first @ second.T).clamp_(min=0)


def _normal(rows: int, columns: int, deviation: float, generator: torch.Generator) -> nn.Parameter:
    return nn.Parameter(deviation * torch.randn(rows, columns, generator=generator))
