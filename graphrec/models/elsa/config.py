"""Settings of ELSA."""

from __future__ import annotations

from pydantic import Field

from graphrec.models.config import GradientConfig


class ELSAConfig(GradientConfig):
    """Settings of ELSA.

    Attributes:
        steps, least_epochs: steps of the optimiser and epochs, at least, where ``epochs`` is left out.
        learning_rate: of the optimiser.
        averaging: share that a moving average of the weights keeps of itself at each step; 0 keeps none.
        embedding_size: d, length of an item's vector.
        batch_size: users in a step of the optimiser. A step costs items × d² beside what its users took, so that few
            large steps are cheap on a large catalogue.
        dislike_weight: of a disliked item beside a taken one; counts where the data has dislikes (``negative_if``).
    """

    least_epochs: int = Field(5, ge=1, description="epochs, at least, where epochs is left out")
    learning_rate: float = Field(1e-2, gt=0, description="of the optimiser")
    averaging: float = Field(0.99, ge=0, lt=1, description="share that a moving average of the weights keeps at a step")
    embedding_size: int = Field(128, ge=1, description="d, length of an item's vector")
    batch_size: int = Field(1024, ge=1, description="users in a step of the optimiser")
    dislike_weight: float = Field(0.25, ge=0, description="weight of a disliked item beside a taken one")
