"""Settings of data with planted drivers."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from graphrec.config import Config
from graphrec.errors import UsageError

DECOY_OF = {"director": "studio", "actor": "agency", "genre": "theme"}
"""Kinds of attributes that users follow, and the kind of the decoy beside each."""

DRIVERS = tuple(DECOY_OF)
"""Kinds of attributes that users follow."""


class DriverConfig(Config):
    """Settings of data with planted drivers; the defaults are the standard setting. ``planting`` says what each does.

    Attributes:
        users: number of users.
        items: number of items.
        interactions: items that each user takes.
        noise: probability that an interaction has no reason and is drawn by popularity alone.
        zipf: exponent s of popularity: the item of popularity rank r is drawn with weight 1 / rˢ.
        correlation: φ coefficient, over items, between each value and the decoy beside it.
        directors, actors, genres: values of each kind.
        cast: actors that an item carries.
        labels: genres that an item carries.
        uneven: exponent s of the genres' frequency: that of rank r is drawn with weight 1 / rˢ.
    """

    of: ClassVar[str] = "planting"
    users: int = Field(1000, ge=1, description="users")
    items: int = Field(1000, ge=2, description="items")
    interactions: int = Field(20, ge=1, description="items that each user takes")
    noise: float = Field(0.4, ge=0, le=1, description="share of interactions without a reason")
    zipf: float = Field(1.0, ge=0, le=5, description="exponent of popularity")
    correlation: float = Field(0.5, ge=0, le=1, description="of a value and its decoy, over items (φ)")
    directors: int = Field(40, ge=1, description="directors, of whom an item has one")
    actors: int = Field(100, ge=1, description="actors")
    genres: int = Field(20, ge=1, description="genres")
    cast: int = Field(3, ge=1, description="actors that an item carries")
    labels: int = Field(2, ge=1, description="genres that an item carries")
    uneven: float = Field(1.0, ge=0, le=5, description="exponent of the genres' frequency")

    @property
    def values(self) -> dict[str, int]:
        """Number of values by kind, in the order of ``DRIVERS``."""
        return {"director": self.directors, "actor": self.actors, "genre": self.genres}

    @property
    def carried(self) -> dict[str, int]:
        """Number of values that an item carries by kind, in the order of ``DRIVERS``."""
        return {"director": 1, "actor": self.cast, "genre": self.labels}

    def require_sense(self) -> None:
        """Refuse settings that contradict each other; raise UsageError."""
        if self.interactions > self.items:
            raise UsageError("a user cannot take more items than there are", remedy="Give less interactions")
        for kind, carried in self.carried.items():
            if carried > self.values[kind]:
                raise UsageError(
                    f"an item cannot carry {carried} of {self.values[kind]} values of the kind {kind}",
                    remedy=f"Give more {kind}s, or let an item carry fewer",
                )
