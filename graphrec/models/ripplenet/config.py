"""Settings of RippleNet."""

from __future__ import annotations

from pydantic import Field

from graphrec.models.config import GradientConfig


class RippleNetConfig(GradientConfig):
    """Settings of RippleNet; letters are the paper's.

    Attributes:
        learning_rate: η.
        embedding_size: d, length of the vectors of nodes.
        hops: H, how far a user's interest spreads.
        ripple_size: facts of each hop that stand for a user, at most.
        backwards: facts are followed from tail to head too, by relations of their own.
        reg: λ1, L2 penalty on all parameters.
        graph_weight: λ2, weight of what tells facts from others.
        batch_size: positives in a step of the optimiser.
    """

    least_epochs: int = Field(60, ge=1, description="epochs, at least, where epochs is left out")
    learning_rate: float = Field(5e-3, gt=0, description="η")
    embedding_size: int = Field(16, ge=1, description="d, length of the vectors of nodes")
    hops: int = Field(2, ge=1, description="H, how far a user's interest spreads")
    ripple_size: int = Field(32, ge=1, description="facts of each hop that stand for a user, at most")
    backwards: bool = Field(True, description="facts are followed from tail to head too")
    reg: float = Field(1e-5, ge=0, description="λ1, L2 penalty on all parameters")
    graph_weight: float = Field(0.02, ge=0, description="λ2, weight of what tells facts from others")
    batch_size: int = Field(1024, ge=1, description="positives in a step of the optimiser")
