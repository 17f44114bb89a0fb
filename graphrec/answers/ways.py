"""How a taken item leads to the recommended one, in words: by values that both have, or through neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.schema.property_graph import VIA_ATTRIBUTE, VIA_CO_TAKEN, VIA_DISLIKED, VIA_ENTITIES, VIA_NEIGHBOURS
from graphrec.wording import enumerated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.answers.answer import Reason

VALUES_NAMED = 3
"""Shared values of one kind that are named; the others are counted."""


def taken_item(reason: Reason, verb: str) -> str:
    """Return a taken item with the way that it came: ``similar to “Heat”, which they watched: both have genre Crime``.

    “Both have” is said only where the data names the values.

    Args:
        reason: whose evidence is an item that the user took.
        verb: of the data set.
    """
    taken = f"“{reason.evidence.name}”, which they {verb}"
    way, _, kind = reason.via.partition(":")
    if reason.shared and (way == VIA_ATTRIBUTE or reason.via == VIA_ENTITIES):
        return f"similar to {taken}: both have {shared_values(reason)}"
    if way == VIA_ATTRIBUTE:
        return f"similar to {taken}, by {spaced(kind)}"
    if way == VIA_NEIGHBOURS:
        return f"similar to {taken}, {through_neighbours([reason], verb)}"
    if way == VIA_DISLIKED:
        return f"{taken} and disliked"
    if way == "relation":
        return f"{taken} (shared {spaced(kind)})"
    return f"{taken} (others {verb} both)" if way == VIA_CO_TAKEN else taken


def shared_values(reason: Reason) -> str:
    """Return the shared values with their kind: ``actor Al Pacino, Val Kilmer``; of many, the first and a count.

    Entities have no kind: they are shared by whatever relation.
    """
    if reason.via == VIA_ENTITIES:
        return _listed(reason)
    return f"{spaced(reason.via.partition(':')[2])} {_listed(reason)}"


def through_neighbours(reasons: Sequence[Reason], verb: str) -> str:
    """Return what neighbours are: ``through neighbours: items with the same actor that others watched together``.

    Args:
        reasons: one for each kind of attribute.
        verb: of the data set.
    """
    kinds, any_at_all = _kinds(reasons), any(map(_of_any_kind, reasons))
    items = f"items with the same {kinds}" if kinds else "items"
    return f"through neighbours: {items}{', or any,' if kinds and any_at_all else ''} that others {verb} together"


def one_of_several(reason: Reason, verb: str) -> str:
    """Return a way beside others: ``by shared genre (Crime)``, or ``of its own``; neighbours are told together.

    Args:
        reason: of one of the ways.
        verb: of the data set.
    """
    if reason.via == VIA_CO_TAKEN:
        return f"since others {verb} both"
    kind = spaced(reason.via.partition(":")[2])
    named = f" ({_listed(reason)})" if reason.shared else ""
    return f"by shared {kind}{named}" if kind else "of its own"


def between(reasons: Sequence[Reason]) -> str:
    """Return what lies between a taken item and the recommended one, short, for a drawing.

    Args:
        reasons: of one node, a reason for each way; the strongest first.

    Returns:
        ``genre Crime; actor Al Pacino``, or ``neighbours by genre or actor`` where no value is shared; empty where
        neither is so.
    """
    shared = [shared_values(reason) for reason in reasons if reason.shared]
    if shared:
        return "; ".join(shared)
    near = [reason for reason in reasons if reason.via.startswith(f"{VIA_NEIGHBOURS}:")]
    if not near:
        return ""
    return f"neighbours by {_kinds(near)}" if _kinds(near) else "neighbours"


def spaced(word: str) -> str:
    """Return the name of a kind or a relation as a person reads it."""
    return word.replace("_", " ")


def _kinds(reasons: Sequence[Reason]) -> str:
    """Return the kinds of attributes, ``genre, actor or director``; empty where there is none."""
    kinds = [spaced(reason.via.partition(":")[2]) for reason in reasons if not _of_any_kind(reason)]
    return f"{', '.join(kinds[:-1])} or {kinds[-1]}" if kinds[1:] else "".join(kinds)


def _of_any_kind(reason: Reason) -> bool:
    return reason.via == f"{VIA_NEIGHBOURS}:{VIA_CO_TAKEN}"


def _listed(reason: Reason) -> str:
    names = [value.name for value in reason.shared]
    named = names if len(names) <= VALUES_NAMED + 1 else names[:VALUES_NAMED]
    more = len(names) - len(named)
    if more:
        return f"{', '.join(named)} and {more} more"
    return enumerated(named)
