"""Small words that every form of a report shares."""

from __future__ import annotations


def mark(met: bool | None) -> str:
    """Return the sign in front of a finding: reached, not reached, or simply so."""
    return {True: "✓", False: "✗", None: "·"}[met]


def spoken(met: bool | None) -> str:
    """Return what the sign means, for those who do not see it."""
    return {True: "reached", False: "not reached", None: "measured"}[met]
