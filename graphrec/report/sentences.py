"""Signs of findings, which every form of a report shares."""

from __future__ import annotations


def mark(met: bool | None) -> str:
    """Return the sign in front of a finding: reached, not reached, or simply so."""
    return {True: "✓", False: "✗", None: "·"}[met]


def meaning(met: bool | None) -> str:
    """Return the meaning of the sign, for those who do not see it."""
    return {True: "reached", False: "not reached", None: "measured"}[met]
