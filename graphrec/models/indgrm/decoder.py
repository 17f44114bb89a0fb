"""The decoder (9): scores of items from z and the gate."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch
from torch import nn

from graphrec.models.indgrm.groups import SHORTEST, Drawn, directions
from graphrec.models.indgrm.links import link_of
from graphrec.models.indgrm.mapping import Mapping

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.models.indgrm.config import InDGRMConfig
    from graphrec.models.indgrm.groups import Assignment
    from graphrec.models.indgrm.links import Link


@dataclass(frozen=True, eq=False)
class Candidates:
    """C items that a decoder scores.

    Attributes:
        vectors: ĥ/τ, or h where the similarity is the inner product, [C, d].
        bias: b, [C].
        groups: of each; None without groups.
        parameters: of each one's f, [C, P].
        mapping: O; None without one.
        link: f.
        cosine: whether z counts by its direction.
    """

    vectors: torch.Tensor
    bias: torch.Tensor
    groups: Assignment | None
    parameters: torch.Tensor
    mapping: Mapping | None
    link: Link
    cosine: bool

    def length(self, latents: torch.Tensor) -> torch.Tensor:
        """Return what z [B, d] is divided by before it meets the vectors: ‖z‖ for a cosine, else 1; [B, 1]."""
        if not self.cosine:
            return torch.ones_like(latents[:, :1])
        lengths: torch.Tensor = latents.norm(dim=1, keepdim=True)
        return lengths.clamp(min=SHORTEST)

    def fits(self, latents: torch.Tensor, gates: torch.Tensor) -> torch.Tensor:
        """Return s = cos(h_i, z)/τ + o^(g) · z, [B, C], of z [B, d] and gates [B, K]."""
        similar = (latents / self.length(latents)) @ self.vectors.T
        if self.mapping is None or self.groups is None:
            return similar
        return similar + self.groups.spread(self.mapping(latents, gates))

    def scores(self, latents: torch.Tensor, gates: torch.Tensor) -> torch.Tensor:
        """Return f(s) + b, [B, C]. Arguments as for ``fits``."""
        return self.link.apply_to(self.fits(latents, gates), self.parameters) + self.bias

    def constants(self) -> torch.Tensor:
        """Return f(0) + b, [C], what a candidate scores whoever asks."""
        return self.link.offset(self.parameters) + self.bias

    def detached(self) -> Candidates:
        """Return the same candidates without gradients, but for those of O and z."""
        groups = self.groups.detached() if isinstance(self.groups, Drawn) else self.groups
        return replace(
            self,
            vectors=self.vectors.detach(),
            bias=self.bias.detach(),
            groups=groups,
            parameters=self.parameters.detach(),
        )


class Decoder(nn.Module):
    """score_i = Σ_g c_ig f_g(cos(h_i, z)/τ + o^(g) · z) + b_i.

    With one-hot c an item has the f of its group. f_g of all groups for all items is not computed: an item takes
    Σ_g c_ig θ_g as its parameters, which is the same number, and for an affine f the same gradient; that of a network
    by c is the gradient of mixed parameters. b is no part of the paper's decoder.

    Args:
        takers: int [items], users of the training who took each item; None where the bias is read from a folder.
        n_items: size of the catalogue.
        n_groups: G.
        config: of the model.
    """

    def __init__(self, takers: npt.NDArray[np.int64] | None, n_items: int, n_groups: int, config: InDGRMConfig) -> None:
        super().__init__()
        self._cosine = config.similarity == "cosine"
        self._temperature = config.temperature
        self.items = nn.Parameter(torch.randn(n_items, config.embedding_size) / config.embedding_size**0.5)
        popularity = torch.zeros(n_items) if takers is None else 0.5 * torch.from_numpy(takers).float().log1p()
        self.bias = nn.Parameter(popularity) if config.item_bias else None
        self.link = link_of(n_groups, config)
        self.mapping = Mapping(n_groups, config) if n_groups and config.mapping else None

    def candidates(self, groups: Assignment | None, items: torch.Tensor | None = None) -> Candidates:
        """Return items as candidates.

        Args:
            groups: of all items.
            items: int64 [C]; None for the catalogue.
        """
        vectors = self.items if items is None else self.items[items]
        if isinstance(groups, Drawn) and items is not None:
            groups = groups.of(items)
        bias = self.items.new_zeros(len(vectors))
        if self.bias is not None:
            bias = self.bias if items is None else self.bias[items]
        parameters = vectors.new_zeros(len(vectors), 0)
        if groups is not None and self.link.parameters_of_groups is not None:
            parameters = groups.mixed(self.link.parameters_of_groups)
        return Candidates(
            directions(vectors) / self._temperature if self._cosine else vectors,
            bias,
            groups,
            parameters,
            self.mapping,
            self.link,
            self._cosine,
        )
