"""Why an item is not in a person's list, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.answers import sentences, text
from graphrec.wording import counted, enumerated, readable

if TYPE_CHECKING:
    from graphrec.answers.not_listed import Entry, NotListed


def standing(answer: NotListed) -> str:
    """Return where the item stands: ``“Heat” is number 57 of 3,413 for user 15; the list has 10``."""
    item, user = text.quoted(answer.why.item), answer.why.user.name
    place = f"{item} is number {answer.rank:,} of {answer.candidates:,} for {user}"
    return f"{place}, and in the list of {answer.k}." if answer.is_listed else f"{place}; the list has {answer.k}."


def gap(answer: NotListed) -> str:
    """Return what is wanting to the last item of the list; empty where the item is in it."""
    if answer.rival is None:
        return ""
    lead = answer.rival.score - answer.why.score
    return f"The last of the list is {text.quoted(answer.rival.item)}, with a score that is {text.number(lead)} higher."


def entries(answer: NotListed) -> list[str]:
    """Return the changes that would bring the item into the list, or that none were found; empty where it is in it."""
    if answer.is_listed:
        return []
    did, most = text.shown_verb(answer.why.verb), f"{answer.largest} or fewer" if answer.largest > 1 else "one"
    if answer.without is None:
        removed = f"Of the items that they {did}, no {most} were found without which it would be in the list."
    else:
        removed = f"Without {_named(answer.without)}, which they {did}, {_would_be(answer.without)}."
    if answer.with_items is not None:
        added = f"With {_named(answer.with_items)} beside what they {did}, {_would_be(answer.with_items)}."
    elif answer.addable:
        tried = f"Of {counted(answer.addable, 'item')} that people {did} who {did} it"
        added = f"{tried}, no {most} were found that, beside what they {did}, bring it into the list."
    else:
        added = f"What else people {did} who {did} it is not known, so no item was tried as an addition."
    return [removed, added]


def block(answer: NotListed) -> str:
    """Return all of it as lines of text; as ``graphrec why-not`` prints them."""
    first = [readable(line, 400) for line in (standing(answer), gap(answer)) if line]
    reasons = [sentences.block(why) for why in (answer.why, answer.rival) if why is not None]
    last = [readable(line, 600) for line in entries(answer)]
    parts = ["\n".join(first), *reasons, *(["\n".join(last)] if last else [])]
    return sentences.warned(answer.why, "\n\n".join(parts))


def _named(entry: Entry) -> str:
    return enumerated([text.quoted(item) for item in entry.items])


def _would_be(entry: Entry) -> str:
    return f"it would be number {entry.rank:,}, with a score of {text.number(entry.score)}"
