"""A recommendation in words: its title, a line for each node or group, and what all of them hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graphrec.answers import text
from graphrec.answers.counterfactual_words import set_sentences
from graphrec.answers.fallback_words import fallback_sentences
from graphrec.answers.group_reasons import group_reasons
from graphrec.answers.node_reasons import node_reasons
from graphrec.answers.summary_words import summary_sentences
from graphrec.wording import readable

if TYPE_CHECKING:
    from graphrec.answers.answer import Answer
    from graphrec.answers.group_reasons import GroupReason
    from graphrec.answers.node_reasons import NodeReason

MEMBERS_SHOWN = 5
"""A set of so many members is shown whole, also where fewer reasons are wanted."""

MEMBERS_NAMED = 3
"""Members of a group that are named; the others are counted."""

REASONS_SHOWN = 3
"""Reasons of each recommendation that a printed list shows."""


def title(why: Answer) -> str:
    """Return what was recommended, to whom."""
    place = f", number {why.rank}" if why.rank else ""
    return f"{text.quoted(why.item)}{place} for {why.user.name}"


def group(one: GroupReason, verb: str) -> str:
    """Return a group in words: its members, and what was measured of all of them together and one by one.

    Args:
        one: the group.
        verb: of the data set.
    """
    whole = one.sum_of_effects
    alone = "" if whole is None else f"; one by one their effects add up to {text.number(whole)}"
    more = ": together they say more" if one.says_more else ""
    return f"{group_title(one, verb)} – measured: without all of them {text.moved(one.joint_effect)}{alone}{more}"


def group_title(one: GroupReason, verb: str) -> str:
    """Return what a group is: ``genre Horror: 4 items which they watched (“Alien”, “Scream”, “Saw” and 1 more)``."""
    named = ", ".join(text.quoted(member.evidence) for member in one.members[:MEMBERS_NAMED])
    others = len(one.members) - MEMBERS_NAMED
    items = f"{len(one.members)} items" if len(one.members) > 1 else "1 item"
    which = f"{named} and {others} more" if others > 0 else named
    return f"{one.name}: {items} which they {text.shown_verb(verb)} ({which})"


class Line(NamedTuple):
    """A reason in words.

    Attributes:
        sentence: the node, its weight, and what was measured.
        below: the ways that it came through, or empty.
    """

    sentence: str
    below: str = ""


def sentences(why: Answer, most: int | None = None) -> list[Line]:
    """Return one line for each group and node, groups first; other people are one count.

    Args:
        why: a recommendation with its reasons.
        most: how many lines of groups and of nodes, and one more that says how many are left; None gives all. Of a set,
            which counts as a whole, a few more than that.
    """
    return [*_group_lines(why, most), *_node_lines(why, most)]


def _group_lines(why: Answer, most: int | None) -> list[Line]:
    groups = group_reasons(why)
    lines, left = [Line(group(one, why.verb)) for one in groups], len(groups) - (most or 0)
    more = "and 1 more group" if left == 1 else f"and {left} more groups"
    return lines if most is None or left <= 0 else [*lines[:most], Line(more)]


def _node_lines(why: Answer, most: int | None) -> list[Line]:
    nodes = node_reasons(why)
    lines = [Line(_node(one, why.verb), text.below(one, why.verb)) for one in nodes]
    of_people = sum(reason.share for reason in why.reasons if reason.evidence.label == "User")
    if why.people:
        counted = "1 person" if why.people == 1 else f"{why.people} people"
        lines.append(Line(f"{counted} with a similar history – together {text.percent(of_people)} of the evidence"))
    if most is None or len(lines) <= (max(most, MEMBERS_SHOWN) if why.is_set else most):
        return lines
    rest = nodes[most:]
    part, against = sum(abs(one.share) for one in rest) + abs(of_people), sum(not one.supports for one in rest)
    more = f"and {len(rest) + why.people} more" + (f", {against} of them against" if against else "")
    return [*lines[:most], Line(f"{more}, with {text.percent(part)} of the {'set' if why.is_set else 'evidence'}")]


def _node(one: NodeReason, verb: str) -> str:
    return f"{text.node(one, verb)} – {text.share(one)}; {text.effect(one, verb)}"


def coverage(why: Answer) -> str:
    """Return how much of the evidence the shown reasons hold."""
    of_sets = set_sentences(why)
    if not why.reasons:
        return of_sets[0] if of_sets else "No reason is stored for this recommendation."
    told = ["Effects of groups that share members must not be added up."] if group_reasons(why) else []
    told += of_sets
    if not of_sets and (node_reasons(why) or why.people):
        told.append(_held_part(why))
    return " ".join(told)


def _held_part(why: Answer) -> str:
    n = len(node_reasons(why)) + why.people
    these = "This reason holds" if n == 1 else f"These {n} reasons hold"
    part = sum(abs(reason.share) for reason in why.reasons if not reason.is_grouped)
    weighed = "the model weighed" if why.fallback is None else "was weighed"
    return f"{these} {text.percent(part)} of all evidence that {weighed}."


def shown(why: Answer, most: int | None = None) -> tuple[list[Line], str]:
    """Return the lines of a recommendation, fit for a terminal, and what all reasons hold, which may be empty.

    What sums it up comes first, and is not counted among the reasons.

    Args:
        why: a recommendation with its reasons.
        most: how many reasons, and how many there are more; None gives all, and what all of them hold. What a set does
            is always shown.
    """
    lines = sentences(why, most)
    whole = most is None or why.is_set or len(lines) <= most
    fit = [Line(readable(line.sentence, 600), readable(line.below, 600)) for line in lines]
    told_first = [*fallback_sentences(why), *summary_sentences(why)]
    summaries = [Line(readable(sentence, 600)) for sentence in told_first]
    return [*summaries, *fit], coverage(why) if whole else ""


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
    told = [
        part for line in lines for part in (f"  • {line.sentence}", *([f"      {line.below}"] if line.below else []))
    ]
    return "\n".join(["  ".join(heading(why)), *told, *([f"  {whole}"] if whole else [])])


def warned(why: Answer, words: str) -> str:
    """Return text below the warnings of its run's model, a line each; the text alone where there is none.

    Args:
        why: one recommendation of the run.
        words: that follow.
    """
    return "\n".join([*why.warnings, words])
