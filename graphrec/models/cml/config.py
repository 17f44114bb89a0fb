"""Settings of CML."""

from __future__ import annotations

from pydantic import Field

from graphrec.models.config import GradientConfig


class CMLConfig(GradientConfig):
    """Settings of CML; letters are the paper's.

    Attributes:
        steps, least_epochs: where ``epochs`` is left out; few, since places learn single pairs by heart soon.
        learning_rate: of the optimiser.
        metric: what the validation value is; that of RecoNet's paper.
        averaging: share that a moving average of the weights keeps of itself at each step; places jump about without.
        embedding_size: r, dimensions of the space.
        margin: m, by how much nearer a taken item should be than any other (in squared distance).
        negatives: U, items drawn for a batch, which each of its examples is compared with where they are not taken.
        covariance: λ_c, weight of the penalty on dimensions that go together.
        attribute_weight: λ_f, weight of the distance between a place and what attributes say of it; 0 leaves them out.
        dropout: share of hidden units that a step of the attribute network leaves out.
        batch_size: positives in a step of the optimiser.
    """

    steps: int = Field(100, ge=1, description="steps of the optimiser, at least, where epochs is left out")
    least_epochs: int = Field(20, ge=1, description="epochs, at least, where epochs is left out")
    learning_rate: float = Field(5e-3, gt=0, description="of the optimiser")
    metric: str = Field("recall@50", description="what the validation value is")
    averaging: float = Field(0.99, ge=0, lt=1, description="share that a moving average of the weights keeps at a step")
    embedding_size: int = Field(100, ge=1, description="r, dimensions of the space")
    margin: float = Field(0.1, gt=0, description="m, by how much nearer a taken item should be")
    negatives: int = Field(100, ge=1, description="U, items drawn for a batch to compare with")
    covariance: float = Field(1.0, ge=0, description="λ_c, penalty on dimensions that go together")
    attribute_weight: float = Field(0.0, ge=0, description="λ_f, how much attributes say; 0 leaves them out")
    dropout: float = Field(0.0, ge=0, le=0.95, description="share of hidden units left out of a step")
    batch_size: int = Field(4096, ge=1, description="positives in a step of the optimiser")
