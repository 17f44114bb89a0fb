"""Settings of the factorisation machine."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from graphrec.models.fields.config import CaseConfig


class FMConfig(CaseConfig):
    """Settings of the factorisation machine; negatives are drawn evenly from all items.

    Attributes:
        steps: of the optimiser, at least, where ``epochs`` is left out.
        learning_rate: of the optimiser.
        metric: what the validation value is; that of RecoNet's paper.
        within_sides: whether the features of a user interact with each other, and those of an item; no setting.
    """

    within_sides: ClassVar[bool] = True

    steps: int = Field(200, ge=1, description="steps of the optimiser, at least, where epochs is left out")
    learning_rate: float = Field(5e-3, gt=0, description="of the optimiser")
    metric: str = Field("recall@50", description="what the validation value is")
