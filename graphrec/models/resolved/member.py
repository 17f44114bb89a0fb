"""One trained network in inference: the arrays that scores and explanations need, computed once.

What a node sends into a factor is linear up to g, so that the map comes first: s_j,c = W_μ p(j, c) z_j, and the mean of
a segment is g(Σ_j s_j,c / |N|).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from graphrec.models.resolved.blocks import blocks_of
from graphrec.models.resolved.decoder import scores, scores_of_some
from graphrec.models.resolved.segments import affiliations, flows, mean_over, present

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.resolved.blocks import Blocks
    from graphrec.models.resolved.config import ResolvedConfig
    from graphrec.models.resolved.network import ResolvedNetwork


@dataclass(frozen=True, eq=False)
class MeanSegments:
    """The mean segments of B users, as inference uses them.

    Attributes:
        values: v, after g, [B, C2 + C1, D].
        filled: bool [B, C2 + C1].
        before: the item segments before g, [B, C2, D].
        described: z_t^ent,c of the items in the blocks before g, [T, C1, D].
    """

    values: torch.Tensor
    filled: torch.Tensor
    before: torch.Tensor
    described: torch.Tensor


class Member:
    """A trained network, on the CPU.

    Args:
        network: trained.
        config: of the model.

    Attributes:
        item_affiliation: p(t, c), [items, C2].
        entity_affiliation: p(e, c), [entities, C1].
        item_messages: s_t,c, [items, C2, D].
        entity_messages: s_e,c, [entities, C1, D].
        dictionary: the items' side of the decoder.
    """

    def __init__(self, network: ResolvedNetwork, config: ResolvedConfig) -> None:
        self._config = config
        network.requires_grad_(False)
        with torch.no_grad():
            self.dictionary = network.dictionary()
            self.item_affiliation = affiliations(network.items, network.item_factors, config.gamma)
            self.entity_affiliation = affiliations(network.entities, network.entity_factors, config.gamma)
            self.item_messages, self.entity_messages = (
                flows(nodes, affiliation).view(len(nodes), affiliation.shape[1], config.embedding_size) @ heads[0].T
                for nodes, affiliation, heads in (
                    (network.items, self.item_affiliation, network.item_heads),
                    (network.entities, self.entity_affiliation, network.entity_heads),
                )
            )

    @property
    def shape(self) -> tuple[int, int, int]:
        """C2, C1 and D; C1 is 0 without entities."""
        n_item_factors, n_entity_factors = (sent.shape[1] for sent in (self.item_messages, self.entity_messages))
        return n_item_factors, n_entity_factors, self._config.embedding_size

    @property
    def is_linear(self) -> bool:
        """Whether g is a linear map."""
        linear: bool = self._config.activation == "linear"
        return linear

    def activated(self, before: torch.Tensor) -> torch.Tensor:
        """Return g of the aggregated values: their tanh, or themselves."""
        return before if self.is_linear else torch.tanh(before)

    def slope(self, before: torch.Tensor) -> torch.Tensor:
        """Return g(y)/y; 1 for a linear g and where y is 0."""
        if self.is_linear:
            return torch.ones_like(before)
        return torch.where(before.abs() < 1e-6, torch.ones_like(before), torch.tanh(before) / before)

    def lengths(self, values: torch.Tensor) -> torch.Tensor:
        """Return the divisor of segments [..., D] in the decoder: their length, or 1 where lengths count, [...]."""
        if self._config.decoder == "inner" and not self._config.unit_means:
            return torch.ones_like(values[..., 0])
        lengths: torch.Tensor = torch.linalg.vector_norm(values, dim=-1)
        return lengths.clamp(min=1e-12)

    def queries(self, values: torch.Tensor, lengths: torch.Tensor | None = None) -> torch.Tensor:
        """Return the users' side of the decoder: segments [..., D] over their own lengths, or over given ones [...]."""
        return values / (self.lengths(values) if lengths is None else lengths)[..., None]

    def means(self, blocks: Blocks) -> MeanSegments:
        """Return the segments of B users, whose neighbourhood the blocks are."""
        n_item_factors, n_entity_factors, size = self.shape
        before = mean_over(blocks.taken, self.item_messages[blocks.items].flatten(1)).view(
            blocks.taken.n_rows, n_item_factors, size
        )
        sent = self.entity_messages[blocks.entities].flatten(1)
        described = mean_over(blocks.described, sent).view(len(blocks.items), n_entity_factors, size)
        reached = mean_over(blocks.taken, self.activated(described).flatten(1)).view(
            len(before), n_entity_factors, size
        )
        values = torch.cat([self.activated(before), reached], dim=1)
        return MeanSegments(values, present(blocks, n_item_factors, n_entity_factors), before, described)

    def scores(self, taken: Incidence, item_entities: Incidence, items: torch.Tensor | None = None) -> torch.Tensor:
        """Return the score of every item, [B, items], or of some, [B, k]; 0 for a user without any item.

        Args:
            taken: B × items.
            item_entities: items × entities.
            items: int64 [B, k], to score only these.
        """
        means = self.means(blocks_of(taken, item_entities))
        queries = self.queries(means.values)
        if items is None:
            return scores(queries, means.filled, self.dictionary)
        return scores_of_some(queries[:, None], means.filled[:, None], self.dictionary, items)[:, 0]
