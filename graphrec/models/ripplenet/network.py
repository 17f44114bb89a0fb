"""The parameters of RippleNet, its scores and its loss."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from graphrec.arrays.bounded_blocks import grid_blocks, row_blocks

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.models.ripplenet.config import RippleNetConfig
    from graphrec.models.ripplenet.ripples import Facts

    _HopFacts = tuple[torch.Tensor, torch.Tensor, torch.Tensor]

NUMBERS_AT_ONCE = 1 << 21
"""Users × items × facts whose attention is held at once when a catalogue is scored."""

START = 0.3
"""Approximate length of nodes' vectors at the start."""


class RippleNetwork(nn.Module):
    """Vectors of nodes (items are nodes) and a matrix R for each relation.

    For an item v a user's facts (h, R, t) of the first hop weigh p = softmax <v, R h>, and Σ p t is the answer o¹; o¹
    asks the facts of the second hop as v asked those of the first, and so on. The user is u = o¹ + … + o^H, the score
    <u, v>.

    Source: Wang, Zhang, Wang, Zhao, Li, Xie, Guo, "RippleNet: Propagating User Preferences on the Knowledge Graph for
    Recommender Systems", CIKM 2018, sections 3.3 and 3.4 (preference propagation).

    Args:
        facts: by head.
        config: of the model.

    Attributes:
        nodes: float32 [nodes, d].
        relations: float32 [relations, d, d].
    """

    def __init__(self, facts: Facts, config: RippleNetConfig) -> None:
        super().__init__()
        size = config.embedding_size
        generator = torch.Generator().manual_seed(config.seed)
        self.facts, self.config = facts, config
        bound = (3 / size) ** 0.5
        nodes = torch.rand(len(facts.indptr) - 1, size, generator=generator)
        relations = torch.rand(facts.n_relations, size, size, generator=generator)
        self.nodes = nn.Parameter((2 * nodes - 1) * bound * START)
        self.relations = nn.Parameter((2 * relations - 1) * bound)

    def forward(self, ripples: Sequence[npt.NDArray[np.int64]], items: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the scores of users with items of their own.

        Args:
            ripples: for each hop the facts of B users, int64 [B, S], −1 for none; each user has one at least.
            items: int64 [B, n].

        Returns:
            float32 [B, n].
        """
        return self._attention_scores(
            self._facts_by_hop(ripples), functional.embedding(self._as_tensor(items), self.nodes)
        )

    @torch.no_grad()
    def catalogue(self, ripples: Sequence[npt.NDArray[np.int64]], n_items: int) -> torch.Tensor:
        """Return the scores of the first nodes, which are the items, for B users: float32 [B, items] on the CPU."""
        n_users, size = ripples[0].shape
        scores = torch.empty(n_users, n_items)
        for users, parts in grid_blocks(n_users, n_items, size, NUMBERS_AT_ONCE):
            hop_facts = self._facts_by_hop([hop[users] for hop in ripples])
            for of in parts:
                query = self.nodes[of].expand(len(hop_facts[0][0]), -1, -1)
                scores[users, of] = self._attention_scores(hop_facts, query).float().cpu()
        return scores

    @torch.no_grad()
    def some_items(self, ripples: Sequence[npt.NDArray[np.int64]], items: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the scores of B users with items of their own, int64 [B, k]: float32 [B, k] on the CPU."""
        scores = torch.empty(items.shape)
        for users in row_blocks(len(items) if items.size else 0, ripples[0].shape[1] * items.shape[1], NUMBERS_AT_ONCE):
            scores[users] = self([hop[users] for hop in ripples], items[users]).float().cpu()
        return scores

    def _facts_by_hop(self, ripples: Sequence[npt.NDArray[np.int64]]) -> list[_HopFacts]:
        """Return for each hop R h and t of each fact, [B, S, d], and the mask of absent facts, [B, 1, S]."""
        used = np.zeros(len(self.facts.tail), dtype=np.bool_)
        for hop in ripples:
            used[hop[hop >= 0]] = True
        fact = np.flatnonzero(used)
        place = np.zeros(len(used), dtype=np.int64)
        place[fact] = np.arange(len(fact))
        projected_heads = self.projected_heads(fact)
        return [
            (
                functional.embedding(self._as_tensor(place[hop]), projected_heads),
                functional.embedding(self._as_tensor(self.facts.tail[hop]), self.nodes),
                self._as_tensor(hop < 0)[:, None],
            )
            for hop in ripples
        ]

    def projected_heads(self, fact: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return R h of some facts, [n, d], one product for each relation among them."""
        order = np.argsort(self.facts.relation[fact], kind="stable")
        kinds, counts = np.unique(self.facts.relation[fact], return_counts=True)
        heads = functional.embedding(self._as_tensor(self.facts.head[fact[order]]), self.nodes)
        parts = zip(torch.split(heads, counts.tolist()), kinds.tolist(), strict=True)
        projected_heads = torch.cat([part @ self.relations[kind].T for part, kind in parts])
        return projected_heads[self._as_tensor(np.argsort(order))]

    def _attention_scores(self, hop_facts: Sequence[_HopFacts], items: torch.Tensor) -> torch.Tensor:
        query, user = items, torch.zeros_like(items)
        for projected_heads, tails, none in hop_facts:
            logits = (query @ projected_heads.transpose(1, 2)).masked_fill(none, -torch.inf)
            query = logits.softmax(dim=2).to(tails.dtype) @ tails
            user = user + query
        return (user * items).sum(dim=2)

    def fact_scores(self, fact: npt.NDArray[np.int64], tails: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return <t, R h> of facts with other tails, [n, m].

        Args:
            fact: int64 [n], whose head and relation.
            tails: int64 [n, m], nodes.
        """
        projected_heads = self.projected_heads(fact)
        return (functional.embedding(self._as_tensor(tails), self.nodes) @ projected_heads[:, :, None]).squeeze(2)

    def _as_tensor(self, array: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> torch.Tensor:
        return torch.from_numpy(array).to(self.nodes.device)
