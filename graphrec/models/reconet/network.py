"""The network of RecoNet: x = Q I / |FS|, ŷ = W x, or ŷ = W ReLU(V x) with a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from graphrec.models.losses import softmax_cross_entropy

if TYPE_CHECKING:
    from graphrec.models.reconet.config import RecoNetConfig
    from graphrec.models.reconet.example_batch import ExampleBatch
    from graphrec.models.reconet.features import FeatureSets


class RecoNetNetwork(nn.Module):
    """Q, V and W, none with a bias, drawn as Glorot and Bengio (Xavier) say.

    Args:
        n_features: |V| + number of attributes.
        n_items: |V|.
        config: sizes and seed.

    Attributes:
        features: Q, [features, d].
        hidden: V, [h, d]; None in the linear model.
        output: W, [items, d] or [items, h].
    """

    def __init__(self, n_features: int, n_items: int, config: RecoNetConfig) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(config.seed)
        width = config.hidden_size or config.embedding_size
        self.features = _xavier(n_features, config.embedding_size, generator)
        self.hidden = _xavier(width, config.embedding_size, generator) if config.hidden_size else None
        self.output = _xavier(n_items, width, generator)

    def loss(self, batch: ExampleBatch) -> torch.Tensor:
        """Return the mean cross-entropy of the examples: full sums once a user, less what each example misses."""
        device = self.features.device
        features, starts, removed, removed_starts, user, sizes, labels = (
            torch.from_numpy(array).to(device)
            for array in (
                batch.features,
                batch.starts,
                batch.removed,
                batch.removed_starts,
                batch.user,
                batch.sizes,
                batch.labels,
            )
        )
        full = functional.embedding_bag(features, self.features, starts, mode="sum")
        missing = functional.embedding_bag(removed, self.features, removed_starts, mode="sum")
        pooled = (full[user] - missing) / sizes[:, None]
        before = self.before_output(pooled)
        if batch.sampled is None:
            return softmax_cross_entropy(before, self.output, labels, batch.masked)
        items, correction, places = (
            torch.from_numpy(array).to(device)
            for array in (batch.sampled.items, batch.sampled.correction, batch.sampled.places(batch.labels))
        )
        masked = None if batch.masked is None else batch.sampled.among(batch.masked)
        return softmax_cross_entropy(before, self.output.index_select(0, items), places, masked, correction)

    def before_output(self, pooled: torch.Tensor) -> torch.Tensor:
        """Return the input of W: x, or ReLU(V x)."""
        return pooled if self.hidden is None else torch.relu(functional.linear(pooled, self.hidden)).float()


def pooled_mean(sets: FeatureSets, features: torch.Tensor) -> torch.Tensor:
    """Return x of every user, [B, d] on the device of Q; zeros for a user without features.

    Args:
        sets: of B users.
        features: Q, [features, d].
    """
    joined, starts = (torch.from_numpy(array).to(features.device) for array in sets.joined())
    total = functional.embedding_bag(joined, features, starts[:-1], mode="sum")
    return total / torch.from_numpy(np.maximum(sets.sizes, 1)).to(total)[:, None]


def _xavier(rows: int, columns: int, generator: torch.Generator) -> nn.Parameter:
    return nn.Parameter(nn.init.xavier_uniform_(torch.empty(rows, columns), generator=generator))
