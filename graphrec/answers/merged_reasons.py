"""Reasons merged over factors: a piece of evidence that came through several factors is one reason to a reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

    from graphrec.answers.answer import Node, Reason, Why


@dataclass(frozen=True)
class MergedReason:
    """One piece of evidence with everything that it says for the item, or against it.

    Attributes:
        reasons: one, or one for each factor that it came through; strongest first.
    """

    reasons: tuple[Reason, ...]

    @property
    def first(self) -> Reason:
        """The strongest reason; evidence, anchor, method and effect are the same in all."""
        return self.reasons[0]

    @property
    def weight(self) -> float:
        """Sum over the reasons."""
        return sum(reason.weight for reason in self.reasons)

    @property
    def share(self) -> float:
        """Sum over the reasons, signed."""
        return sum(reason.share for reason in self.reasons)

    @property
    def through(self) -> tuple[tuple[Node, float], ...]:
        """Factors that it came through, each with its share; empty where it came through none, and for a factor."""
        return tuple(
            (reason.factor, reason.share)
            for reason in self.reasons
            if reason.factor and reason.factor != reason.evidence
        )


def merge_reasons(why: Why) -> tuple[MergedReason, ...]:
    """Return the merged reasons, the supporting first and the strongest of each first; people are left out.

    Reasons are merged if they differ by the factor alone: what speaks for the item is kept apart from what speaks
    against it, and so are reasons whose measured effects differ.

    Args:
        why: a recommendation with its reasons.
    """
    groups: dict[Hashable, list[Reason]] = {}
    for place, reason in enumerate(why.reasons):
        if reason.evidence.label != "User":
            groups.setdefault(_key(reason) if reason.factor else place, []).append(reason)
    merged = [MergedReason(tuple(reasons)) for reasons in groups.values()]
    return tuple(sorted(merged, key=lambda one: (not one.first.supports, -abs(one.share))))


def _key(reason: Reason) -> Hashable:
    """Return what two reasons have in common that differ by their factor alone."""
    return (
        reason.evidence,
        reason.anchor,
        reason.ground,
        reason.method,
        reason.set,
        reason.supports,
        None if reason.effect is None else f"{reason.effect:.3g}",
    )
