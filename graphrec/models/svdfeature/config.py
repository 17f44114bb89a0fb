"""Settings of SVDFeature."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from graphrec.models.fm.config import FMConfig


class SVDFeatureConfig(FMConfig):
    """Settings of SVDFeature: those of the factorisation machine, and one more.

    Attributes:
        loss: ``bpr`` puts what was taken above what was drawn (the toolkit's rank loss); ``logistic`` tells them apart.
        reg: λ, the L2 penalty on the vectors of the features of each training case.
        feedback: what a user took are features of the user.
    """

    within_sides: ClassVar[bool] = False
    loss: str = Field("bpr", pattern="^(logistic|bpr)$", description="logistic or bpr")
    feedback: bool = Field(True, description="what a user took are features of the user")
