"""Texts of reviews as taggers read them: without markup's entities, control characters and words that are none."""

from __future__ import annotations

import html
import re

LONGEST_WORD = 60
"""Characters without a space that can be a word; what is longer is a picture of signs, a link or worse."""
PIECE = 4000
"""Characters that are tagged at once, so that the time of a long text grows with its length and no faster."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_LONG = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")
_NOT = re.compile(r"n['’]t\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def pieces_of(text: str) -> list[str]:
    """Return a text in pieces of at most ``PIECE`` characters, cut between words; a negation is the word “not”.

    ``&#34;`` and the like become what they stand for, control characters become spaces, and what is longer than
    ``LONGEST_WORD`` without a space is left out.
    """
    plain = _LONG.sub(" ", _CONTROL.sub(" ", html.unescape(text)))
    plain = _NOT.sub(" not", plain)
    pieces, start = [], 0
    while start < len(plain):
        end = _end_of_piece(plain, start)
        pieces.append(plain[start:end])
        start = end
    return [piece for piece in pieces if not piece.isspace()]


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters: what stands between spaces and punctuation."""
    return _WORD.findall(text.lower())


def _end_of_piece(text: str, start: int) -> int:
    """Return where a piece ends: at the last space within its length, or at the end of the text."""
    limit = start + PIECE
    if len(text) <= limit:
        return len(text)
    space = max(text.rfind(" ", start + 1, limit), text.rfind("\n", start + 1, limit))
    return space if space > start else limit
