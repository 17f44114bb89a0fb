"""What is said of recommendations that are no model's, but for people of whom no interaction counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.answers import text

if TYPE_CHECKING:
    from graphrec.answers.answer import Answer


def fallback_sentences(why: Answer) -> list[str]:
    """Return that a recommendation is not the model's, and where it comes from; empty where it is.

    Args:
        why: a recommendation with its reasons.
    """
    if why.fallback is None:
        return []
    verb = text.shown_verb(why.verb)
    source = {
        "attributes": f"what people with the same attributes {verb} more often than others",
        "popularity": f"what most people {verb}",
    }[why.fallback]
    return [f"Not from the model, for {why.user.name} {verb} nothing yet that counts, but from {source}"]
