"""A reason as an object: the evidence, and the properties of ``EXPLAINS``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from py2neo import Relationship


@dataclass(frozen=True)
class Reason:
    """One ``EXPLAINS`` relationship with its evidence; the meaning of each field stands in ``docs/schema.md``."""

    label: str
    id: str
    name: str
    weight: float
    share: float
    percent: str
    rank: int
    effect: float | None
    method: str
    via: str
    ground: str
    anchor: str | None
    set: int
    contrast: str | None
    delta: float | None
    joint_effect: float | None
    flips: bool | None
    net: float | None
    held_effect: float | None
    error: float | None
    set_of: str | None
    set_name: str | None
    amount: float | None

    @classmethod
    def from_relationship(cls, relationship: Relationship) -> Reason:
        """Read a relationship that py2neo returned with its start node."""
        evidence = relationship.start_node
        fields: dict[str, Any] = {name: relationship.get(name) for name in cls.__dataclass_fields__}
        fields.update(label=next(iter(evidence.labels)), id=evidence["id"], name=evidence["name"])
        return cls(**fields)
