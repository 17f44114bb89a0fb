"""A drawing of a page made into a file of its own: a white background comes with it."""

from __future__ import annotations

import re

_PAPER = '<rect width="100%" height="100%" fill="#ffffff"/>'


def standing_alone(svg: str) -> str:
    """Return an SVG document that looks on its own as it does in the page, on white; its style is its own already."""
    opening = re.match(r"\s*<svg[^>]*>", svg)
    if opening is None:
        raise ValueError("this is no SVG drawing")
    declared = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return declared + svg[: opening.end()] + _PAPER + svg[opening.end() :]
