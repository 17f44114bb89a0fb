"""Settings of the factorisation machine."""

from __future__ import annotations

from pydantic import Field

from graphrec.models.fields.config import CaseConfig


class FMConfig(CaseConfig):
    """Settings of the factorisation machine; negatives are drawn evenly from all items.

    Attributes:
        steps: of the optimiser, at least, where ``epochs`` is left out.
        learning_rate: of the optimiser.
        metric: what the validation value is; that of RecoNet's paper.
    """

    steps: int = Field(200, ge=1, description="steps of the optimiser, at least, where epochs is left out")
    learning_rate: float = Field(5e-3, gt=0, description="of the optimiser")
    metric: str = Field("recall@50", description="what the validation value is")
