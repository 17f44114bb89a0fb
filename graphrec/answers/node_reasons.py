"""Reasons of one node put together: whatever it came through, it is one reason to a reader."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from graphrec.answers.answer import Answer, Node, Reason


@dataclass(frozen=True)
class NodeReason:
    """A node with everything that it says for the item, and against it.

    Attributes:
        reasons: one, or one for each way that the node came through; the supporting first, the strongest of each first.
    """

    reasons: tuple[Reason, ...]

    @property
    def first(self) -> Reason:
        """The first reason; evidence, anchor and method are the same in all."""
        return self.reasons[0]

    @cached_property
    def net(self) -> float:
        """Its weight over all ways, those that are not stored too; of older runs, which lack it, over the stored."""
        stored = next((reason.net for reason in self.reasons if reason.net is not None), None)
        return sum(reason.weight for reason in self.reasons) if stored is None else stored

    @cached_property
    def share(self) -> float:
        """The part of all evidence that its net weight is, signed."""
        largest = max(self.reasons, key=lambda reason: abs(reason.weight))
        if not largest.weight or not largest.share:
            return sum(reason.share for reason in self.reasons)
        return self.net * largest.share / largest.weight

    @property
    def supports(self) -> bool:
        """Whether it speaks for the item, all ways together."""
        return self.first.supports if self.first.set or not self.net else self.net > 0

    @property
    def effect(self) -> float | None:
        """Measured of the node; None where it cannot be removed."""
        return next((reason.effect for reason in self.reasons if reason.effect is not None), None)

    @property
    def held_effect(self) -> float | None:
        """Measured with denominators and lengths held; None where the model does not normalise."""
        return next((reason.held_effect for reason in self.reasons if reason.held_effect is not None), None)

    @property
    def is_below_the_rest(self) -> bool:
        """Whether it supports, but less than what else the model averages, so that the score rises without it.

        Not where it opposes with denominators and lengths held, too: there measurement does not bear its weight out.
        """
        if self.first.set or self.effect is None or (self.held_effect is not None and self.held_effect <= 0):
            return False
        return self.net > 0 >= self.effect

    @property
    def personal(self) -> float | None:
        """Its share less the mean share for all who were recommended the item; None where that was not asked."""
        return self.first.personal

    @property
    def through(self) -> tuple[tuple[Node, float], ...]:
        """Factors that it came through, each with its share, signed; empty for a factor, or where there are none."""
        return tuple(
            (reason.factor, reason.share)
            for reason in self.reasons
            if reason.factor and reason.factor != reason.evidence
        )

    @property
    def ways(self) -> tuple[Reason, ...]:
        """How a taken item leads to the recommended one, where that is several ways: one reason for each.

        Empty where it came through factors, or in one way that is all of it.
        """
        if self.first.evidence.label != "Item" or self.first.set or self.through:
            return ()
        is_whole = round(abs(self.share - sum(reason.share for reason in self.reasons)) * 100) == 0
        return () if len(self.reasons) == 1 and is_whole else self.reasons


def node_reasons(why: Answer) -> tuple[NodeReason, ...]:
    """Return one reason for each node; people are left out, and so are members of groups that have a name.

    The supporting come first and the strongest of each first; or the most personal, where that was asked. Nodes of
    different sets, or of different methods, are kept apart.

    Args:
        why: a recommendation with its reasons.
    """
    of_node: dict[tuple[Node, str, int], list[Reason]] = {}
    for reason in why.reasons:
        if reason.evidence.label != "User" and not reason.is_grouped:
            of_node.setdefault((reason.evidence, reason.method, reason.set), []).append(reason)
    nodes = [NodeReason(tuple(reasons)) for reasons in of_node.values()]
    if any(one.personal is not None for one in nodes):
        return tuple(sorted(nodes, key=lambda one: -(one.personal or 0.0)))
    return tuple(sorted(nodes, key=lambda one: (not one.supports, -abs(one.share))))
