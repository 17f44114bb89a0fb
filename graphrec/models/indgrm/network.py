"""The parameters of InDGRM and how they go together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn

from graphrec.models.indgrm.components import Deviations, maps_of
from graphrec.models.indgrm.decoder import Decoder
from graphrec.models.indgrm.encoder import Encoder
from graphrec.models.indgrm.gate import gate_of
from graphrec.models.indgrm.groups import Prototypes
from graphrec.models.indgrm.prior import MixturePrior
from graphrec.models.indgrm.pruning import kept_dimensions

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.models.autoencoders.taken_items import TakenItems
    from graphrec.models.indgrm.config import InDGRMConfig
    from graphrec.models.indgrm.groups import Assignment


class Posterior(NamedTuple):
    """q(z | x) of B users, (13) with the components mixed.

    Attributes:
        means: μ [B, d].
        deviations: σ [B, d].
        gates: π̃ [B, K].
    """

    means: torch.Tensor
    deviations: torch.Tensor
    gates: torch.Tensor

    def draw(self) -> torch.Tensor:
        """Return z = μ + ε σ, differentiable."""
        return self.means + torch.randn_like(self.means) * self.deviations


class InDGRMNetwork(nn.Module):
    """Encoder, gate, components, prior, prototypes and decoder.

    Args:
        n_items: size of the catalogue.
        n_groups: G; 0 without groups.
        config: of the model.
        takers: int [items], users who took each item; None where parameters are read from a folder.
    """

    def __init__(
        self, n_items: int, n_groups: int, config: InDGRMConfig, takers: npt.NDArray[np.int64] | None = None
    ) -> None:
        super().__init__()
        self._config = config
        self.decoder = Decoder(takers, n_items, n_groups, config)
        self.encoder = Encoder(n_items, n_groups, config)
        self.maps = maps_of(self.encoder.width, config)
        self.deviations = Deviations(self.encoder.width, config)
        self.gate = gate_of(config)
        self.prior = MixturePrior(config)
        self.prototypes = Prototypes(n_groups, config) if n_groups else None

    @property
    def n_groups(self) -> int:
        """G; 0 without groups."""
        return 0 if self.prototypes is None else len(self.prototypes.vectors)

    def groups(self) -> Assignment | None:
        """Return the groups of all items: drawn in training, else the nearest prototypes'; None without groups."""
        if self.prototypes is None:
            return None
        return (self.prototypes.drawn if self.training else self.prototypes.nearest)(self.decoder.items)

    def kept(self) -> torch.Tensor:
        """Return which dimensions of a component count, 0 or 1, [K, d]: in training all of them."""
        variances = self.prior.log_variances
        return torch.ones_like(variances) if self.training else kept_dimensions(variances, self._config)

    def posterior(self, taken: TakenItems, groups: Assignment | None) -> Posterior:
        """Return q(z | x) of B users.

        Args:
            taken: what they took, as far as the encoder sees it.
            groups: of all items.
        """
        encoded = self.encoder.activated(self.encoder.sums(taken, self.encoder.table(self.decoder.items, groups)))
        gates = self.gate(encoded, self.maps, self.prior)
        means = self.maps.mixed(encoded, gates, self.kept())
        return Posterior(means, self.deviations(encoded, gates), gates)
