"""Settings of EASE."""

from __future__ import annotations

from typing import ClassVar, Literal

from pydantic import Field

from graphrec.models.config import ModelConfig


class EASEConfig(ModelConfig):
    """Settings of EASE.

    Attributes:
        reg: λ, the L2 penalty.
        attribute_weight: weight of item attributes stacked under the interactions (collective EASE); 0 is plain.
        entity_weight: likewise for entities.
        dislike_weight: of a disliked item beside a taken one; counts where the data has dislikes (``negative_if``).
        precision: of the numbers that the matrix is inverted in; weights are float32 in any case. float32 takes half
            the memory and some two thirds of the time; on MovieLens 1M no weight moved by more than 2e-6.
    """

    added_later: ClassVar[frozenset[str]] = frozenset({"dislike_weight", "precision"})
    reg: float = Field(500.0, gt=0, description="λ, the L2 penalty")
    attribute_weight: float = Field(0.0, ge=0, description="weight of item attributes stacked under the interactions")
    entity_weight: float = Field(0.0, ge=0, description="weight of item entities stacked under the interactions")
    dislike_weight: float = Field(0.25, ge=0, description="weight of a disliked item beside a taken one")
    precision: Literal["float64", "float32"] = Field("float64", description="of the numbers that are inverted")
