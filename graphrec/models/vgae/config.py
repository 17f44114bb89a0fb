"""Settings of VGAE."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from graphrec.models.config import GradientConfig


class VGAEConfig(GradientConfig):
    """Settings of VGAE; those of resolving's paper on LastFM are the defaults where it gives them.

    Attributes:
        epochs, learning_rate, reg, batch_size: as the paper has them.
        embedding_size: d, latent dimensions.
        hidden_size: h, of the first layer.
        likelihood: ``softmax``, of what a user took among all items; ``bernoulli``, of each pair of nodes to be linked.
        kl_weight: what the divergence counts; the bound has 1.
        dropout: share of the numbers before each layer that a step leaves out.
        batch_size: users in a step, or nodes with the likelihood ``bernoulli``.
    """

    epochs: int = Field(100, ge=1, description="passes over the users, at most")
    learning_rate: float = Field(2e-4, gt=0, description="of the optimiser")
    embedding_size: int = Field(64, ge=1, description="d, latent dimensions")
    hidden_size: int = Field(64, ge=1, description="h, of the first layer")
    likelihood: Literal["softmax", "bernoulli"] = Field("softmax", description="softmax over items, or bernoulli")
    kl_weight: float = Field(1.0, ge=0, description="what the divergence counts")
    dropout: float = Field(0.0, ge=0, le=0.95, description="share of the numbers before a layer left out of a step")
    reg: float = Field(1e-8, ge=0, description="L2 penalty of the weights")
    batch_size: int = Field(128, ge=1, description="users, or nodes, in a step of the optimiser")
