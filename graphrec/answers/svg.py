"""Small pieces of SVG: escaped text, wrapped labels, curves."""

from __future__ import annotations

import html
import textwrap
import unicodedata

from graphrec.wording import readable

LONGEST = 300
"""Characters of a name that a page carries at most; a title may be a million long."""

DRAWING = "why-drawing"
"""CSS class of every drawing, to which all rules of its style are bound."""

PALETTE = {
    "Item": "item",
    "Attribute": "attribute",
    "Entity": "entity",
    "Feature": "feature",
    "Factor": "factor",
    "User": "people",
}
"""Evidence label to the CSS class that gives it its colour."""


def escaped(words: str, limit: int = LONGEST) -> str:
    """Return words from data as HTML text or an attribute's value, without markup and control characters."""
    return html.escape(readable(words, limit), quote=True)


def wrapped(words: str, width: int, lines: int) -> list[str]:
    """Return words in at most ``lines`` lines of ``width`` narrow characters; what is left out shows as ``…``."""
    text = " ".join(readable(words, LONGEST).split())
    scale = 0.6 if sum(unicodedata.east_asian_width(c) in "WF" for c in text) * 2 > len(text) else 1.0
    return textwrap.wrap(text, max(4, round(width * scale)), max_lines=lines, placeholder="…") or ["–"]


def label(x: float, y: float, lines: list[str], *, anchor: str = "start", css: str = "", size: int = 13) -> str:
    """Return lines of text around the vertical middle ``y``.

    Args:
        x: of the anchor.
        y: middle of the block.
        lines: already short enough; escaped here.
        anchor: ``start``, ``middle`` or ``end``.
        css: classes.
        size: of the font in pixels.
    """
    step = size * 1.25
    top = y - step * (len(lines) - 1) / 2 + size * 0.35
    spans = "".join(
        f'<tspan x="{x:.1f}" y="{top + step * i:.1f}">{escaped(line)}</tspan>' for i, line in enumerate(lines)
    )
    return f'<text class="{css}" text-anchor="{anchor}" font-size="{size}">{spans}</text>'


def band(x0: float, y0: float, x1: float, y1: float, height: float) -> str:
    """Return the outline of a Sankey flow of constant height between two upper left corners, as path data."""
    middle = (x0 + x1) / 2
    return (
        f"M{x0:.1f},{y0:.1f} C{middle:.1f},{y0:.1f} {middle:.1f},{y1:.1f} {x1:.1f},{y1:.1f} "
        f"L{x1:.1f},{y1 + height:.1f} "
        f"C{middle:.1f},{y1 + height:.1f} {middle:.1f},{y0 + height:.1f} {x0:.1f},{y0 + height:.1f} Z"
    )


def curve(x0: float, y0: float, x1: float, y1: float) -> str:
    """Return an S-curve between two points, level at both ends, as path data."""
    middle = (x0 + x1) / 2
    return f"M{x0:.1f},{y0:.1f} C{middle:.1f},{y0:.1f} {middle:.1f},{y1:.1f} {x1:.1f},{y1:.1f}"


def figure(width: float, height: float, title: str, body: str) -> str:
    """Return an SVG drawing that scales with the page and has a title for those who cannot see it.

    Its colours come from ``graphrec.answers.style``: of the page that holds it, or its own by ``styled``.
    """
    return (
        f'<svg class="{DRAWING}" viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label="{escaped(title)}" '
        f'xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    )
