"""Settings of SVDFeature."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from graphrec.models.fm.config import FMConfig


class SVDFeatureConfig(FMConfig):
    """Settings of SVDFeature: those of the factorisation machine with defaults of its own, and one more.

    Attributes:
        steps: of the optimiser, at least, where ``epochs`` is left out.
        learning_rate: of the optimiser.
        loss: ``bpr`` puts what was taken above what was drawn (the toolkit's rank loss); ``logistic`` tells them apart.
        feedback: what a user took are features of the user.
    """

    within_sides: ClassVar[bool] = False
    steps: int = Field(400, ge=1, description="steps of the optimiser, at least, where epochs is left out")
    learning_rate: float = Field(1e-2, gt=0, description="of the optimiser")
    loss: str = Field("bpr", pattern="^(logistic|bpr)$", description="logistic or bpr")
    feedback: bool = Field(True, description="what a user took are features of the user")
