"""The answer to "why", as it came out of the graph."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from graphrec.schema.property_graph import FALLBACK
from graphrec.tables.verbs import DEFAULT_VERB
from graphrec.training_warnings import training_warnings

if TYPE_CHECKING:
    from graphrec.tables.records import RunInfo


@dataclass(frozen=True)
class Node:
    """A node of the graph: what it is, and what a person calls it."""

    label: str
    id: str
    name: str


@dataclass(frozen=True)
class Reason:
    """One ``EXPLAINS`` relationship; the meaning of each field stands in the schema.

    Attributes:
        evidence: the node that speaks for (or against) the item.
        anchor: the taken item through which it reaches the user; None for a profile or a factor.
        net: weight of the node over all that it came through; None on all but its first reason.
        effect: measured of the node; None where nothing can be removed, and on all but its first reason.
        held_effect: as the effect, with denominators and lengths held; None where the model does not normalise.
        error: standard error of a sampled weight; None where the weight is exact.
        factor: that it came through, as ``via`` says; None where there is none.
        set: number of the set it belongs to; 0 stands alone.
        amount: what the input has before it changes by ``delta``; None where it is on or off.
        contrast_name: of the item that overtakes; None where that is not known.
        set_name: what the members of the set have in common; None where that is nothing.
        shared: the values of the kind that ``via`` names which a taken item and the recommended one both carry, as the
            data says; empty where ``via`` names none.
        personal: the node's share less the mean of its share for all who were recommended the item; None where that was
            not asked.
    """

    evidence: Node
    rank: int
    weight: float
    share: float
    effect: float | None
    method: str
    via: str
    ground: str
    anchor: Node | None = None
    factor: Node | None = None
    set: int = 0
    contrast: str | None = None
    delta: float | None = None
    joint_effect: float | None = None
    flips: bool | None = None
    net: float | None = None
    held_effect: float | None = None
    error: float | None = None
    set_of: str | None = None
    set_name: str | None = None
    shared: tuple[Node, ...] = ()
    personal: float | None = None
    amount: float | None = None
    contrast_name: str | None = None

    @property
    def is_grouped(self) -> bool:
        """Whether it is a member of a set that has a name: a group, which counts as a whole."""
        return bool(self.set) and self.set_name is not None

    @property
    def supports(self) -> bool:
        """Whether it speaks for the item."""
        return self.rank > 0


@dataclass(frozen=True)
class ItemGroup:
    """An item group that a recommendation came through.

    Attributes:
        group: the factor.
        weight: what all evidence through it weighs together, stored or not.
        share: its part of all evidence, signed.
        items: taken items that speak for the recommendation through it, as far as they are stored, strongest first.
    """

    group: Node
    weight: float
    share: float
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Takers:
    """How many people took a recommended item; the user is not counted.

    Attributes:
        people: others of the user's cluster: who belong to no other cluster more.
        took: how many of them took the item.
        everybody: all others whom the fit has in a cluster.
        everybody_took: how many of these took the item.
    """

    people: int
    took: int
    everybody: int
    everybody_took: int


@dataclass(frozen=True)
class UserCluster:
    """A cluster of people that the user belongs to.

    Attributes:
        cluster: the factor.
        belongs: how much the user belongs to it, 0 to 1.
        takers: who of its people took the recommended item.
    """

    cluster: Node
    belongs: float
    takers: Takers


@dataclass(frozen=True)
class Answer:
    """One recommendation with its reasons, the supporting ones first.

    Attributes:
        run: the run it belongs to.
        remainder: score minus the sum of the stored weights, the property ``rest`` in a store; None where the run has
            none.
        stale: whether the data has changed since the run.
        verb: what users do with items, as it follows “which they”.
        counterfactual: whether changes were found that let another item overtake: found, or none; None where the run
            did not ask.
        item_groups: kinds of things that the reasons came through; they sum reasons up, and are none themselves.
        user_clusters: people like the user, the cluster that the user belongs to most first.
    """

    run: RunInfo
    user: Node
    item: Node
    score: float
    rank: int
    remainder: float | None
    reasons: tuple[Reason, ...]
    stale: bool = False
    verb: str = DEFAULT_VERB
    counterfactual: str | None = None
    item_groups: tuple[ItemGroup, ...] = ()
    user_clusters: tuple[UserCluster, ...] = ()

    @property
    def supporting(self) -> tuple[Reason, ...]:
        """Reasons for the item, strongest first."""
        return tuple(reason for reason in self.reasons if reason.supports)

    @property
    def opposing(self) -> tuple[Reason, ...]:
        """Reasons against the item, strongest first."""
        return tuple(reason for reason in self.reasons if not reason.supports)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What training said against the model, in short sentences; empty where it said nothing."""
        return tuple(warning.short for warning in training_warnings(self.run.metrics))

    @cached_property
    def people(self) -> int:
        """How many reasons name other people; they are shown as this number, never by name."""
        return sum(reason.evidence.label == "User" for reason in self.reasons)

    @property
    def fallback(self) -> str | None:
        """What it comes from where it is not the model's: ``attributes`` or ``popularity``; None where it is."""
        of_fallback = [reason for reason in self.reasons if reason.method == FALLBACK]
        if not of_fallback:
            return None
        return "popularity" if of_fallback[0].ground == "popularity" else "attributes"

    @property
    def is_set(self) -> bool:
        """Whether the reasons only count together."""
        return any(reason.set for reason in self.reasons)

    @cached_property
    def covered(self) -> float:
        """The part of all evidence that the stored reasons hold, from 0 to 1."""
        return sum(abs(reason.share) for reason in self.reasons)

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as JSON has it: no other people's ids or names, and no NaN.

        Reasons are in the order of their ranks; the most personal first, where that was asked.
        """
        reasons = [reason for reason in self.reasons if reason.evidence.label != "User"]
        if any(reason.personal is not None for reason in reasons):
            reasons.sort(key=lambda reason: -(reason.personal or 0.0))
        return {
            "run": self.run.id,
            "model": self.run.model,
            "weight_unit": self.run.weight_unit,
            "additive": self.run.additive or None,
            "stale": self.stale,
            "warnings": list(self.warnings),
            "verb": self.verb,
            "user": {"id": self.user.id, "name": self.user.name},
            "item": {"id": self.item.id, "name": self.item.name},
            "score": self.score,
            "rank": self.rank or None,
            "rest": self.remainder,
            "counterfactual": self.counterfactual,
            "fallback": self.fallback,
            "people": self.people,
            "item_groups": [asdict(group) for group in self.item_groups],
            "user_clusters": [asdict(cluster) for cluster in self.user_clusters],
            "reasons": [{**asdict(reason), "shared": [asdict(value) for value in reason.shared]} for reason in reasons],
        }
