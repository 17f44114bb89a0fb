"""Scores of a trained network: users by what they took, at any strength, and the catalogue or some items of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import torch

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.models.autoencoders.taken_items import TakenItems
from graphrec.models.indgrm.groups import Nearest
from graphrec.models.pair_products import pair_products

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.indgrm.decoder import Candidates
    from graphrec.models.indgrm.mapping import Mapping
    from graphrec.models.indgrm.network import InDGRMNetwork


class Users(NamedTuple):
    """Users, or settings of their inputs, as they are scored.

    Attributes:
        latents: z [n, d].
        queries: z as it meets the vectors of items: at length 1, or as it is, [n, d].
        gates: π̃ [n, K].
    """

    latents: torch.Tensor
    queries: torch.Tensor
    gates: torch.Tensor


@dataclass(frozen=True, eq=False)
class Scorer:
    """A network as it scores: z is its mean, items are in the group of the nearest prototype, pruned is pruned.

    Attributes:
        network: in evaluation.
        table: what each item puts into the encoder's sums, [items, w].
        items: all items, as the decoder scores them.
        kept: dimensions of components that are not pruned, 0 or 1, [K, d].
    """

    network: InDGRMNetwork
    table: torch.Tensor
    items: Candidates
    kept: torch.Tensor

    @classmethod
    @torch.no_grad()
    def of(cls, network: InDGRMNetwork) -> Scorer:
        """Return the scorer of a network, which is put into evaluation."""
        network.eval()
        groups = network.groups()
        table, items = network.encoder.table(network.decoder.items, groups), network.decoder.candidates(groups)
        if items.mapping is not None and not items.mapping.weight.any():
            items = replace(items, mapping=None)
        return cls(network, table, items, network.kept())

    @property
    def mapping(self) -> Mapping | None:
        """O; None where it links nothing."""
        return self.items.mapping

    @property
    def group(self) -> torch.Tensor | None:
        """The group of each item, int64 [items]; None without groups."""
        return self.items.groups.group if isinstance(self.items.groups, Nearest) else None

    @torch.no_grad()
    def users(self, taken: Incidence) -> Users:
        """Return B users by what they took, B × items."""
        return self.encoded(self.network.encoder.sums(TakenItems.of(taken, self.table.device), self.table))

    def encoded(self, sums: torch.Tensor) -> Users:
        """Return users of the encoder's sums, [n, w]."""
        n_clusters, size = self.kept.shape
        parts = [self._encoded(sums[part]) for part in row_blocks(len(sums), n_clusters * size)]
        if len(parts) < 2:
            return parts[0] if parts else self._encoded(sums)
        return Users(*(torch.cat(each) for each in zip(*parts, strict=True)))

    def _encoded(self, sums: torch.Tensor) -> Users:
        network = self.network
        encoded = network.encoder.activated(sums)
        gates = network.gate(encoded, network.maps, network.prior)
        latents = network.maps.mixed(encoded, gates, self.kept)
        return Users(latents, latents / self.items.length(latents), gates)

    def scores(self, users: Users, items: torch.Tensor | None = None) -> torch.Tensor:
        """Return scores of the catalogue, [n, items]; or without gradients of named items, int64 [n, k]: [n, k]."""
        if items is None:
            return self._linked(users.queries @ self.items.vectors.T, users, None)
        with torch.no_grad():
            return self._linked(pair_products(users.queries, self.items.vectors, items), users, items)

    def scores_of_settings(self, users: Users, settings: int, items: torch.Tensor | None) -> torch.Tensor:
        """Return scores of M settings of each of B users, [B, M, k] or [B, M, items], with gradients.

        Args:
            users: B · M rows, those of the first user first.
            settings: M.
            items: int64 [B, k]; None for the catalogue.
        """
        if items is None:
            return self.scores(users).view(-1, settings, len(self.items.vectors))
        queries = users.queries.view(len(items), settings, -1)
        similar = torch.bmm(queries, self.items.vectors[items].transpose(1, 2)).flatten(0, 1)
        return self._linked(similar, users, items.repeat_interleave(settings, dim=0)).view(len(items), settings, -1)

    def _fits(self, similar: torch.Tensor, users: Users, items: torch.Tensor | None) -> torch.Tensor:
        """Return s = cos/τ + o^(g) · z from the first of the two."""
        group = self.group
        if self.mapping is None or group is None:
            return similar
        of_groups: torch.Tensor = self.mapping(users.latents, users.gates)
        return similar + (of_groups[:, group] if items is None else of_groups.gather(1, group[items]))

    def _linked(self, similar: torch.Tensor, users: Users, items: torch.Tensor | None) -> torch.Tensor:
        fits, link = self._fits(similar, users, items), self.items.link
        if items is None:
            return link.apply_to(fits, self.items.parameters) + self.items.bias
        return link.apply_to(fits, self.items.parameters[items]) + self.items.bias[items]
