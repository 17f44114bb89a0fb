"""A model with two clusters of users and two groups of items that anybody can follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import torch

from graphrec.dataset.ids import IdMap
from graphrec.explaining.factors import Factors
from graphrec.models.ease import EASE

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles

KINDS = ("item_group", "user_cluster", "item_group", "user_cluster", "user_cluster")


class Clustered(EASE):
    """Items of even number are of one group, odd ones of the other; a user is of the cluster of most of their items.

    A third cluster stays empty. Latents of users are the numbers of even and odd items, those of items mark their half.
    """

    name = "clustered"

    def factors(self, dataset: Dataset) -> Factors:
        odd = np.arange(len(dataset.items)) % 2
        members = np.zeros((len(odd), len(KINDS)), dtype=np.float32)
        members[:, 0], members[:, 2] = 0.5 + 0.5 * (odd == 0), 0.5 + 0.5 * odd
        ids = IdMap.of(
            "Factor",
            [f"f/{number}" for number in range(len(KINDS))],
            name=["even", "likes even", "odd", "likes odd", "nobody"],
            kind=list(KINDS),
            index=pa.array(range(len(KINDS))),
        )
        return Factors(ids, "f", {"Item": members})

    def user_memberships(self, profiles: Profiles, factors: Factors) -> np.ndarray:
        latents = self.user_latents(profiles).numpy()
        memberships = np.zeros((len(profiles), len(factors.ids)), dtype=np.float32)
        memberships[:, [1, 3]] = latents / np.maximum(latents.sum(axis=1, keepdims=True), 1)
        return memberships

    def user_latents(self, profiles: Profiles) -> torch.Tensor:
        matrix = profiles.items.csr(np.float32)
        even = np.asarray(matrix[:, ::2].sum(axis=1)).ravel()
        return torch.from_numpy(np.column_stack([even, profiles.items.counts - even]).astype(np.float32))

    def scores_of_latents(self, latents: torch.Tensor) -> torch.Tensor:
        return latents @ self.item_latents().T

    def item_latents(self) -> torch.Tensor:
        items = len(self.record.nodes["Item"])
        return torch.nn.functional.one_hot(torch.arange(items) % 2, 2).float()


def fitted(dataset: Dataset, **settings: Any) -> Clustered:
    return Clustered(**settings).fit(dataset)
