"""A what-if in words and as lines of a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.answers import text
from graphrec.wording import counted, readable, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.answers.changed_list import ChangedList, Removed, Standing

LONGEST_NAME = 60
"""Characters of a name that a line shows."""
NUMBERS = (0, 2, 3)
"""Columns of the table that are numbers."""


def title(answer: ChangedList) -> str:
    """Return what was changed of whom: ``user 15 without 12 items of genre Horror, with “Heat”``."""
    parts = [f"without {joined([removed_words(removed) for removed in answer.removed])}"] if answer.removed else []
    parts += [f"with {joined([text.quoted(item) for item in answer.added])}"] if answer.added else []
    return f"{answer.user.name} {', '.join(parts)}"


def removed_words(removed: Removed) -> str:
    """Return what was taken away: ``“Alien”``, ``12 items of genre Horror``, ``gender F of the user``."""
    node = removed.node
    if removed.kind == "item":
        return text.quoted(node)
    if removed.kind == "user_attribute":
        return f"{text.attribute(node)} of the user"
    of = {
        "item_attribute": f"of {text.attribute(node)}",
        "entity": f"linked to {text.quoted(node)}",
        "factor": f"of the group {text.quoted(node)}",
    }
    return f"{counted(len(removed.items), 'item')} {of[removed.kind]}"


def notes(answer: ChangedList) -> list[str]:
    """Return what one has to know to read the lists."""
    inputs = counted(answer.inputs_after, "input")
    sentences = [f"The model uses {inputs} of the user; before the change {answer.inputs_before:,}."]
    if answer.uncounted:
        sentences.append(f"{sentence(answer.uncounted)}.")
    if answer.removed:
        sentences.append(
            _gone(answer) if answer.attributes == "go" else "The attributes and entities of these items stay."
        )
        taken = any(removed.items for removed in answer.removed)
        if taken and not answer.recommend_removed:
            sentences.append("What was taken stays taken: it is not recommended again.")
    for removed in answer.removed:
        unused = len(removed.items) - removed.inputs if removed.items else 1 - removed.inputs
        if unused:
            sentences.append(_unused(answer, removed, unused))
    if not answer.inputs_after:
        sentences.append("Nothing is left that the model could recommend from.")
    return sentences


def outcome(answer: ChangedList) -> str:
    """Return how much changed: ``3 of 10 items are new, 5 moved``."""
    if not answer.after:
        return "The list is empty."
    if not (answer.entered or answer.left or answer.moved):
        return "The list stays the same, and so does the order."
    new = f"{len(answer.entered)} of {counted(len(answer.after), 'item')} {_are(len(answer.entered))} new"
    return f"{new}, {len(answer.left)} left, {len(answer.moved)} moved."


def change(row: Standing, k: int) -> str:
    """Return what became of an item: ``new, was 27``, ``up from 5``, ``left, now 14``, ``left, now taken``.

    An item without a rank is taken if it has a score; else there was nothing to score with: ``left``, ``new``.
    """
    before, after = row.rank_before, row.rank_after
    if after is None or after > k:
        return f"left{_elsewhere('now', after, row.score_after)}"
    if before is None or before > k:
        return f"new{_elsewhere('was', before, row.score_before)}"
    if before == after:
        return "same"
    return f"{'up' if after < before else 'down'} from {before}"


def number(score: float | None) -> str:
    """Return a score in four digits, or a dash."""
    return "–" if score is None else f"{score:.4g}".replace("-", "−")


def table(answer: ChangedList) -> list[tuple[str, ...]]:
    """Return both lists as rows of cells with a head: the list after, then what left it."""
    head = ("", "item", "score", "score before", "")
    listed = [(str(row.rank_after), *_cells(row, answer.k)) for row in answer.after]
    return [head, *listed, *(("", *_cells(row, answer.k)) for row in answer.left)]


def block(answer: ChangedList) -> str:
    """Return title, notes and both lists as lines of text; as ``graphrec whatif`` prints them."""
    lines = [readable(title(answer), 400), *(f"  {readable(note, 400)}" for note in notes(answer)), ""]
    return "\n".join([*lines, *_aligned(table(answer)), "", outcome(answer)])


def joined(words: Sequence[str]) -> str:
    """Return ``a, b and c``."""
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def _elsewhere(verb: str, rank: int | None, score: float | None) -> str:
    """Return where an item is that is not listed: ``, now 14``, ``, now taken``, or nothing."""
    if rank is not None:
        return f", {verb} {rank}"
    return "" if score is None else f", {verb} taken"


def _gone(answer: ChangedList) -> str:
    if answer.through_reviews:
        return "What the user says of these items is gone too."
    return "What only these items carry is gone too."


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _unused(answer: ChangedList, removed: Removed, unused: int) -> str:
    if removed.kind == "user_attribute":
        return f"The model does not use {removed_words(removed)}."
    if answer.through_reviews:
        stays = "what is said of items stays" if answer.attributes == "stay" else "no feature is mentioned there"
    else:
        stays = "it is no positive interaction" if removed.kind == "item" else "they are no positive interactions"
    if removed.kind == "item":
        return f"The model does not use {removed_words(removed)}: {stays}."
    return f"Of the {removed_words(removed)}, the model does not use {unused}: {stays}."


def _cells(row: Standing, k: int) -> tuple[str, str, str, str]:
    name = readable(row.item.name, LONGEST_NAME)
    return name, number(row.score_after), number(row.score_before), change(row, k)


def _aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return lines with aligned columns: rank and scores to the right."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if place in NUMBERS else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
