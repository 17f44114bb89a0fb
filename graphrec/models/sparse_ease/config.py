"""Settings of sparse EASE."""

from __future__ import annotations

from pydantic import Field

from graphrec.models.config import ModelConfig


class SparseEASEConfig(ModelConfig):
    """Settings of sparse EASE.

    Attributes:
        neighbours: items that an item is predicted from, at most: those most similar to it by cosine.
        least_shared: users that two items share at least, to be neighbours.
        reg: λ, the L2 penalty.
        dislike_weight: of a disliked item beside a taken one; counts where the data has dislikes (``negative_if``).
        device: where the regressions are solved; ``auto`` takes a GPU where there is one.
    """

    neighbours: int = Field(200, ge=1, description="most similar items that each item is predicted from, at most")
    least_shared: int = Field(1, ge=1, description="users that two items share at least, to be neighbours")
    reg: float = Field(500.0, gt=0, description="λ, the L2 penalty")
    dislike_weight: float = Field(0.25, ge=0, description="weight of a disliked item beside a taken one")
    device: str = Field("auto", pattern=r"^(auto|cpu|cuda(:\d+)?)$", description="auto, cpu, cuda or cuda:N")
