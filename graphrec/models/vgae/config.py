"""Settings of VGAE."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from graphrec.models.config import GradientConfig


class VGAEConfig(GradientConfig):
    """Settings of VGAE; those of resolving's paper on LastFM are the defaults, but for two.

    With its learning rate of 2e-4 and the bound as it is (``kl_weight`` 1) every user is recommended what is popular;
    the defaults are what works.

    Attributes:
        steps: of the optimiser, at least, where ``epochs`` is left out; more than elsewhere, since the divergence falls
            slowly.
        least_epochs, reg: as the paper has them.
        learning_rate: of the optimiser.
        embedding_size: d, latent dimensions.
        hidden_size: h, of the first layer.
        likelihood: ``softmax``, of what a user took among all items; ``bernoulli``, of each pair of nodes to be linked.
        kl_weight: what the divergence counts; the bound has 1.
        dropout: share of the numbers before each layer that a step leaves out.
        batch_size: users in a step, or nodes with the likelihood ``bernoulli``.
    """

    steps: int = Field(1000, ge=1, description="steps of the optimiser, at least, where epochs is left out")
    least_epochs: int = Field(100, ge=1, description="epochs, at least, where epochs is left out")
    learning_rate: float = Field(5e-3, gt=0, description="of the optimiser")
    embedding_size: int = Field(64, ge=1, description="d, latent dimensions")
    hidden_size: int = Field(64, ge=1, description="h, of the first layer")
    likelihood: Literal["softmax", "bernoulli"] = Field("softmax", description="softmax over items, or bernoulli")
    kl_weight: float = Field(0.1, ge=0, description="what the divergence counts")
    dropout: float = Field(0.0, ge=0, le=0.95, description="share of the numbers before a layer left out of a step")
    reg: float = Field(1e-8, ge=0, description="L2 penalty of the weights")
    batch_size: int = Field(128, ge=1, description="users, or nodes, in a step of the optimiser")
