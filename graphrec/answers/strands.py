"""What is drawn of a recommendation: one strand for each way of evidence, ordered so that nothing crosses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from graphrec.answers import text
from graphrec.answers.node_reasons import node_reasons

if TYPE_CHECKING:
    from graphrec.answers.answer import Answer, Node, Reason

MOST = 14
"""Strands in a drawing; the table beside it has all reasons."""


@dataclass(frozen=True)
class Strand:
    """One way from the user to the item.

    Attributes:
        name: the evidence as a person reads it.
        label: its node label.
        carrier: the taken item that it hangs on; None for a profile, a factor, or people.
        is_carrier: whether the taken item is itself the evidence.
        of_user: whether it hangs on the user; false for what is only said of the recommended item.
        share: signed.
    """

    name: str
    label: str
    carrier: Node | None
    is_carrier: bool
    share: float
    of_user: bool = True


def strands(why: Answer, most: int | None = MOST) -> list[Strand]:
    """Return the strongest strands of a recommendation, those of one taken item side by side.

    A node is one strand, whatever it came through, and all people are one.

    Args:
        why: a recommendation with its reasons.
        most: how many strands; None for all.
    """
    merged: dict[tuple[str, str, str], Strand] = {}
    people = [(reason, reason.share) for reason in why.reasons if reason.evidence.label == "User"]
    for reason, of_node in [*((node.first, node.share) for node in node_reasons(why)), *people]:
        one = _strand(reason, of_node, why.people)
        key = (one.label, one.carrier.id if one.carrier else "", one.name)
        merged[key] = replace(one, share=merged[key].share + one.share) if key in merged else one
    strongest = sorted(merged.values(), key=lambda strand: -abs(strand.share))[:most]
    weight: dict[str, float] = {}
    for strand in strongest:
        weight[_group(strand)] = weight.get(_group(strand), 0.0) + abs(strand.share)
    return sorted(strongest, key=lambda s: (-weight[_group(s)], _group(s), not s.is_carrier, -abs(s.share)))


def groups(ordered: list[Strand]) -> list[list[Strand]]:
    """Return neighbouring strands of one taken item together."""
    return [list(group) for _, group in groupby(ordered, key=_group)]


def _strand(reason: Reason, share: float, people: int) -> Strand:
    node = reason.evidence
    if node.label == "User":
        counted = "1 person" if people == 1 else f"{people} people"
        return Strand(f"{counted} with a similar history", "User", None, False, share)
    if reason.ground == "history":
        return Strand(node.name, "Item", node, True, share)
    name = text.attribute(node) if node.label == "Attribute" else node.name
    return Strand(name, node.label, reason.anchor, False, share, of_user=reason.ground != "item_side")


def _group(strand: Strand) -> str:
    return f"item {strand.carrier.id}" if strand.carrier else f"own {strand.label} {strand.name}"
