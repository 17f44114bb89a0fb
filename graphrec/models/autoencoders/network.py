"""The base of autoencoders' networks."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING

from torch import nn

if TYPE_CHECKING:
    import torch

    from graphrec.models.autoencoders.taken_items import TakenItems


class AutoencoderNetwork(nn.Module):
    """An encoder of what users took and a decoder to scores of all items."""

    @abstractmethod
    def latents(self, taken: TakenItems) -> torch.Tensor:
        """Return z of B users, [B, d], nothing drawn: what they are scored by."""

    @abstractmethod
    def decode(self, latents: torch.Tensor, items: torch.Tensor | None = None) -> torch.Tensor:
        """Return scores of all items, [B, items], or without gradients of some of each user, [B, k].

        Args:
            latents: z [B, d].
            items: int64 [B, k]; None for all.
        """

    @abstractmethod
    def item_vectors(self) -> torch.Tensor:
        """Return the vectors of items in the decoder, [items, d']."""


class JointNetwork(AutoencoderNetwork):
    """An encoder and a decoder that learn together, from one loss."""

    @abstractmethod
    def loss(self, taken: TakenItems, step: int) -> torch.Tensor:
        """Return the loss of a batch of users, the mean over them.

        Args:
            taken: what they took.
            step: of the training, from 0.
        """
