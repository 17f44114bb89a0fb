"""The network: its parameters, and the computation of segments and of the decoder's dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn

from graphrec.models.resolved.decoder import Dictionary, unit
from graphrec.models.resolved.segments import Segments, affiliations, flows, mean_over, present

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from graphrec.models.resolved.blocks import Blocks
    from graphrec.models.resolved.config import ResolvedConfig
    from graphrec.models.resolved.levels import Hop


class ResolvedNetwork(nn.Module):
    """All learned parameters.

    Args:
        n_items: number of items.
        n_entities: number of entities; without any there is no entity segment.
        config: sizes and seed.
        levels: of entities that are still apart; 1 for a network at rest.

    Attributes:
        items: z_t, [items, D].
        entities: z_e, [entities, D].
        item_factors, entity_factors: z_c, [C2, D] and [C1, D].
        item_heads, entity_heads: g_μ and g_σ, [2, D, D].
        entity_layers: W_d, [levels − 1, D, D].
        dictionary_items: h_t, [items, D].
        dictionary_segments: h_t^ent,c, [items, C1, D].
    """

    def __init__(self, n_items: int, n_entities: int, config: ResolvedConfig, levels: int = 1) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(config.seed)
        size, n_item_factors, n_entity_factors = (
            config.embedding_size,
            config.item_factors,
            config.entity_factors if n_entities else 0,
        )
        self._config = config

        def initial(*shape: int) -> nn.Parameter:
            return nn.Parameter(torch.randn(*shape, generator=generator) / size**0.5)

        self.items, self.entities = initial(n_items, size), initial(n_entities, size)
        self.item_factors, self.entity_factors = initial(n_item_factors, size), initial(n_entity_factors, size)
        self.item_heads, self.entity_heads = initial(2, size, size), initial(2, size, size)
        self.entity_layers = initial(levels - 1, size, size)
        self.dictionary_items = initial(n_items, size)
        self.dictionary_segments = initial(n_items, n_entity_factors, size)

    def encode(self, blocks: Blocks) -> Segments:
        """Return the segments of a batch of users."""
        device = self.items.device
        size = self._config.embedding_size
        items = self.items.index_select(0, torch.from_numpy(blocks.items).to(device))
        entities = self.entity_vectors(blocks.entities, blocks.below)
        of_items = flows(items, affiliations(items, self.item_factors, self._config.gamma))
        of_entities = flows(entities, affiliations(entities, self.entity_factors, self._config.gamma))
        mean, log_variance = self._heads(
            mean_over(blocks.taken, of_items).view(blocks.taken.n_rows, len(self.item_factors), size), self.item_heads
        )
        described = mean_over(blocks.described, of_entities).view(len(items), len(self.entity_factors), size)
        shape = (len(mean), len(self.entity_factors), size)
        to_mean, to_spread = self.entity_heads
        if self._config.activation == "linear":  # a linear map commutes with the mean: one product a user, not an item
            reached_mean = mean_over(blocks.taken, described.flatten(1)).view(shape) @ to_mean.T
        else:
            reached_mean = mean_over(blocks.taken, self._bent(described @ to_mean.T).flatten(1)).view(shape)
        described_variance = (described @ to_spread.T).exp()
        reached_variance = mean_over(blocks.taken, described_variance.flatten(1), power=2).view(shape)
        mean = torch.cat([mean, reached_mean], dim=1)
        if self._config.unit_means:
            mean = unit(mean)
        return Segments(
            mean,
            torch.cat([log_variance, reached_variance.clamp(min=1e-12).log()], dim=1),
            present(blocks, len(self.item_factors), len(self.entity_factors)).to(device),
        )

    def entity_vectors(self, entities: npt.NDArray[np.int64], below: Sequence[Hop]) -> torch.Tensor:
        """Return z_e of entities of the first level, made of the levels below them (``levels``), [n, D]."""
        device = self.entities.device
        nodes = [entities, *(hop.nodes for hop in below)]
        vectors = self.entities.index_select(0, torch.from_numpy(nodes[-1]).to(device))
        for depth in range(len(below) - 1, -1, -1):
            links, vectors_here = below[depth].links, self.entities[torch.from_numpy(nodes[depth]).to(device)]
            count = torch.from_numpy(links.counts).to(vectors_here)[:, None]
            mixed = (vectors_here + mean_over(links, vectors) * count) / (1 + count)
            vectors = self._bent(mixed @ self.entity_layers[depth].T)
        return vectors

    def dictionary(self, chosen: torch.Tensor | None = None) -> Dictionary:
        """Return the items' side of the decoder, of all items or of those chosen, int64 [n], in their order."""
        config = self._config
        items, own, segments = (
            table if chosen is None else table.index_select(0, chosen)
            for table in (self.items, self.dictionary_items, self.dictionary_segments)
        )
        affiliation = affiliations(items, self.item_factors, config.gamma)
        log_affiliation = affiliation.clamp(min=torch.finfo(affiliation.dtype).tiny).log()  # a small γ leaves zeros
        if config.decoder == "inner":
            return Dictionary(own, segments, log_affiliation)
        return Dictionary(
            unit(own) / config.temperature,
            unit(segments) / config.temperature,
            log_affiliation,
        )

    def queries(self, segments: torch.Tensor) -> torch.Tensor:
        """Return the users' side of the decoder for segments [..., D]: of unit length in a cosine."""
        return unit(segments) if self._config.decoder == "cosine" else segments

    def _heads(self, pooled: torch.Tensor, heads: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        mean = pooled @ heads[0].T
        return self._bent(mean), pooled @ heads[1].T

    def _bent(self, values: torch.Tensor) -> torch.Tensor:
        return torch.tanh(values) if self._config.activation == "tanh" else values
