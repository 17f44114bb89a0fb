"""The base of networks that score a pair from a vector of its user and one of its item."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.models.pairs.heads import Head

SPREAD = 0.05
"""Standard deviation of the vectors of ids at the start."""


class PairNetwork(nn.Module, ABC):
    """What is learned of users and items, and the head that scores them together.

    Attributes:
        head: from both vectors to the score.
    """

    head: Head

    @abstractmethod
    def user_vectors(self, users: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the vectors that the head takes of users, [n, D]."""

    @abstractmethod
    def item_vectors(self, items: npt.NDArray[np.int64]) -> torch.Tensor:
        """Return the vectors that the head takes of items, [n, D]."""

    def vectors_of_batch(
        self,
        users: npt.NDArray[np.int64],
        items: npt.NDArray[np.int64],
        places: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the vectors of the users, [B, D], and of the items, [B, 1 + n, D], of a batch of pairs.

        Args:
            users: those that occur.
            items: those that occur.
            places: in ``users``, [B], and in ``items``, [B, 1 + n].
        """
        of_users, of_items = self.user_vectors(users), self.item_vectors(items)
        of_user, of_item = (torch.from_numpy(part).to(of_users.device) for part in places)
        return nn.functional.embedding(of_user, of_users), nn.functional.embedding(of_item, of_items)


def drawn(rows: int, size: int, generator: torch.Generator, spread: float = SPREAD) -> nn.Parameter:
    """Return vectors at the start, normal around 0, [rows, size]."""
    return nn.Parameter(torch.randn(rows, size, generator=generator) * spread)


def rows_of(table: torch.Tensor, rows: npt.NDArray[np.int64]) -> torch.Tensor:
    """Return rows of a learned table, [n, d], on its device."""
    return nn.functional.embedding(torch.from_numpy(rows).to(table.device), table)
