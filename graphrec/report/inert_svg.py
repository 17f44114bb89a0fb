"""A check that a drawing from somebody else's report draws, and does nothing else."""

from __future__ import annotations

from xml.etree import ElementTree as ET

_ELEMENTS = frozenset({"svg", "style", "g", "path", "rect", "text", "tspan", "title"})
_ATTRIBUTES = frozenset(
    [
        "aria-label",
        "class",
        "d",
        "dx",
        "dy",
        "fill",
        "font-size",
        "height",
        "id",
        "opacity",
        "role",
        "rx",
        "ry",
        "stroke",
        "stroke-dasharray",
        "stroke-width",
        "text-anchor",
        "transform",
        "viewBox",
        "width",
        "x",
        "y",
    ]
)
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_FETCHING = ("url(", "@import", "expression(", "\\", "<")
_LARGEST = 8 << 20


def require_inert(svg: str) -> None:
    """Raise ValueError for a drawing that holds more than graphrec's own drawings do: scripts, links, other files.

    Args:
        svg: the whole document.
    """
    if len(svg) > _LARGEST:
        raise ValueError(f"a drawing of {len(svg):,} characters is larger than any of graphrec's")
    if "<!" in svg or "<?" in svg:
        raise ValueError("a drawing declares something of its own, which graphrec's never do")
    try:
        root = ET.fromstring(svg)  # noqa: S314 - without a declaration there are no entities to expand
    except ET.ParseError as error:
        raise ValueError(f"a drawing is no SVG: {error}") from error
    if root.tag != f"{_NAMESPACE}svg":
        raise ValueError("a drawing is no SVG")
    for element in root.iter():
        name = element.tag.removeprefix(_NAMESPACE)
        if name not in _ELEMENTS:
            raise ValueError(f"a drawing has an element {name!r:.40}, which graphrec's never have")
        if name in ("title", "style") and len(element):
            raise ValueError(f"a drawing has elements inside of {name!r}")
        strange = sorted(set(element.attrib) - _ATTRIBUTES)
        if strange:
            raise ValueError(f"a drawing has an attribute {strange[0]!r:.40}, which graphrec's never have")
        words = " ".join([*element.attrib.values(), element.text or "" if name == "style" else ""]).lower()
        if any(word in words for word in _FETCHING[:3]) or (name == "style" and any(w in words for w in _FETCHING)):
            raise ValueError("a drawing's style fetches something")
