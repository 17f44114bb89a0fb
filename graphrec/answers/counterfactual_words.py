"""Sets that only count together, in words: had they cared less for “price”, “another piano” would come before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.answers import text
from graphrec.answers.node_reasons import node_reasons
from graphrec.tables.explanations import NONE
from graphrec.wording import enumerated, readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.answers.answer import Answer, Reason


def set_sentences(why: Answer) -> list[str]:
    """Return a sentence for each set without a name, or that none was found; nothing where none was sought."""
    members: dict[int, list[Reason]] = {}
    for one in node_reasons(why):
        if one.first.set:
            members.setdefault(one.first.set, []).append(one.first)
    if not members and why.counterfactual == NONE:
        return [_nothing_found(why)]
    return [_of_amounts(why, of) if of[0].amount is not None else _switched_off(why, of) for of in members.values()]


def _nothing_found(why: Answer) -> str:
    best = _best(why)
    outcome = f"puts it out of their {best}" if best else "lets another item come before it"
    return f"No counterfactual: no change of their inputs, of those that the run tried, {outcome}."


def _best(why: Answer) -> str:
    """Return what a set puts an item out of, such as “best 10”; empty where another item is only to come before it."""
    asked = why.run.params.get("explainer", {})
    return f"best {asked.get('top')}" if asked.get("flip") == "top" else ""


def _comes_before(why: Answer) -> bool:
    """Return whether the run asked for sets with which another item comes before."""
    return bool(why.run.params.get("explainer", {}).get("flip") == "next")


def _of_amounts(why: Answer, members: Sequence[Reason]) -> str:
    """Return how much less or more they would have to care, and what would come of it."""
    less = [_changed(member) for member in members if (member.delta or 0.0) < 0]
    more = [_changed(member) for member in members if (member.delta or 0.0) > 0]
    had = [f"{word} for {enumerated(those)}" for word, those in (("less", less), ("more", more)) if those]
    best = _best(why)
    out = f"it would not be among the {best}: " if best else ""
    return f"Had they cared {enumerated(had)}, {out}{_rival(members[0])} would come before it."


def _changed(member: Reason) -> str:
    return f"“{readable(member.evidence.name)}” ({text.change(member)})"


def _switched_off(why: Answer, members: Sequence[Reason]) -> str:
    """Return what is measured of inputs that are switched off together."""
    first, n = members[0], len(members)
    these = "this one reason" if n == 1 else f"these {n} reasons together"
    effect = first.joint_effect or 0.0
    moves = f"{'falls' if effect > 0 else 'rises'} by {abs(effect):.3g}" if effect else "stays the same"
    if first.flips and first.contrast is not None and _comes_before(why):
        return f"Without {these} {_rival(first)} would come before it: the score {moves}."
    rival = f", and {_rival(first)} comes to stand above it" if first.contrast is not None else ""
    flips = "it would not be among the best" if first.flips else "it would still be among the best"
    return f"Without {these} {flips}: the score {moves}{rival}."


def _rival(member: Reason) -> str:
    name = member.contrast_name
    return f"the item {readable(member.contrast or '')}" if name is None else f"“{readable(name)}”"
