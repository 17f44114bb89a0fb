"""Settings of matrix factorisation."""

from __future__ import annotations

from pydantic import Field

from graphrec.models.config import GradientConfig


class MFConfig(GradientConfig):
    """Settings of matrix factorisation with the softmax of the whole catalogue.

    Attributes:
        learning_rate: of the optimiser.
        averaging: share that a moving average of the weights keeps of itself at each step; 0 keeps none.
        embedding_size: d, length of the vectors.
        dropout: share of the numbers of a user's vector that are off in training.
        weight_decay: of Adam, the gradient of an L2 penalty.
        batch_size: positives in a step of the optimiser.
    """

    learning_rate: float = Field(1e-2, gt=0, description="of the optimiser")
    averaging: float = Field(0.98, ge=0, lt=1, description="share that a moving average of the weights keeps at a step")
    embedding_size: int = Field(64, ge=1, description="d, length of the vectors")
    dropout: float = Field(0.5, ge=0, lt=1, description="share of a user's vector that is off in training")
    weight_decay: float = Field(0.0, ge=0, description="of Adam, the gradient of an L2 penalty")
    batch_size: int = Field(1024, ge=1, description="positives in a step of the optimiser")
