"""Text for terminals: names from data without control characters, and numbers with their noun."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def readable(words: str, limit: int = 70) -> str:
    """Return ``words`` without control characters and turned writing direction, at most ``limit`` long.

    A name may hold anything, an escape sequence that rewrites the screen too.
    """
    short = words if len(words) <= limit else words[: limit - 1] + "…"
    return "".join("�" if unicodedata.category(c) == "Cc" or c in _DIRECTIONS else c for c in short)


def counted(number: int, noun: str) -> str:
    """Return ``1 row`` or ``1,200 rows``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def enumerated(parts: Sequence[str]) -> str:
    """Return ``one``, ``one and two``, or ``one, two and three``."""
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if parts[1:] else "".join(parts)


def sentence(words: str) -> str:
    """Return the words with a capital first letter."""
    return words[:1].upper() + words[1:]


def share(part: int, whole: int) -> str:
    """Return ``3 of 1,000 (0.3 %)``; a share that is not nothing is never shown as 0 %."""
    percent = 100 * part / whole if whole else 0.0
    shown = f"{percent:.0f}" if percent >= 10 or not part else f"{max(percent, 0.1):.1f}"
    return f"{part:,} of {whole:,} ({'<' if 0 < percent < 0.1 else ''}{shown} %)"
