"""Settings of EMF."""

from __future__ import annotations

from pydantic import Field

from graphrec.models.config import ModelConfig
from graphrec.models.neighbours.item_neighbours import NEIGHBOURS


class EMFConfig(ModelConfig):
    """Settings of EMF.

    Attributes:
        embedding_size: K, length of the vectors.
        explainability: λ, the weight of the distance between a user and the items that are explainable to them.
        reg: β, the L2 penalty.
        zero_weight: what a cell without interaction weighs; one with an interaction weighs 1.
        neighbours: items that make an item explainable, at most.
        epochs: alternations, at most.
        tolerance: the relative decrease of the loss in an alternation at which to stop.
    """

    embedding_size: int = Field(64, ge=1, description="K, length of the vectors")
    explainability: float = Field(0.01, ge=0, description="λ, weight of the distance to explainable items")
    reg: float = Field(5.0, gt=0, description="β, the L2 penalty")
    zero_weight: float = Field(0.2, gt=0, le=1, description="what a cell without interaction weighs")
    neighbours: int = Field(NEIGHBOURS, ge=1, description="items that make an item explainable, at most")
    epochs: int = Field(30, ge=1, description="alternations, at most")
    tolerance: float = Field(1e-4, ge=0, description="relative decrease of the loss at which to stop")
