"""Settings of Splitter."""

from __future__ import annotations

from pydantic import Field

from graphrec.models.config import GradientConfig


class SplitterConfig(GradientConfig):
    """Settings of Splitter; sizes and penalty are those of resolving's proposed model on LastFM, as its 5.2 says.

    It prints no learning rate for this row, and speaks of no averaged weights: those two defaults, and the patience,
    are what works.

    Attributes:
        least_epochs, reg, batch_size: as the paper has them.
        learning_rate: of the optimiser.
        averaging: share that a moving average of the weights keeps of itself at each step.
        patience: validations without a better validation value before training stops.
        embedding_size: D, of every node in each community.
        communities: C.
        hidden_size: of the first layer in each community; 0 takes D.
        detection_rounds: of community detection, at most.
        dropout: share of the numbers before each layer that a step leaves out.
    """

    least_epochs: int = Field(100, ge=1, description="epochs, at least, where epochs is left out")
    learning_rate: float = Field(5e-3, gt=0, description="of the optimiser")
    averaging: float = Field(0.99, ge=0, lt=1, description="share that a moving average of the weights keeps at a step")
    patience: int = Field(10, ge=1, description="validations without a better validation value before training stops")
    embedding_size: int = Field(16, ge=1, description="D, of every node in each community")
    communities: int = Field(4, ge=1, description="C")
    hidden_size: int = Field(0, ge=0, description="of the first layer in each community; 0 takes D")
    detection_rounds: int = Field(300, ge=1, description="of community detection, at most")
    dropout: float = Field(0.0, ge=0, le=0.95, description="share of the numbers before a layer left out of a step")
    reg: float = Field(1e-8, ge=0, description="L2 penalty of the weights")
    batch_size: int = Field(128, ge=1, description="users in a step of the optimiser")
