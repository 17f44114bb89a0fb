"""Reasons in words. They claim association, what goes with what, and never cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.answers.merged_reasons import merge_reasons
from graphrec.wording import readable

if TYPE_CHECKING:
    from graphrec.answers.answer import Answer, Node, Reason
    from graphrec.answers.merged_reasons import MergedReason

FACTORS_NAMED = 4
"""Factors of one piece of evidence that are named; weaker ones are counted."""

MEMBERS_SHOWN = 5
"""A set of so many members is shown whole, also where fewer reasons are wanted."""

REASONS_SHOWN = 3
"""Reasons of each recommendation that a printed list shows."""

LONGEST_VERB = 40
"""Characters of a data set's verb that are shown at most."""

CLAIM = (
    "Weights are a claim, the model's own or an explainer's: what goes with this recommendation in the data, not what "
    "causes a taste. "
    "Effects are measured: the score with the input, minus the score without it."
)


def title(why: Answer) -> str:
    """Return what was recommended, to whom."""
    place = f", number {why.rank}" if why.rank else ""
    return f"{quoted(why.item)}{place} for {why.user.name}"


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
        own = reason.ground == "history"
        return f"{quoted(node)}, which they {did}{_way(reason, did)}" if own else quoted(node) + through
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


def shown_verb(verb: str) -> str:
    """Return the verb of a data set without control characters and not too long; it may be any text."""
    return readable(verb, LONGEST_VERB)


def share(one: MergedReason) -> str:
    """Return how much of the evidence it is: ``weighs 12 % of the evidence``; of a set, its part in that."""
    if one.first.set:
        return f"carries {percent(one.share)} of the set"
    against = "" if one.first.supports else " against"
    by = through(one)
    return f"weighs {percent(one.share)} of the evidence{against}" + (f", {by}" if by else "")


def through(one: MergedReason) -> str:
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


def sentences(why: Answer, most: int | None = None) -> list[str]:
    """Return one sentence for each piece of evidence; other people are one count.

    Args:
        why: a recommendation with its reasons.
        most: how many sentences, and one more that says how many reasons are left; None gives all. Of a set, which
            counts as a whole, a few more than that.
    """
    merged = merge_reasons(why)
    lines = [f"{evidence(one.first, why.verb)} – {share(one)}; {effect(one.first)}" for one in merged]
    of_people = sum(reason.share for reason in why.reasons if reason.evidence.label == "User")
    if why.people:
        counted = "1 person" if why.people == 1 else f"{why.people} people"
        lines.append(f"{counted} with a similar history – together {percent(of_people)} of the evidence")
    if most is None or len(lines) <= (max(most, MEMBERS_SHOWN) if why.is_set else most):
        return lines
    left, part = len(merged[most:]) + why.people, sum(abs(one.share) for one in merged[most:]) + abs(of_people)
    against = sum(not one.first.supports for one in merged[most:])
    more = f"and {left} more" + (f", {against} of them against" if against else "")
    return [*lines[:most], f"{more}, with {percent(part)} of the {'set' if why.is_set else 'evidence'}"]


def coverage(why: Answer) -> str:
    """Return how much of the evidence the shown reasons hold."""
    if not why.reasons:
        return "No reason is stored for this recommendation."
    sets = {reason.set: reason for reason in why.reasons if reason.set}
    if sets:
        return " ".join(_together(why, reason) for reason in sets.values())
    n = len(merge_reasons(why)) + why.people
    these = "This reason holds" if n == 1 else f"These {n} reasons hold"
    return f"{these} {percent(why.covered)} of all evidence that the model weighed."


def shown(why: Answer, most: int | None = None) -> tuple[list[str], str]:
    """Return the sentences of a recommendation, fit for a terminal, and what all reasons hold, which may be empty.

    Args:
        why: a recommendation with its reasons.
        most: how many reasons, and how many there are more; None gives all, and what all of them hold. What a set does
            is always shown.
    """
    lines = sentences(why, most)
    whole = most is None or why.is_set or len(lines) <= most
    return [readable(line, 600) for line in lines], coverage(why) if whole else ""


def heading(why: Answer) -> tuple[str, str]:
    """Return the title of a recommendation, fit for a terminal, and its score."""
    return readable(title(why), 160), f"score {why.score:.4g}"


def block(why: Answer, most: int | None = None) -> str:
    """Return title, sentences and coverage as lines of text; as ``graphrec why`` prints them.

    Args:
        why: a recommendation with its reasons.
        most: how many reasons; see ``shown``.
    """
    lines, whole = shown(why, most)
    return "\n".join(["  ".join(heading(why)), *(f"  • {line}" for line in lines), *([f"  {whole}"] if whole else [])])


def _together(why: Answer, member: Reason) -> str:
    """Return what is measured of the set that a reason belongs to."""
    n = sum(one.first.set == member.set for one in merge_reasons(why))
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


def _way(reason: Reason, verb: str) -> str:
    """Return how an item of the history leads to the recommended one, where the reason says so."""
    kind, _, name = reason.via.partition(":")
    if kind in ("relation", "attribute"):
        return f" (shared {_spaced(name)})" if name else ""
    return f" (others {verb} both)" if kind == "co-taken" else ""


def _spaced(word: str) -> str:
    return word.replace("_", " ")
