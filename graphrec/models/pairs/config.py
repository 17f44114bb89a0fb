"""Settings of models that learn to put what a user took above items drawn against it."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from graphrec.models.config import GradientConfig


class PairConfig(GradientConfig):
    """Settings of models that are trained on positives with sampled negatives.

    Attributes:
        embedding_size: d, length of the vectors.
        loss: of a positive and its negatives: ``bpr``, the mean of −log σ(positive − negative), or ``softmax``, the
            cross entropy of the positive among them all, a sample of the catalogue's.
        negatives: items drawn for each positive, evenly from those that the user did not take.
        disliked_share: the chance that an item drawn for a user with dislikes is one of these; counts where the data
            has dislikes (``negative_if``).
        batch_size: positives in a step of the optimiser.
        weight_decay: of Adam, the gradient of an L2 penalty.
    """

    added_later: ClassVar[frozenset[str]] = GradientConfig.added_later | {"disliked_share"}
    embedding_size: int = Field(64, ge=1, description="d, length of the vectors")
    loss: Literal["bpr", "softmax"] = Field("bpr", description="bpr or softmax")
    negatives: int = Field(1, ge=1, description="items drawn for each positive")
    disliked_share: float = Field(0.2, ge=0, le=1, description="chance that a negative is a disliked item")
    batch_size: int = Field(512, ge=1, description="positives in a step of the optimiser")
    weight_decay: float = Field(0.0, ge=0, description="of Adam, the gradient of an L2 penalty")
