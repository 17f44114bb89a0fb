"""Settings of data with stated tastes."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from graphrec.config import Config
from graphrec.errors import UsageError


class StatedConfig(Config):
    """Settings of data with stated tastes; the defaults are the standard setting. ``planting`` says what each one does.

    Attributes:
        users: number of users.
        items: number of items.
        interactions: items that each user takes.
        values: attribute values (genres) that items carry and people like or dislike.
        carried: values that an item carries, on average; one to three.
        uneven: exponent s of the values' frequency: value of rank r is drawn with weight 1 / rˢ.
        themes: groups of values that are carried together.
        together: how much, as a logarithm of weight, a value gains on items of its own theme.
        likes: share of the values that people like, and as large a share that they dislike, on average.
        common: share of the variance of tastes that all people have in common.
        strength: what a liked value adds to the logarithm of the weight of an item that carries nothing else.
        zipf: exponent of the items' popularity, which is independent of their values.
        seen: share of the catalogue that a person sees.
        bias: standard deviation of a group's bias towards a value in what its people see.
        groups: values of the users' own attribute.
    """

    of: ClassVar[str] = "planting"
    users: int = Field(1000, ge=1, description="users")
    items: int = Field(600, ge=2, description="items")
    interactions: int = Field(60, ge=1, description="items that each user takes")
    values: int = Field(18, ge=3, description="attribute values that people like or dislike")
    carried: float = Field(2.0, ge=1, le=3, description="values that an item carries, on average")
    uneven: float = Field(0.7, ge=0, le=5, description="exponent of the values' frequency")
    themes: int = Field(6, ge=1, description="groups of values that are carried together")
    together: float = Field(1.5, ge=0, le=10, description="log-weight that a value gains on items of its theme")
    likes: float = Field(0.25, gt=0, lt=0.5, description="share of the values liked, and share disliked")
    common: float = Field(0.2, ge=0, le=1, description="share of the variance of tastes common to all people")
    strength: float = Field(0.9, ge=0, le=20, description="log-weight of an item whose only value is liked")
    zipf: float = Field(0.8, ge=0, le=5, description="exponent of popularity")
    seen: float = Field(0.4, gt=0, le=1, description="share of the catalogue that a person sees")
    bias: float = Field(0.7, ge=0, le=10, description="deviation of a group's bias in what it sees")
    groups: int = Field(6, ge=1, description="values of the users' own attribute")

    @property
    def shown(self) -> int:
        """Items that a person sees."""
        return round(self.seen * self.items)

    def require_sense(self) -> None:
        """Refuse settings that contradict each other; raise UsageError."""
        if self.interactions > self.shown:
            raise UsageError(
                f"a user sees {self.shown} items and cannot take {self.interactions}",
                remedy="Give less interactions, more items, or a larger share that is seen",
            )
