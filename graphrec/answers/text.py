"""The words of single reasons. They claim association, what goes with what, and never cause."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from graphrec.answers.ways import one_of_several, spaced, taken_item, through_neighbours
from graphrec.schema.property_graph import FALLBACK, VIA_NEIGHBOURS
from graphrec.tables.ids import attribute_name
from graphrec.wording import counted, enumerated, readable

if TYPE_CHECKING:
    from graphrec.answers.answer import Node, Reason
    from graphrec.answers.node_reasons import NodeReason

FACTORS_NAMED = 4
"""Factors of one piece of evidence that are named; weaker ones are counted."""

LONGEST_VERB = 40
"""Characters of a data set's verb that are shown at most."""

CLAIM = (
    "Weights are a claim, the model's own or an explainer's: what goes with this recommendation in the data, not what "
    "causes a taste. "
    "Effects are measured: the score with the input, minus the score without it."
)


def evidence(reason: Reason, verb: str) -> str:
    """Return the evidence with how it hangs on the user: ``genre Drama, as in “Heat (1995)”, which they watched``.

    Args:
        reason: whose evidence.
        verb: of the data set.
    """
    node, anchor = reason.evidence, reason.anchor
    did = shown_verb(verb)
    through = f", as in {quoted(anchor)}, which they {did}" if anchor is not None else ""
    if node.label == "Item":
        return _item(reason, did, through)
    if node.label == "Attribute":
        return _own_attribute(reason, did) if reason.ground == "profile" else attribute(node) + through
    if node.label == "Entity":
        return node.name + (f" ({spaced(_via(reason))})" if _via(reason) else "") + through
    if node.label == "Feature":
        return f"the word {quoted(node)}, {_whose(reason)}"
    if node.label == "Factor":
        return f"the group {quoted(node)}, which they belong to"
    return "a person with a similar history"


def _item(reason: Reason, did: str, through: str) -> str:
    """Return an item: taken, reached through an anchor, or the recommended one with the number of its takers."""
    if reason.ground == "popularity":
        people = round(reason.weight)
        return f"{people:,} {'person' if people == 1 else 'people'} {did} it"
    return taken_item(reason, did) if reason.ground == "history" else quoted(reason.evidence) + through


def _own_attribute(reason: Reason, did: str) -> str:
    """Return an attribute of the user, and of a fallback what people with it do."""
    own = f"{attribute(reason.evidence)} of the user"
    if reason.method != FALLBACK:
        return own
    return f"{own}: people with it {did} it {'more' if reason.supports else 'less'} often than others"


def _whose(reason: Reason) -> str:
    """Return where a word comes from: the user, what others say of the item, or what they say of its rival."""
    if reason.ground == "item_side":
        return "said of the item"
    if reason.ground == "rival_side":
        return f"said of “{reason.contrast_name or reason.contrast}”"
    return "which they write about"


def attribute(node: Node) -> str:
    """Return an attribute as ``genre Drama``, from its id ``item.genre=Drama`` where that is its form."""
    return attribute_name(node.id, node.name)


def shown_verb(verb: str) -> str:
    """Return the verb of a data set without control characters and not too long; it may be any text."""
    return readable(verb, LONGEST_VERB)


def share(one: NodeReason) -> str:
    """Return how much of the evidence it is: ``weighs 0.34, 12 % of the evidence``; of a set, its part in that."""
    if one.first.set:
        return f"carries {percent(one.share)} of the set"
    against = "" if one.supports else " against"
    return f"weighs {number(one.net)}, {percent(one.share)} of the evidence{against}{personal(one)}"


def personal(one: NodeReason) -> str:
    """Return how much more it is here than for others who were recommended the item, where that was asked.

    What opposes here more than for others has a personal part below 0; it is said as more against, not as less.
    """
    if one.personal is None:
        return ""
    points = round(abs(one.personal) * 100)
    if not points:
        return ", as on average for all who were recommended it"
    more = "more" if (one.personal > 0) == one.supports else "less"
    against = "" if one.supports else " against"
    return f", {counted(points, 'percentage point')} {more}{against} than on average for all who were recommended it"


def through(one: NodeReason) -> str:
    """Return the factors that it came through: ``through “jazz”``, ``9 % through “jazz”, 3 % against through “pop”``.

    What came through factors that are not among the stored reasons is the rest of its share.
    """
    left = one.share - sum(part for _, part in one.through)
    has_rest = bool(one.through) and round(abs(left) * 100) > 0
    if len(one.through) < 2 and not has_rest:
        return "".join(f"through {quoted(factor)}" for factor, _ in one.through)
    named = one.through if len(one.through) <= FACTORS_NAMED + 1 else one.through[:FACTORS_NAMED]
    parts = [f"{_signed(part)} through {quoted(factor)}" for factor, part in named]
    others = one.through[len(named) :]
    if others:
        parts.append(f"{_signed(sum(part for _, part in others))} through {len(others)} other factors")
    if has_rest:
        parts.append(f"{_signed(left)} through factors that are not stored")
    return enumerated(parts)


def node(one: NodeReason, verb: str) -> str:
    """Return a node as ``evidence`` does, without its way where ``below`` tells all of them.

    Args:
        one: all reasons of the node.
        verb: of the data set.
    """
    return evidence(replace(one.first, via="self") if one.ways else one.first, verb)


def below(one: NodeReason, verb: str) -> str:
    """Return what stands below a node: the factors that it came through, its ways, or its change; else empty."""
    changed = f"changed: {change(one.first)}" if one.first.amount is not None else ""
    return through(one) or ways(one, verb) or changed


def change(reason: Reason) -> str:
    """Return how much a member of a set has, and how much it has left or gets: ``4.05 → 1.2``."""
    before = reason.amount or 0.0
    return f"{number(before)} → {number(max(before + (reason.delta or 0.0), 0.0))}"


def ways(one: NodeReason, verb: str) -> str:
    """Return the ways of a taken item: ``30 % of its own and 12 % by shared genre (Crime)``; empty where there is one.

    What came through neighbours is one part, whatever the kinds.

    Args:
        one: all reasons of the item.
        verb: of the data set.
    """
    if not one.ways:
        return ""
    left = one.share - sum(reason.share for reason in one.ways)
    near = [reason for reason in one.ways if reason.via.startswith(f"{VIA_NEIGHBOURS}:")]
    parts = [
        f"{_signed(reason.share)} {one_of_several(reason, shown_verb(verb))}"
        for reason in one.ways
        if reason not in near
    ]
    if near:
        parts.append(f"{_signed(sum(r.share for r in near))} {through_neighbours(near, shown_verb(verb))}")
    parts += [f"{_signed(left)} in ways that are not stored"] if round(abs(left) * 100) else []
    return enumerated(parts)


def _signed(part: float) -> str:
    return percent(part) + (" against" if part < 0 else "")


def number(value: float) -> str:
    """Return a number as ``0.034``, with a real minus sign."""
    return f"{value:.3g}".replace("-", "−")


def percent(part: float) -> str:
    """Return a share as ``12 %``, or ``<1 %``; without its sign."""
    whole = round(abs(part) * 100)
    return f"{whole} %" if whole else "<1 %"


def effect(one: NodeReason, verb: str) -> str:
    """Return what was measured: ``measured: without it the score falls by 0.034``.

    Where a model averages, what supports less than the average input raises the score when it is taken away; that is
    said, since it reads like a contradiction.

    Args:
        one: all reasons of a node.
        verb: of the data set.
    """
    if one.effect is None:
        return "not measured: it cannot be taken away alone"
    without = f"without it {moved(one.effect)}"
    if one.is_below_the_rest:
        return f"measured: it supports, but less than the rest of what they {shown_verb(verb)}: {without}"
    return f"measured: {without}"


def moved(effect: float) -> str:
    """Return what the score does without something: ``the score falls by 0.034``."""
    if effect == 0:
        return "the score stays the same"
    return f"the score {'falls' if effect > 0 else 'rises'} by {abs(effect):.3g}"


def quoted(node: Node) -> str:
    """Return a node's name in quotation marks."""
    return f"“{node.name}”"


def _via(reason: Reason) -> str:
    return reason.via.partition(":")[2] if reason.via.startswith("relation:") else ""
