"""Reasons in words. They claim association, what goes with what, and never cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.answers.told import tell

if TYPE_CHECKING:
    from graphrec.answers.answer import Node, Reason, Why
    from graphrec.answers.told import Told

FACTORS_NAMED = 4
"""Factors of one piece of evidence that are named; weaker ones are counted."""

MEMBERS_TOLD = 5
"""A set of so many members is told whole, also where fewer reasons are asked for."""

CLAIM = (
    "Weights are a claim, the model's own or an explainer's: what goes with this recommendation in the data, not what "
    "causes a taste. "
    "Effects are measured: the score with the input, minus the score without it."
)


def title(why: Why) -> str:
    """Return what was recommended, to whom."""
    return f"{quoted(why.item)}, number {why.rank} for {why.user.name}"


def evidence(reason: Reason) -> str:
    """Return the evidence with how it hangs on the user: ``genre Drama, as in “Heat (1995)”, which they took``."""
    node, anchor = reason.evidence, reason.anchor
    through = f", as in {quoted(anchor)}, which they took" if anchor is not None else ""
    if node.label == "Item":
        return (
            f"{quoted(node)}, which they took{_way(reason)}" if reason.ground == "history" else quoted(node) + through
        )
    if node.label == "Attribute":
        return f"{attribute(node)} of the user" if reason.ground == "profile" else attribute(node) + through
    if node.label == "Entity":
        return node.name + (f" ({_spaced(_via(reason))})" if _via(reason) else "") + through
    if node.label == "Feature":
        whose = "said of the item" if reason.ground == "item_side" else "which they write about"
        return f"the word {quoted(node)}, {whose}"
    if node.label == "Factor":
        return f"the group {quoted(node)}, which they belong to"
    return "a person with a similar history"


def attribute(node: Node) -> str:
    """Return an attribute as ``genre Drama``, from its id ``item.genre=Drama`` where that is its form."""
    owner_and_kind, equals, value = node.id.partition("=")
    kind = owner_and_kind.partition(".")[2]
    return f"{_spaced(kind)} {value}" if equals and kind else node.name


def share(one: Told) -> str:
    """Return how much of the evidence it is: ``weighs 12 % of the evidence``; of a set, its part in that."""
    if one.first.set:
        return f"carries {percent(one.share)} of the set"
    against = "" if one.first.supports else " against"
    by = through(one)
    return f"weighs {percent(one.share)} of the evidence{against}" + (f", {by}" if by else "")


def through(one: Told) -> str:
    """Return the factors that it came through: ``through “jazz”``, ``9 % through “jazz” and 3 % through “blues”``."""
    if len(one.through) < 2:
        return "".join(f"through {quoted(factor)}" for factor, _ in one.through)
    named = one.through if len(one.through) <= FACTORS_NAMED + 1 else one.through[:FACTORS_NAMED]
    parts = [f"{percent(part)} through {quoted(factor)}" for factor, part in named]
    others = one.through[len(named) :]
    if others:
        parts.append(f"{percent(sum(part for _, part in others))} through {len(others)} other factors")
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def percent(part: float) -> str:
    """Return a share as ``12 %``, or ``<1 %``; without its sign."""
    whole = round(abs(part) * 100)
    return f"{whole} %" if whole else "<1 %"


def effect(reason: Reason) -> str:
    """Return what was measured: ``measured: without it the score falls by 0.034``."""
    if reason.effect is None:
        return "not measured: it cannot be taken away alone"
    if reason.effect == 0:
        return "measured: without it the score stays the same"
    moves = "falls" if reason.effect > 0 else "rises"
    return f"measured: without it the score {moves} by {abs(reason.effect):.3g}"


def sentences(why: Why, most: int | None = None) -> list[str]:
    """Return one sentence for each piece of evidence; other people are told as one count.

    Args:
        why: a recommendation with its reasons.
        most: how many sentences, and one more that says how many reasons are left; None tells all. Of a set, which
            counts as a whole, a few more than that are told.
    """
    told = tell(why)
    lines = [f"{evidence(one.first)} – {share(one)}; {effect(one.first)}" for one in told]
    of_people = sum(reason.share for reason in why.reasons if reason.evidence.label == "User")
    if why.people:
        counted = "1 person" if why.people == 1 else f"{why.people} people"
        lines.append(f"{counted} with a similar history – together {percent(of_people)} of the evidence")
    if most is None or len(lines) <= (max(most, MEMBERS_TOLD) if why.is_set else most):
        return lines
    left, part = len(told[most:]) + why.people, sum(abs(one.share) for one in told[most:]) + abs(of_people)
    return [*lines[:most], f"and {left} more, with {percent(part)} of the {'set' if why.is_set else 'evidence'}"]


def coverage(why: Why) -> str:
    """Return how much of the evidence the shown reasons hold."""
    if not why.reasons:
        return "No reason is stored for this recommendation."
    sets = {reason.set: reason for reason in why.reasons if reason.set}
    if sets:
        return " ".join(_together(why, reason) for reason in sets.values())
    n = len(tell(why)) + why.people
    shown = "This reason holds" if n == 1 else f"These {n} reasons hold"
    return f"{shown} {percent(why.covered)} of all evidence that the model weighed."


def _together(why: Why, member: Reason) -> str:
    """Return what is measured of the set that a reason belongs to."""
    n = sum(one.first.set == member.set for one in tell(why))
    these = "this one reason" if n == 1 else f"these {n} reasons together"
    change = member.joint_effect or 0.0
    moves = f"{'falls' if change > 0 else 'rises'} by {abs(change):.3g}" if change else "stays the same"
    rival = f", and the item {member.contrast} comes to stand above it" if member.contrast is not None else ""
    flips = "it would not be among the best" if member.flips else "it would still be among the best"
    return f"Without {these} {flips}: the score {moves}{rival}."


def quoted(node: Node) -> str:
    """Return a node's name in quotation marks."""
    return f"“{node.name}”"


def _via(reason: Reason) -> str:
    return reason.via.partition(":")[2] if reason.via.startswith("relation:") else ""


def _way(reason: Reason) -> str:
    """Return how a taken item leads to the recommended one, where the reason says so."""
    kind, _, name = reason.via.partition(":")
    if kind in ("relation", "attribute"):
        return f" (shared {_spaced(name)})" if name else ""
    return " (others took both)" if kind == "co-taken" else ""


def _spaced(word: str) -> str:
    return word.replace("_", " ")
