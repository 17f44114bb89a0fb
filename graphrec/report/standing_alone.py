"""A drawing of a page made into a file of its own: its colours and a white background come with it."""

from __future__ import annotations

import re

_STYLE = """<style>
text { fill: #1d2430; font-family: system-ui, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
.quiet { fill: #5d6778; } .strong { font-weight: 650; } .share { font-weight: 600; }
.item { --hue: #2f6db5; } .attribute { --hue: #1f8a70; } .entity { --hue: #7a4fb5; } .feature { --hue: #b8690f; }
.factor { --hue: #6b7280; } .people { --hue: #b03a78; } .target { --hue: #1d2430; } .against { --hue: #c2372c; }
.flow { fill: var(--hue); opacity: .32; } .bar { fill: var(--hue); }
</style>"""
_PAPER = '<rect width="100%" height="100%" fill="#ffffff"/>'


def standing_alone(svg: str) -> str:
    """Return an SVG document that looks on its own as it does in the page, on white."""
    opening = re.match(r"\s*<svg[^>]*>", svg)
    if opening is None:
        raise ValueError("this is no SVG drawing")
    style = "" if "matplotlib" in svg[:4000] or "<style" in svg else _STYLE
    declared = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return declared + svg[: opening.end()] + style + _PAPER + svg[opening.end() :]
