"""Vectors of users, items, entities and relations, and the two losses of CKE."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from graphrec.dataset.knowledge import Knowledge
    from graphrec.models.cke.config import CKEConfig
    from graphrec.models.cke.examples import Facts, SampledPairs

SPREAD = 0.05
"""Standard deviation of the vectors at the start; the matrices of relations start at the identity."""


class CKENetwork(nn.Module):
    """u of every user, η of every item, v of every item and entity, and of every relation r a vector and a matrix M_r.

    Args:
        n_users: number of users.
        knowledge: the numbering of items and entities, and the relations.
        config: sizes and seed.

    Attributes:
        users: u [users, d].
        items: η [items, d], what an item is beside what the facts say.
        nodes: v [items + entities, d].
        relations: [relations, d_r].
        projections: M [relations, d, d_r].
    """

    def __init__(self, n_users: int, knowledge: Knowledge, config: CKEConfig) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(config.seed)
        size, inner = config.embedding_size, config.relation_size or config.embedding_size
        n_relations = len(knowledge.relations)

        def normal_vectors(rows: int, columns: int) -> nn.Parameter:
            return nn.Parameter(SPREAD * torch.randn(rows, columns, generator=generator))

        self._config = config
        self.users, self.items = normal_vectors(n_users, size), normal_vectors(knowledge.n_items, size)
        self.nodes, self.relations = normal_vectors(knowledge.n_nodes, size), normal_vectors(n_relations, inner)
        self.projections = nn.Parameter(torch.eye(size, inner).repeat(n_relations, 1, 1))

    def of_items(self) -> torch.Tensor:
        """Return e = η + v of every item, [items, d]."""
        return self.items + self.nodes[: len(self.items)]

    def ranking(self, pairs: SampledPairs) -> torch.Tensor:
        """Return the mean of Σ_j' −ln σ(⟨u, e_j⟩ − ⟨u, e_j'⟩) over positives j, with the penalty λ on vectors."""
        users, items, negatives, counts = (
            torch.from_numpy(part).to(self.users.device)
            for part in (pairs.users, pairs.items, pairs.negatives, pairs.counts)
        )
        user, own, structure = self.users[users], self.items[items], self.nodes[items]
        negative_own, negative_structure = self.items[negatives], self.nodes[negatives]
        positive = (user * (own + structure)).sum(dim=1)
        negative = torch.bmm(negative_own + negative_structure, user[:, :, None]).squeeze(2)
        losses = (functional.softplus(negative - positive[:, None]) * counts).sum(dim=1)
        penalty = sum(_squares(part) for part in (user, own, structure, negative_own, negative_structure))
        return (losses + self._config.reg * penalty).mean()

    def structural(self, facts: Facts) -> torch.Tensor:
        """Return the mean of Σ_t' −ln σ(f(h, r, t') − f(h, r, t)) over facts, with the penalty λ."""
        head, relation, tail, negative_tails, counts = (
            torch.from_numpy(part).to(self.users.device)
            for part in (facts.heads, facts.relations, facts.tails, facts.negative_tails, facts.counts)
        )
        ends = torch.cat([head[:, None], tail[:, None], negative_tails], dim=1)
        vectors, shift, matrix = self.nodes[ends], self.relations[relation], self.projections[relation]
        projected = torch.bmm(vectors, matrix)
        distances = (projected[:, :1] + shift[:, None] - projected[:, 1:]).square().sum(dim=2)
        losses = (functional.softplus(distances[:, :1] - distances[:, 1:]) * counts).sum(dim=1)
        penalty = sum(_squares(part) for part in (vectors, shift, matrix))
        return (losses + self._config.reg * penalty).mean()


def _squares(part: torch.Tensor) -> torch.Tensor:
    """Return the sum of squares of each row, [B]."""
    return part.flatten(1).square().sum(dim=1)
