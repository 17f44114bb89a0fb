"""Settings of the factorisation machine."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from graphrec.models.config import GradientConfig


class FMConfig(GradientConfig):
    """Settings of the factorisation machine.

    Attributes:
        steps: of the optimiser, at least, where ``epochs`` is left out.
        learning_rate: of the optimiser.
        metric: what the validation value is; that of RecoNet's paper.
        embedding_size: d, length of a feature's vector.
        item_attributes: the attributes of an item are features of it.
        user_attributes: the attributes of a user are features of the user.
        loss: ``logistic`` tells what was taken from what was drawn; ``bpr`` puts the former above the latter.
        negatives: items drawn for each positive, evenly from all; one that the user took as well does not count.
        reg: λ, the L2 penalty on the vectors of the features of each training case.
        batch_size: positives in a step of the optimiser.
        within_sides: whether the features of a user interact with each other, and those of an item; no setting.
    """

    within_sides: ClassVar[bool] = True

    steps: int = Field(200, ge=1, description="steps of the optimiser, at least, where epochs is left out")
    learning_rate: float = Field(5e-3, gt=0, description="of the optimiser")
    metric: str = Field("recall@50", description="what the validation value is")
    embedding_size: int = Field(64, ge=1, description="d, length of a feature's vector")
    item_attributes: bool = Field(True, description="the attributes of an item are features of it")
    user_attributes: bool = Field(True, description="the attributes of a user are features of the user")
    loss: str = Field("logistic", pattern="^(logistic|bpr)$", description="logistic or bpr")
    negatives: int = Field(4, ge=1, description="items drawn for each positive")
    reg: float = Field(0.008, ge=0, description="λ, the L2 penalty on the vectors of the features of a training case")
    batch_size: int = Field(8192, ge=1, description="positives in a step of the optimiser")
