"""The parameters of SVDFeature: those of a factorisation machine, and a vector of each item as one that was taken."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from typing_extensions import override

from graphrec.dataset.incidence import Incidence
from graphrec.models.fm.network import SPREAD, FMNetwork

if TYPE_CHECKING:
    from graphrec.models.fields.cases import Cases
    from graphrec.models.fm.feature_sums import FeatureSums
    from graphrec.models.svdfeature.config import SVDFeatureConfig


class SVDFeatureNetwork(FMNetwork):
    """As ``FMNetwork``, with y of all items, the features of who took them.

    Args:
        positives: users × items, what users took.
        of_users: users × attributes.
        of_items: items × attributes.
        config: of the model.

    Attributes:
        feedback: y, [items, d], zeros where an item is no feature.
        is_feature: bool [items], those that somebody took; none without ``config.feedback``.
    """

    def __init__(
        self, positives: Incidence, of_users: Incidence, of_items: Incidence, config: SVDFeatureConfig
    ) -> None:
        super().__init__(of_users, of_items, positives.counts > 0, config)
        self._positives = positives if config.feedback else Incidence.empty(positives.n_rows, positives.n_columns)
        self.is_feature = np.bincount(self._positives.indices, minlength=positives.n_columns) > 0
        generator = torch.Generator().manual_seed(config.seed + 1)
        start = torch.randn(positives.n_columns, config.embedding_size, generator=generator) * SPREAD
        self.feedback = nn.Parameter(start * torch.from_numpy(self.is_feature)[:, None])

    @override
    def of_examples(self, batch: Cases, users: FeatureSums) -> FeatureSums:
        """Return the user's feature sums in each example, whose own positive is no feature of it."""
        sums = super().of_examples(batch, users)
        taken = self._positives.rows(batch.users)
        if not taken.n_entries:
            return sums
        device = self.bias.device
        user, item = (torch.from_numpy(part).to(device) for part in (batch.user, batch.items[batch.item]))
        squares = self.feedback.square().sum(dim=1, keepdim=True)
        table = torch.cat([self.feedback, squares], dim=1)
        others = summed(taken, table)[user] - table[item]
        values = value_of_each(torch.from_numpy(taken.counts).to(others) - 1)[user, None]
        return replace(
            sums,
            vectors=sums.vectors + values * others[:, :-1],
            penalty=sums.penalty + values[:, 0] * others[:, -1].clamp(min=0),
        )


def summed(taken: Incidence, table: torch.Tensor) -> torch.Tensor:
    """Return the sum of the table's rows over the items of each user, [B, d].

    Args:
        taken: B × items.
        table: [items, d].
    """
    members, starts = (torch.from_numpy(part).to(table.device) for part in (taken.indices, taken.indptr[:-1]))
    return functional.embedding_bag(members.long(), table, starts, mode="sum")


def value_of_each(counts: torch.Tensor) -> torch.Tensor:
    """Return n^−½, the value of each of n taken items as a feature; 1 where there is none."""
    return counts.clamp(min=1).pow(-0.5)


def feedback_of(taken: Incidence, feedback: torch.Tensor) -> torch.Tensor:
    """Return n^−½ Σ_j y_j over the n items that each user took, [B, d].

    Args:
        taken: B × items.
        feedback: y, [items, d].
    """
    return summed(taken, feedback) * value_of_each(torch.from_numpy(taken.counts).to(feedback))[:, None]
