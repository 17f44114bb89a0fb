"""The parameters of FISM, and its losses."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.fism.config import FISMConfig

SPREAD = 0.05
"""Standard deviation of the vectors at the start."""


@dataclass(frozen=True, eq=False)
class FISMBatch:
    """All positives of some users, each with negative items.

    Attributes:
        taken: users of the batch × items; each entry is a positive.
        negatives: int64 [entries, negatives].
        counts: bool [entries, negatives]; false where the user took the negative item as well.
    """

    taken: Incidence
    negatives: npt.NDArray[np.int64]
    counts: npt.NDArray[np.bool_]


def weakened(counts: torch.Tensor, alpha: float) -> torch.Tensor:
    """Return n^−α for numbers of items n, or sums of strengths; 0 for 0."""
    some = counts > 0
    return torch.where(some, counts, torch.ones_like(counts)).pow(-alpha) * some


class FISMNetwork(nn.Module):
    """P, Q and b of all items.

    Args:
        shape: number of items, and of positives to learn from.
        config: of the model.

    Attributes:
        taken: P, [items, d], an item as one that was taken.
        candidates: Q, [items, d], an item as one that is scored.
        bias: b, [items].
    """

    def __init__(self, shape: tuple[int, int], config: FISMConfig) -> None:
        super().__init__()
        n_items, self._n_positives = shape
        self._config = config
        generator = torch.Generator().manual_seed(config.seed)
        self.taken, self.candidates = (
            nn.Parameter(torch.randn(n_items, config.embedding_size, generator=generator) * SPREAD) for _ in range(2)
        )
        self.bias = nn.Parameter(torch.zeros(n_items))

    def histories(self, taken: Incidence) -> tuple[torch.Tensor, torch.Tensor]:
        """Return Σ_j p_j over the items j that each of B users took, [B, d], and the number of them, [B]."""
        device = self.bias.device
        members, starts = (torch.from_numpy(part).to(device) for part in (taken.indices, taken.indptr[:-1]))
        sums = functional.embedding_bag(members.long(), self.taken, starts, mode="sum")
        return sums, torch.from_numpy(taken.counts).to(sums)

    def loss(self, batch: FISMBatch) -> torch.Tensor:
        """Return the mean loss of a positive with its negatives, and its share of the penalty.

        A positive and what is drawn against it are both scored from the user's other items.
        """
        device = self.bias.device
        item, user, negatives, counts = (
            torch.from_numpy(part).to(device)
            for part in (batch.taken.indices, batch.taken.row_of_entry, batch.negatives, batch.counts)
        )
        item = item.long()
        sums, sizes = self.histories(batch.taken)
        others = (sums[user] - self.taken[item]) * weakened(sizes - 1, self._config.alpha)[user, None]
        above = (others * self.candidates[item]).sum(dim=1) + self.bias[item]
        drawn = self.candidates[negatives.view(-1)].view(*negatives.shape, -1)
        below = torch.bmm(drawn, others[:, :, None]).squeeze(2) + self.bias[negatives]
        if self._config.loss == "rmse":
            losses = ((1 - above).square() + (below.square() * counts).sum(dim=1)) / 2
        elif self._config.loss == "auc":
            losses = ((1 - above[:, None] + below).square() * counts).sum(dim=1) / 2
        else:
            losses = (functional.softplus(below - above[:, None]) * counts).sum(dim=1)
        penalty = (self.taken.square().sum() + self.candidates.square().sum()) / 2
        return losses.mean() + self._config.reg / self._n_positives * penalty

    def loss_without_knowledge(self, drawn: float) -> float:
        """Return the loss of one constant for all pairs, the best one, where m negatives count for each positive.

        ``auc`` gives m/2, ``bpr`` m ln 2, and ``rmse``, at the constant 1/(1 + m), m/(2 (1 + m)).
        """
        return {"auc": drawn / 2, "bpr": drawn * math.log(2), "rmse": drawn / (1 + drawn) / 2}[self._config.loss]
