"""What eRAN learns: a tower for each attribute network, what users look for, and biases of items."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np
import torch
from torch import nn

from graphrec.models.eran.histories import ItemTables
from graphrec.models.eran.towers import Autoencoder, LinearTower

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.models.eran.config import ERANConfig
    from graphrec.models.eran.sampled_rows import SampledRows
    from graphrec.models.eran.towers import Tower
    from graphrec.sampling.attribute_networks import AttributeNetwork

SPREAD = 0.01
"""Standard deviation of what users look for at the start, so that attention begins nearly even."""


class ERANNetwork(nn.Module):
    """Towers, z and b.

    The bias of an item starts at half the logarithm of 1 + the users who took it, and exists with the softmax alone:
    the paper has none.

    Args:
        networks: K, of the training data.
        rows: of batches in these networks, where towers read them; else None.
        takers: int64 [items], users who took each item.
        n_users: of the training data.
        config: of the model, with one form.

    Attributes:
        towers: one for each network.
        of_users: [items, d], what an item puts into z_u; or [users, d], each user's z; None where attention is even.
        bias: b, [items].
    """

    def __init__(
        self,
        networks: Sequence[AttributeNetwork],
        rows: SampledRows | None,
        takers: npt.NDArray[np.int64],
        n_users: int,
        config: ERANConfig,
    ) -> None:
        super().__init__()
        self._config = config
        generator = torch.Generator().manual_seed(config.seed)
        kind = LinearTower if config.tower == "linear" else Autoencoder
        self.towers = nn.ModuleList(kind(network, takers > 0, rows, config, generator) for network in networks)
        self.of_users = self._of_users(len(takers), n_users, generator)
        start = 0.5 * np.log1p(takers) if config.objective == "softmax" else np.zeros(len(takers))
        self.bias = nn.Parameter(
            torch.from_numpy(start.astype(np.float32)), requires_grad=config.objective == "softmax"
        )

    def _of_users(self, n_items: int, n_users: int, generator: torch.Generator) -> nn.Parameter | None:
        if self._config.attention == "even":
            return None
        rows, size = n_items if self.from_history else n_users, self._config.embedding_size
        if not self._config.alpha:  # eRAN-L2
            return nn.Parameter(torch.ones(rows, size), requires_grad=False)
        return nn.Parameter(torch.randn(rows, size, generator=generator) * SPREAD)

    @property
    def from_history(self) -> bool:
        """Whether z_u is made of the history."""
        return bool(self._config.user_vectors == "history")

    def vectors(self, as_new: torch.Tensor | None = None) -> torch.Tensor:
        """Return h of all items, [K, items, d]; arguments as for ``Tower.vectors``."""
        return torch.stack([tower.vectors(as_new) for tower in self.each_tower])

    @property
    def each_tower(self) -> list[Tower]:
        """The towers, in the order of the networks."""
        return cast("list[Tower]", list(self.towers))

    def tables(self, vectors: torch.Tensor) -> ItemTables:
        """Return what histories need of all items with these vectors."""
        of_users = self.of_users if self.from_history else None
        return ItemTables(vectors, of_users, self._config.forms == "distance")

    def users(self, rows: npt.NDArray[np.int64]) -> torch.Tensor | None:
        """Return the learned z of users, [B, d], their mean for −1; None where it is made of the history or even."""
        if self.of_users is None or self.from_history:
            return None
        known = torch.from_numpy(rows).to(self.of_users.device)
        return torch.where(known[:, None] < 0, self.of_users.mean(dim=0), self.of_users[known.clamp(min=0)])
