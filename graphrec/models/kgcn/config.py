"""Settings of KGCN."""

from __future__ import annotations

from pydantic import Field

from graphrec.models.config import GradientConfig


class KGCNConfig(GradientConfig):
    """Settings of KGCN; letters are the paper's.

    Attributes:
        learning_rate: η.
        embedding_size: d, length of the vectors of users, nodes and relations.
        neighbours: K, facts drawn for each node.
        hops: H, depth of the receptive field.
        aggregator: ``sum``, ``concat`` or ``neighbour``: what of a node and its neighbourhood goes on.
        reg: λ, L2 penalty on all parameters but shifts.
        batch_size: positives in a step of the optimiser.
    """

    least_epochs: int = Field(60, ge=1, description="epochs, at least, where epochs is left out")
    learning_rate: float = Field(5e-3, gt=0, description="η")
    embedding_size: int = Field(64, ge=1, description="d, length of the vectors")
    neighbours: int = Field(8, ge=1, description="K, facts drawn for each node")
    hops: int = Field(1, ge=1, le=4, description="H, depth of the receptive field")
    aggregator: str = Field("sum", pattern="^(sum|concat|neighbour)$", description="sum, concat or neighbour")
    reg: float = Field(2e-5, ge=0, description="λ, L2 penalty on all parameters but shifts")
    batch_size: int = Field(2048, ge=1, description="positives in a step of the optimiser")
