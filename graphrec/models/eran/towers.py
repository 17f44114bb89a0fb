"""From an item's row in an attribute network to its vector: one linear layer, or the paper's autoencoder."""

from __future__ import annotations

from abc import abstractmethod
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.models.eran.gram_product import GramProduct
from graphrec.models.eran.value_rows import ValueRows

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.models.eran.config import ERANConfig
    from graphrec.models.eran.sampled_rows import SampledRows
    from graphrec.sampling.attribute_networks import AttributeNetwork

EDGES_AT_ONCE = 20_000_000
"""Numbers in the first layer's outputs and rows of the autoencoder, held at once."""


class Tower(nn.Module):
    """The vectors of items in one network.

    Args:
        network: of one kind of attribute.
        is_taken: bool [items], those that somebody took; the others are new.
        rows: of batches, where the tower or its loss reads them; else None.
    """

    is_taken: torch.Tensor

    def __init__(self, network: AttributeNetwork, is_taken: npt.NDArray[np.bool_], rows: SampledRows | None) -> None:
        super().__init__()
        self._rows_of_batches = rows
        self.register_buffer("is_taken", torch.from_numpy(is_taken), persistent=False)
        self.network = network

    @abstractmethod
    def vectors(self, as_new: torch.Tensor | None = None) -> torch.Tensor:
        """Return the vectors of all items, [items, d]; zeros for an item without an edge.

        A new item has edges to all items that carry one of its values (3.1), every other one those of the network.

        Args:
            as_new: bool [items], further items to take as new; None for none.
        """

    @abstractmethod
    def of(self, items: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the vectors of some items, [B, d]."""

    @abstractmethod
    def network_loss(self, items: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the sum of ‖(x − x̂) ⊙ b‖² over the rows of some items (3), b being 1 on edges and β elsewhere."""

    def rows_of_network(self, items: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the rows of ones of some items in the network, float32 [B, items].

        Raises:
            ValueError: the tower was made without rows of batches.
        """
        if self._rows_of_batches is None:
            raise ValueError("this tower reads no rows of batches")
        return self._rows_of_batches.of(self.network.kind, items)


class LinearTower(Tower):
    """h = W D^{-1/2} G D^{-1/2} made unit length, G weighted by the users who took both × the values they share.

    Not the paper's: one layer on whole rows, normalised by the degrees D, in place of the autoencoder on rows of ones.
    The first layer of all items is two sparse products (``GramProduct``). A new item's row has an edge of weight
    1 × shared values to each taken item.

    Args:
        network: of one kind of attribute.
        is_taken: bool [items].
        rows: of batches.
        config: of the model.
        generator: draws W.
    """

    _scale: torch.Tensor
    _scale_of_new: torch.Tensor

    def __init__(
        self,
        network: AttributeNetwork,
        is_taken: npt.NDArray[np.bool_],
        rows: SampledRows | None,
        config: ERANConfig,
        generator: torch.Generator,
    ) -> None:
        super().__init__(network, is_taken, rows)
        degrees = network.degrees()
        with np.errstate(divide="ignore"):
            scale = np.where(degrees > 0, degrees**-0.5, 0.0)
        self.register_buffer("_scale", torch.from_numpy(scale.astype(np.float32)), persistent=False)
        of_new = np.where(is_taken, np.maximum(degrees, 1.0) ** -0.5, 0.0)
        self.register_buffer("_scale_of_new", torch.from_numpy(of_new.astype(np.float32)), persistent=False)
        self._of_pairs = GramProduct(network.pairs)
        self._of_values = GramProduct(network.carried.csr(np.float32).T)
        start = torch.randn(network.n_items, config.embedding_size, generator=generator)
        self.weights = nn.Parameter(start / config.embedding_size**0.5)
        self._beta = config.beta
        self._decoder = _layer(config.embedding_size, network.n_items, generator) if config.network_loss else None

    def vectors(self, as_new: torch.Tensor | None = None) -> torch.Tensor:
        """Return the vectors; as ``Tower.vectors``."""
        by_network = self._of_pairs(self._scale[:, None] * self.weights)
        is_new = ~self.is_taken if as_new is None else ~self.is_taken | as_new
        if is_new.any():
            by_values = self._of_values(self._scale_of_new[:, None] * self.weights)
            by_network = torch.where(is_new[:, None], by_values, by_network)
        return functional.normalize(by_network, dim=1, eps=1e-12)

    def of(self, items: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the vectors of some items; as ``Tower.of``."""
        return self.vectors()[torch.from_numpy(items).to(self.is_taken.device)]

    def network_loss(self, items: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the loss (3) of rows of ones, restored from the vectors by one layer with a sigmoid."""
        if self._decoder is None:
            raise ValueError("the tower has no decoder: network_loss is off")
        rows = self.rows_of_network(items).to(self.is_taken.device)
        return reconstruction(rows, torch.sigmoid(self._decoder(self.of(items))), self._beta)


class Autoencoder(Tower):
    """The paper's: the row of ones |V| → 1024 → 256 → d by layers with a sigmoid, and back (1).

    The paper says σ and no more; the sigmoid is that of SDNE, which it follows in (3). Rows are drawn batch by batch
    as in-subgraphs and never kept: |V| × |V| does not exist.

    Args:
        network: of one kind of attribute.
        is_taken: bool [items].
        rows: of batches.
        config: of the model.
        generator: draws the weights, as Glorot and Bengio say.
    """

    def __init__(
        self,
        network: AttributeNetwork,
        is_taken: npt.NDArray[np.bool_],
        rows: SampledRows | None,
        config: ERANConfig,
        generator: torch.Generator,
    ) -> None:
        super().__init__(network, is_taken, rows)
        self._beta = config.beta
        self._new_rows = ValueRows(network.carried, is_taken)
        sizes = (network.n_items, *config.hidden_sizes, config.embedding_size)
        self._encoder = nn.ModuleList(_layer(*ends, generator) for ends in pairwise(sizes))
        self._decoder = nn.ModuleList(_layer(*ends, generator) for ends in pairwise(reversed(sizes)))

    def vectors(self, as_new: torch.Tensor | None = None) -> torch.Tensor:
        """Return the vectors; as ``Tower.vectors``."""
        n_items = self.network.n_items
        new = None if as_new is None else as_new.cpu().numpy()
        blocks = row_blocks(n_items, 2 * n_items, EDGES_AT_ONCE)
        return torch.cat([self.of(np.arange(n_items)[block], None if new is None else new[block]) for block in blocks])

    def of(self, items: npt.NDArray[np.int64], as_new: npt.NDArray[np.bool_] | None = None) -> torch.Tensor:
        """Return the vectors of some items; as ``Tower.of``."""
        rows = self._rows(items, as_new)
        return self._encoded(rows) * (rows.sum(dim=1, keepdim=True) > 0)

    def network_loss(self, items: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the loss (3); as ``Tower.network_loss``."""
        rows = self._rows(items, None)
        restored = self._encoded(rows)
        for layer in self._decoder:
            restored = torch.sigmoid(layer(restored))
        return reconstruction(rows, restored, self._beta)

    def _encoded(self, rows: torch.Tensor) -> torch.Tensor:
        for layer in self._encoder:
            rows = torch.sigmoid(layer(rows))
        return rows

    def _rows(self, items: npt.NDArray[np.int64], as_new: npt.NDArray[np.bool_] | None) -> torch.Tensor:
        """Return the rows of ones of some items, [B, items]."""
        rows = self.rows_of_network(items)
        is_new = ~self.is_taken.cpu().numpy()[items]
        if as_new is not None:
            is_new |= as_new
        if is_new.any():
            rows[torch.from_numpy(is_new)] = self._new_rows.of(items[is_new])
        return rows.to(self.is_taken.device)


def reconstruction(rows: torch.Tensor, restored: torch.Tensor, beta: float) -> torch.Tensor:
    """Return the sum of ‖(x − x̂) ⊙ b‖² (3): β stands inside the square, .2 counts .04.

    Args:
        rows: x, [B, items] of ones and zeros.
        restored: x̂, [B, items].
        beta: what an absent edge counts.
    """
    loss: torch.Tensor = (((rows - restored) * torch.where(rows > 0, 1.0, beta)) ** 2).sum()
    return loss


def _layer(inputs: int, outputs: int, generator: torch.Generator) -> nn.Linear:
    layer = nn.Linear(inputs, outputs)
    nn.init.xavier_uniform_(layer.weight, generator=generator)
    nn.init.zeros_(layer.bias)
    return layer
