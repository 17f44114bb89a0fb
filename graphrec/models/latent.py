"""What models have in common that put a user into a latent space and decode scores from there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    import torch

    from graphrec.dataset.profiles import Profiles


@runtime_checkable
class LatentModel(Protocol):
    """A model whose scores of a user go through a vector z of that user and through nothing else.

    A linear path beside the model (``graphrec.models.linear_path``) is no part of it.
    """

    def user_latents(self, profiles: Profiles) -> torch.Tensor:
        """Return z of B users as scoring has it, float32 [B, d]: means, nothing drawn; 0 for a user without input."""

    def scores_of_latents(self, latents: torch.Tensor) -> torch.Tensor:
        """Return what the decoder makes of any z, float32 [B, items].

        Args:
            latents: float32 [B, d], in the space of ``user_latents``.
        """

    def item_latents(self) -> torch.Tensor | None:
        """Return the vectors of items in the decoder, float32 [items, d']; None where items have none."""
