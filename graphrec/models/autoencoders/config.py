"""Settings that the autoencoders share."""

from __future__ import annotations

from pydantic import Field

from graphrec.models.linear_path.config import LinearPathConfig


class AutoencoderConfig(LinearPathConfig):
    """Settings of autoencoders of users' rows.

    Attributes:
        steps, least_epochs: steps of the optimiser and epochs, at least, where ``epochs`` is left out.
        learning_rate: of the optimiser.
        averaging: share that a moving average of the weights keeps of itself at each step; 0 keeps none.
        embedding_size: d, latent dimensions.
        hidden_size: of the layers between items and latent space.
        dropout: share of a user's taken items that a step hides from the encoder.
        batch_size: users in a step of the optimiser.
    """

    steps: int = Field(500, ge=1, description="steps of the optimiser, at least, where epochs is left out")
    least_epochs: int = Field(80, ge=1, description="epochs, at least, where epochs is left out")
    learning_rate: float = Field(3e-3, gt=0, description="of the optimiser")
    averaging: float = Field(0.99, ge=0, lt=1, description="share that a moving average of the weights keeps at a step")
    embedding_size: int = Field(100, ge=1, description="d, latent dimensions")
    hidden_size: int = Field(300, ge=1, description="of the layers between items and latent space")
    dropout: float = Field(0.5, ge=0, lt=1, description="share of the taken items that a step hides from the encoder")
    batch_size: int = Field(256, ge=1, description="users in a step of the optimiser")


class AnnealedConfig(AutoencoderConfig):
    """Settings of autoencoders whose divergence counts more and more until it has its full weight.

    Attributes:
        kl_weight: β, what the divergence counts in the end; the variational bound has 1.
        anneal_steps: steps of the optimiser until then, from 0 in equal parts; 0 has the full weight from the start.
    """

    kl_weight: float = Field(0.2, ge=0, description="β, what the divergence counts in the end")
    anneal_steps: int = Field(500, ge=0, description="steps until the divergence counts so much")

    def kl_weight_at(self, step: int) -> float:
        """Return β at a step of the optimiser, counted from 0."""
        return self.kl_weight * min(1.0, step / self.anneal_steps if self.anneal_steps else 1.0)
