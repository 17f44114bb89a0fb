"""Settings of FISM."""

from __future__ import annotations

from pydantic import Field

from graphrec.models.config import GradientConfig


class FISMConfig(GradientConfig):
    """Settings of FISM.

    Attributes:
        steps: of the optimiser, at least, where ``epochs`` is left out.
        learning_rate: of the optimiser.
        averaging: share that a moving average of the weights keeps of itself at each step; 0 keeps none.
        embedding_size: d, length of an item's two vectors.
        alpha: α, how much the length of a history weakens each item in it: 0 is the sum, 1 the mean.
        loss: ``auc`` wants a taken item one above each drawn one (FISMauc), ``rmse`` taken items at 1 and drawn ones
            at 0 (FISMrmse), both by squared errors; ``bpr`` is the logistic loss of the difference.
        negatives: items drawn for each positive, evenly from all; one that the user took as well does not count.
        reg: β, the L2 penalty on all vectors, beside losses that are sums over all positives.
        batch_size: positives in a step of the optimiser, approximately: users are never cut.
    """

    steps: int = Field(400, ge=1, description="steps of the optimiser, at least, where epochs is left out")
    learning_rate: float = Field(5e-3, gt=0, description="of the optimiser")
    averaging: float = Field(0.99, ge=0, lt=1, description="share that a moving average of the weights keeps at a step")
    embedding_size: int = Field(64, ge=1, description="d, length of an item's two vectors")
    alpha: float = Field(0.5, ge=0, le=1, description="α, from 0 (a history is a sum) to 1 (a mean)")
    loss: str = Field("auc", pattern="^(auc|rmse|bpr)$", description="auc, rmse or bpr")
    negatives: int = Field(4, ge=1, description="items drawn for each positive")
    reg: float = Field(10.0, ge=0, description="β, the L2 penalty on all vectors")
    batch_size: int = Field(8192, ge=1, description="positives in a step of the optimiser, approximately")
