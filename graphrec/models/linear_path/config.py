"""Settings of the linear path."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator

from graphrec.models.config import GradientConfig


class LinearPathConfig(GradientConfig):
    """Settings of models trained by gradient descent that can have EASE beside them (``LinearPath``).

    Attributes:
        linear_path: ``none``; ``validated``, a share that is chosen on the validation part by ``metric``; or the share
            itself, in which case what EASE adds to a score is share · x_u B.
        linear_reg: λ of EASE.
    """

    linear_path: Literal["none", "validated"] | Annotated[float, Field(ge=0)] = Field(
        "none", description="share of EASE in the score: none, validated or a number"
    )
    linear_reg: float = Field(500.0, gt=0, description="λ, the L2 penalty of the linear path")

    @field_validator("linear_path", mode="wrap")
    @classmethod
    def _named_or_a_number(cls, value: Any, checked: Any) -> str | float:
        """Return the value, a number that came as text as a number; one message for all that does not fit."""
        try:
            share: str | float = checked(value)
        except ValidationError as error:
            raise ValueError("it is none, validated or a number of 0 or more") from error
        return share
