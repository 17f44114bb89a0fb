"""How drawings look: the one source of their colours, for the page, for notebooks and for reports."""

from __future__ import annotations

import re
from types import MappingProxyType

from graphrec.answers.svg import DRAWING

LIGHT = MappingProxyType(
    {
        "paper": "#fbfaf8",
        "card": "#ffffff",
        "ink": "#1d2430",
        "quiet": "#667085",
        "line": "#d9dde4",
        "item": "#2f6db5",
        "attribute": "#1f8a70",
        "entity": "#7a4fb5",
        "feature": "#b8690f",
        "factor": "#6b7280",
        "people": "#b03a78",
        "against": "#c2372c",
    }
)
"""Colour by what it is for: surfaces and text, then kinds of evidence; on a light background."""

DARK = MappingProxyType(
    {
        "paper": "#14171c",
        "card": "#1c2027",
        "ink": "#e8eaee",
        "quiet": "#9aa4b2",
        "line": "#363d48",
        "item": "#6ea8ea",
        "attribute": "#52c3a4",
        "entity": "#b492ea",
        "feature": "#e6a04f",
        "factor": "#a3abb8",
        "people": "#e684b5",
        "against": "#f0776c",
    }
)
"""The same colours on a dark background."""

EVIDENCE = ("item", "attribute", "entity", "feature", "factor", "people", "against")
"""CSS classes of evidence, the later winning over the earlier; each is a colour of that name."""

BOTH_SCHEMES = "light-or-dark"
"""CSS class of an element whose drawings follow the reader's colour scheme; elsewhere they are for light paper."""

_SHAPES = f"""
.{DRAWING} {{ width: 100%; min-width: 760px; height: auto; display: block;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }}
.{DRAWING} .strong {{ font-weight: 650; }} .{DRAWING} .heading {{ letter-spacing: .04em; }}
.{DRAWING} .share {{ font-variant-numeric: tabular-nums; font-weight: 600; }}
.{DRAWING} .flow {{ fill: currentColor; opacity: .32; }} .{DRAWING} .strand:hover .flow {{ opacity: .55; }}
.{DRAWING} .bar {{ fill: currentColor; }} .{DRAWING} .link {{ fill: none; stroke-width: 1.5; }}
.{DRAWING} .explains {{ fill: none; stroke: currentColor; opacity: .6; }}
.{DRAWING} .explains.against {{ stroke-dasharray: 6 4; }}
.{DRAWING} .box {{ stroke: currentColor; stroke-width: 1.5; }}
"""


def drawing_style() -> str:
    """Return the CSS of drawings. Every rule is bound to their class, so that it reaches nothing else.

    It uses no variables: viewers of SVG that are no browsers know ``currentColor`` alone.
    """
    dark = f"@media (prefers-color-scheme: dark) {{ {_colours(DARK, f'.{BOTH_SCHEMES} .{DRAWING}')} }}"
    return f"{_SHAPES}{_colours(LIGHT, f'.{DRAWING}')}\n{dark}\n"


def variables(colours: MappingProxyType[str, str]) -> str:
    """Return the colours as CSS variables of their names: ``--ink: #1d2430; …``."""
    return " ".join(f"--{name}: {colour};" for name, colour in colours.items())


def styled(figure: str) -> str:
    """Return a drawing that carries its own style, for a file of its own or inside a page of any style.

    Args:
        figure: an SVG drawing, as ``sankey`` and ``path_drawing`` return it.

    Raises:
        ValueError: this is no such drawing.
    """
    opening = re.match(rf'<svg class="{DRAWING}"[^>]*>', figure)
    if opening is None:
        raise ValueError("this is no drawing of a recommendation")
    return f"{opening[0]}<style>{drawing_style()}</style>{figure[opening.end() :]}"


def _colours(colours: MappingProxyType[str, str], drawing: str) -> str:
    """Return the rules that colour drawings which the selector ``drawing`` matches."""
    ink, card = colours["ink"], colours["card"]
    rules = {
        "text": f"fill: {ink}",
        ".quiet": f"fill: {colours['quiet']}",
        ".heading": f"fill: {colours['quiet']}",
        ".link": f"stroke: {colours['line']}",
        ".box": f"fill: {card}",
        ".pill rect": f"fill: {card}",
        ".person": f"color: {ink}",
        ".target": f"color: {ink}",
        ".near": f"color: {colours['quiet']}",
        **{f".{name}": f"color: {colours[name]}" for name in EVIDENCE},
        ".person .box": f"fill: {ink}",
        ".target .box": f"fill: {ink}",
        ".person text": f"fill: {card}",
        ".node.target text": f"fill: {card}",
    }
    return " ".join(f"{drawing} {selector} {{ {rule}; }}" for selector, rule in rules.items())
