"""Settings of planted data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from typing_extensions import Self

KINDS = ("attribute", "entity", "item", "co_purchase")
"""Kinds of planted reasons, in the order of the mix."""


class PlantedConfig(BaseModel):
    """Settings of planted data; the defaults are the standard setting. ``planting`` says what each one does.

    Attributes:
        users: number of users.
        items: number of items.
        interactions: items that each user takes.
        noise: probability that an interaction has no reason and is drawn by popularity alone.
        zipf: exponent s of popularity: the item of popularity rank r is drawn with weight 1 / rˢ among the candidates.
        correlation: φ coefficient, over items, between each likeable attribute value and the decoy beside it.
        attribute: weight of attribute reasons in the mix.
        entity: weight of entity reasons.
        item: weight of item reasons, one item taken because of another.
        co_purchase: weight of bundles.
        values: likeable attribute values; every item carries one.
        tastes: values that a user likes.
        entities: knowledge-graph entities; every item is linked to one.
        followed: entities that a user follows.
        sequels: share of items that are the sequel of one other item.
        bundle: items in a bundle.
        bundled: share of items that are in a bundle, which is one at most.
        groups: values of the users' own attribute, each with a favourite value of the items' attribute.
        tied: probability that a user's first taste is the favourite of the user's own group.
        seed: of every random choice.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    users: int = Field(2000, ge=1, description="users")
    items: int = Field(1000, ge=2, description="items")
    interactions: int = Field(30, ge=1, description="items that each user takes")
    noise: float = Field(0.2, ge=0, le=1, description="share of interactions without a reason")
    zipf: float = Field(1.0, ge=0, le=5, description="exponent of popularity")
    correlation: float = Field(0.5, ge=0, le=1, description="of an attribute and its decoy, over items (φ)")
    attribute: float = Field(0.5, ge=0, description="weight of attribute reasons")
    entity: float = Field(0.2, ge=0, description="weight of entity reasons")
    item: float = Field(0.15, ge=0, description="weight of item reasons")
    co_purchase: float = Field(0.15, ge=0, description="weight of bundles")
    values: int = Field(100, ge=1, description="likeable attribute values")
    tastes: int = Field(3, ge=1, description="attribute values that a user likes")
    entities: int = Field(100, ge=1, description="entities")
    followed: int = Field(1, ge=1, description="entities that a user follows")
    sequels: float = Field(0.2, ge=0, le=1, description="share of items that are a sequel")
    bundle: int = Field(4, ge=2, description="items in a bundle")
    bundled: float = Field(0.2, ge=0, le=1, description="share of items that are in a bundle")
    groups: int = Field(10, ge=1, description="values of the users' own attribute")
    tied: float = Field(0.5, ge=0, le=1, description="probability that a first taste is the group's favourite")
    seed: int = Field(0, ge=0, lt=2**63, description="of every random choice")

    @property
    def mix(self) -> tuple[float, ...]:
        """Weights of the kinds, in the order of ``KINDS``."""
        return tuple(float(getattr(self, kind)) for kind in KINDS)

    @classmethod
    def read(cls, settings: dict[str, Any]) -> Self:
        """Build from settings that may be text, as they come from the command line.

        Raises:
            UsageError: an unknown name, a value that does not fit, or settings that contradict each other.
        """
        try:
            config = cls.model_validate(settings)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            raise UsageError(
                f"the setting {name!r}: {first['msg'].lower()}", remedy=f"Settings: {', '.join(cls.model_fields)}"
            ) from error
        config.require_sense()
        return config

    def require_sense(self) -> None:
        """Refuse settings that contradict each other; raise UsageError."""
        refusals = (
            (self.interactions > self.items, "a user cannot take more items than there are", "interactions"),
            (self.tastes > self.values, "a user cannot like more values than there are", "tastes"),
            (self.followed > self.entities, "a user cannot follow more entities than there are", "followed"),
            (not any(self.mix), "all kinds of reasons weigh nothing", ""),
        )
        for wrong, what, less in refusals:
            if wrong:
                raise UsageError(what, remedy=f"Give less {less}" if less else f"Weigh one of {', '.join(KINDS)}")
