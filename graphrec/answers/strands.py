"""What is drawn of a recommendation: one strand for each way of evidence, ordered so that nothing crosses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from graphrec.answers import text
from graphrec.answers.group_reasons import group_reasons
from graphrec.answers.node_reasons import node_reasons
from graphrec.answers.ways import between

if TYPE_CHECKING:
    from graphrec.answers.answer import Answer, Node, Reason
    from graphrec.answers.group_reasons import GroupReason

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
        between: what lies between a taken item and the recommended one: the values that both have, or neighbours.
        shared_label: label of what both have; empty where that is nothing.
    """

    name: str
    label: str
    carrier: Node | None
    is_carrier: bool
    share: float
    of_user: bool = True
    between: str = ""
    shared_label: str = ""


def strands(why: Answer, most: int | None = MOST) -> list[Strand]:
    """Return the strongest strands of a recommendation, those of one taken item side by side.

    A node is one strand, whatever it came through, and all people are one. Of groups that were measured together each
    is one, since their members' parts say nothing by themselves.

    Args:
        why: a recommendation with its reasons.
        most: how many strands; None for all.
    """
    merged: dict[tuple[str, str, str], Strand] = {}
    of_groups = [Strand(_of_group(one), "Item", None, False, one.share) for one in group_reasons(why)]
    people = [(reason, reason.share) for reason in why.reasons if reason.evidence.label == "User"]
    nodes = [(node.first, node.share, node.reasons) for node in node_reasons(why)]
    for reason, of_node, ways in [*nodes, *((reason, share, ()) for reason, share in people)]:
        label = next((way.shared[0].label for way in ways if way.shared), "")
        one = replace(_strand(reason, of_node, why.people), between=between(ways), shared_label=label)
        key = (one.label, one.carrier.id if one.carrier else "", one.name)
        merged[key] = replace(one, share=merged[key].share + one.share) if key in merged else one
    strongest = sorted([*of_groups, *merged.values()], key=lambda strand: -abs(strand.share))[:most]
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
    return Strand(
        name,
        node.label,
        reason.anchor,
        False,
        share,
        of_user=reason.ground not in ("item_side", "rival_side", "popularity"),
    )


def _of_group(one: GroupReason) -> str:
    return f"{one.name} ({len(one.members)} items)" if len(one.members) > 1 else f"{one.name} (1 item)"


def _group(strand: Strand) -> str:
    return f"item {strand.carrier.id}" if strand.carrier else f"own {strand.label} {strand.name}"
