"""Settings of EASE."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from graphrec.models.config import ModelConfig


class EASEConfig(ModelConfig):
    """Settings of EASE.

    Attributes:
        reg: λ, the L2 penalty.
        attribute_weight: weight of item attributes stacked under the interactions (collective EASE); 0 is plain.
        entity_weight: likewise for entities.
        dislike_weight: of a disliked item beside a taken one; counts where the data has dislikes (``negative_if``).
    """

    added_later: ClassVar[frozenset[str]] = frozenset({"dislike_weight"})
    reg: float = Field(500.0, gt=0, description="λ, the L2 penalty")
    attribute_weight: float = Field(0.0, ge=0, description="weight of item attributes stacked under the interactions")
    entity_weight: float = Field(0.0, ge=0, description="weight of item entities stacked under the interactions")
    dislike_weight: float = Field(0.25, ge=0, description="weight of a disliked item beside a taken one")
