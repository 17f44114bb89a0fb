"""Settings of CKE."""

from __future__ import annotations

from pydantic import Field

from graphrec.models.config import GradientConfig


class CKEConfig(GradientConfig):
    """Settings of CKE.

    Attributes:
        learning_rate: of the optimiser.
        averaging: share that a moving average of the weights keeps of itself at each step.
        least_epochs: passes over the positives, at least, where ``epochs`` is left out.
        embedding_size: d, length of the vectors of users, items and entities.
        relation_size: length of vectors in the space of a relation; 0 takes d.
        knowledge_weight: how much the facts count beside the positives; 0 leaves them out.
        negatives: items drawn against each positive, and nodes drawn against the tail of each fact.
        reg: λ, the L2 penalty on the vectors and matrices of each training case.
        batch_size: positives in a step of the optimiser.
    """

    least_epochs: int = Field(100, ge=1, description="epochs, at least, where epochs is left out")
    learning_rate: float = Field(5e-3, gt=0, description="of the optimiser")
    averaging: float = Field(0.99, ge=0, lt=1, description="share that a moving average of the weights keeps at a step")
    embedding_size: int = Field(64, ge=1, description="d, length of a vector")
    relation_size: int = Field(0, ge=0, description="length of vectors in the space of a relation; 0 takes d")
    knowledge_weight: float = Field(0.2, ge=0, description="how much facts count beside positives; 0 leaves them out")
    negatives: int = Field(1, ge=1, description="items, or tails, drawn against each positive, or fact")
    reg: float = Field(0.02, ge=0, description="λ, the L2 penalty on what a training case uses")
    batch_size: int = Field(2048, ge=1, description="positives in a step of the optimiser")
