"""Settings of counterfactual sets."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from graphrec.explaining.explainer import ExplainerConfig


class CounterfactualConfig(ExplainerConfig):
    """Settings of counterfactual sets.

    Attributes:
        top: K, for ``flip`` top.
        largest: members of a set, at most.
        flip: what a set brings about: ``top``, the item leaves the user's K best; ``next``, the candidate right below
            it in the user's list overtakes it.
        direction: changes that a set may hold: ``lower_own``, less of what the user has, down to nothing; ``raise``,
            more of any feature, up to the largest amount; ``any``, both. Inputs that are on or off have ``lower_own``
            alone.
    """

    top: int = Field(10, ge=1, description="K, for flip=top: a set puts the item out of the user's K best")
    largest: int = Field(10, ge=1, description="members of a set, at most")
    flip: Literal["top", "next"] = Field("top", description="top: the item leaves the top K; next: the next overtakes")
    direction: Literal["lower_own", "raise", "any"] = Field("lower_own", description="lower_own, raise, or any")
