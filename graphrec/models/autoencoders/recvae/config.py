"""Settings of RecVAE."""

from __future__ import annotations

from pydantic import Field

from graphrec.models.autoencoders.config import AutoencoderConfig


class RecVAEConfig(AutoencoderConfig):
    """Settings of RecVAE.

    Attributes:
        least_epochs: passes over all phases, at least, where ``epochs`` is left out.
        learning_rate: of the optimiser.
        kl_weight: γ, what the divergence of a user counts for each item that the user took.
        encoder_passes: passes over the users an epoch in which the encoder learns.
        decoder_passes: likewise for the decoder, after them.
    """

    least_epochs: int = Field(30, ge=1, description="epochs, at least, where epochs is left out")
    learning_rate: float = Field(1e-3, gt=0, description="of the optimiser")
    kl_weight: float = Field(0.005, ge=0, description="γ, what the divergence counts for each taken item")
    encoder_passes: int = Field(3, ge=1, description="passes an epoch in which the encoder learns")
    decoder_passes: int = Field(1, ge=1, description="passes an epoch in which the decoder learns")
