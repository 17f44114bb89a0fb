"""The parameters of KGCN, and its scores for single pairs of user and item."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.models.kgcn.config import KGCNConfig
    from graphrec.models.kgcn.field import Field


@dataclass(frozen=True, eq=False)
class Level:
    """The nodes in the receptive fields of some items at one distance.

    Attributes:
        nodes: int64 [places].
        parent: int64 [places], the place of the level before that each belongs to.
        first: int64 [places of the level before], where those that belong to each begin.
        counted: float32 [places], log(count) of each.
        relation: int64 [places].
        whose: int64 [places], the user of the place.
    """

    nodes: npt.NDArray[np.int64]
    parent: npt.NDArray[np.int64]
    first: npt.NDArray[np.int64]
    counted: npt.NDArray[np.float32]
    relation: npt.NDArray[np.int64]
    whose: npt.NDArray[np.int64]


class KGCNNetwork(nn.Module):
    """Vectors of users u, nodes e and relations r, and a layer for each hop.

    For a user, the facts (e, r, e_k) drawn for a node weigh softmax_k <u, r_k>, their nodes' weighted sum is
    the neighbourhood, and a layer makes of both the node's next vector: W(e + n) + b for ``sum``,
    W(e ∥ n) + b for ``concat``, W n + b for ``neighbour``, through ReLU, in the last layer tanh. After H layers the
    item's vector v gives the score <u, v>.

    Source: Wang, Zhao, Xie, Li, Guo, "Knowledge Graph Convolutional Networks for Recommender Systems", WWW 2019,
    section 3.2 (the layer and its aggregators) and Algorithm 1.

    Args:
        n_users: how many.
        n_relations: how many; without any, one that no fact has stands in.
        field: of each node, items first.
        config: of the model.

    Attributes:
        users, nodes, relations: float32 [·, d].
        weights: of each layer, float32 [d, d], or [d, 2 d] for ``concat``, the node's own half first.
        shifts: b, float32 [d].
    """

    def __init__(self, n_users: int, n_relations: int, field: Field, config: KGCNConfig) -> None:
        super().__init__()
        size = config.embedding_size
        generator = torch.Generator().manual_seed(config.seed)
        self.config, self.field = config, field
        self.users, self.nodes, self.relations = (
            _xavier(rows, size, generator) for rows in (n_users, len(field.indptr) - 1, max(n_relations, 1))
        )
        wide = 2 * size if config.aggregator == "concat" else size
        self.weights = nn.ParameterList(_xavier(size, wide, generator) for _ in range(config.hops))
        self.shifts = nn.ParameterList(nn.Parameter(torch.zeros(size)) for _ in range(config.hops))

    def halves(self, layer: int) -> tuple[torch.Tensor | None, torch.Tensor]:
        """Return the matrices of a layer for the node itself (None: nothing) and for its neighbourhood, [d, d] each."""
        weight, size = self.weights[layer], self.config.embedding_size
        if self.config.aggregator == "concat":
            return weight[:, :size], weight[:, size:]
        return (weight if self.config.aggregator == "sum" else None), weight

    def forward(self, users: npt.NDArray[np.int64], items: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the scores of each user with items of its own.

        Args:
            users: int64 [B].
            items: int64 [B, n].

        Returns:
            float32 [B, n].
        """
        user = functional.embedding(self._as_tensor(users), self.users)
        relation_scores = (user @ self.relations.T).float()
        levels = self._levels(items)
        nodes = [items.ravel(), *(level.nodes for level in levels)]
        shares = [self._shares(level, relation_scores) for level in levels]
        around = [
            functional.embedding_bag(
                self._as_tensor(level.nodes),
                self.nodes,
                self._as_tensor(level.first),
                mode="sum",
                per_sample_weights=share,
            )
            for level, share in zip(levels, shares, strict=True)
        ]
        own = [functional.embedding(self._as_tensor(part), self.nodes) for part in nodes[:-1]]
        vectors = [self._layer(0, *both) for both in zip(own, around, strict=True)]
        for layer in range(1, self.config.hops):
            below = zip(levels, shares, vectors[1:], strict=False)
            around = [self._sums_by_parent(*part) for part in below]
            vectors = [self._layer(layer, *both) for both in zip(vectors, around, strict=False)]
        return (vectors[0].view(*items.shape, -1) @ user[:, :, None]).squeeze(2)

    def _levels(self, items: npt.NDArray[np.int64]) -> list[Level]:
        levels: list[Level] = []
        nodes, whose = items.ravel(), np.repeat(np.arange(len(items)), items.shape[1])
        for _ in range(self.config.hops):
            entry, parent, first = self.field.entries_of(nodes)
            nodes, whose = self.field.node[entry], whose[parent]
            counted = np.log(self.field.count[entry]).astype(np.float32)
            levels.append(Level(nodes, parent, first, counted, self.field.relation[entry], whose))
        return levels

    def _shares(self, level: Level, relation_scores: torch.Tensor) -> torch.Tensor:
        """Return the softmax over the places of each parent, [places]."""
        at = self._as_tensor(level.whose * relation_scores.shape[1] + level.relation)
        logits = relation_scores.reshape(-1).gather(0, at) + self._as_tensor(level.counted)
        parent = self._as_tensor(level.parent)
        top = logits.new_full((len(level.first),), -torch.inf).scatter_reduce(0, parent, logits.detach(), "amax")
        exponents = (logits - top[parent]).exp()
        total = torch.zeros_like(top).index_add(0, parent, exponents)
        return exponents / total[parent]

    def _sums_by_parent(self, level: Level, share: torch.Tensor, vectors: torch.Tensor) -> torch.Tensor:
        """Return the sum of the vectors of the places that belong to each place of the level before."""
        total = vectors.new_zeros(len(level.first), vectors.shape[1])
        return total.index_add(0, self._as_tensor(level.parent), vectors * share[:, None].to(vectors))

    def _layer(self, layer: int, own: torch.Tensor, around: torch.Tensor) -> torch.Tensor:
        alone, together = self.halves(layer)
        if alone is together:
            out = functional.linear(own + around, together, self.shifts[layer])
        else:
            out = functional.linear(around, together, self.shifts[layer])
            out = out if alone is None else out + own @ alone.T
        return torch.tanh(out) if layer == self.config.hops - 1 else torch.relu(out)

    def _as_tensor(self, array: npt.NDArray[np.int64] | npt.NDArray[np.float32]) -> torch.Tensor:
        return torch.from_numpy(array).to(self.users.device)


def _xavier(rows: int, columns: int, generator: torch.Generator) -> nn.Parameter:
    bound = (6 / (rows + columns)) ** 0.5
    return nn.Parameter((2 * torch.rand(rows, columns, generator=generator) - 1) * bound)
