"""Recommendations with their reasons as the output of a notebook's cell.

Every element has its whole style on itself, and drawings are pictures: nothing of it reaches the notebook, nothing of
the notebook's style reaches it, and it needs neither a script nor the network.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from graphrec.answers import sentences, svg
from graphrec.answers.path_drawing import path_drawing
from graphrec.answers.strands import MOST, strands
from graphrec.answers.style import LIGHT, styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.answers.answer import Answer
    from graphrec.answers.sentences import Line

DRAWN = 10
"""Recommendations of a list that are drawn; the others are text alone, so that a notebook stays small."""

_FONT = "font:14px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif"
BLOCK = f"all:initial;display:block;{_FONT};color:{LIGHT['ink']}"
"""Style of a block of text, on which nothing of the notebook acts."""
_INLINE = "all:unset"


def why_cell(why: Answer) -> str:
    """Return one recommendation: title, every reason in words, and the paths drawn."""
    title, score = sentences.heading(why)
    head = element("div", f"{svg.escaped(title)} {_score(score)}", f"{BLOCK};font-weight:650;font-size:16px")
    return card(_warnings(why) + head + _body(why, None, is_drawn=True))


def list_cell(whys: Sequence[Answer]) -> str:
    """Return a list: each recommendation with its strongest reasons, the first one open, the others on a click."""
    warnings = _warnings(whys[0]) if whys else ""
    return card(warnings + "".join(_folded(why, place) for place, why in enumerate(whys)))


def note_cell(note: str) -> str:
    """Return one sentence, where there is nothing else to show."""
    return card(element("div", svg.escaped(note, 700), BLOCK))


def _warnings(why: Answer) -> str:
    """Return what holds of the whole run: what training said against the model, and that the data has changed."""
    style = f"{BLOCK};color:{LIGHT['against']};font-weight:600"
    stale = ["The data has changed since this run."] if why.stale else []
    return "".join(element("div", svg.escaped(words, 200), style) for words in [*why.warnings, *stale])


def _folded(why: Answer, place: int) -> str:
    title, score = sentences.heading(why)
    line = f"{BLOCK};display:revert;list-style:revert;cursor:pointer;font-weight:600"
    summary = element("summary", f"{svg.escaped(title)} {_score(score)}", line)
    body = _body(why, sentences.REASONS_SHOWN, is_drawn=place < DRAWN)
    opened = " open" if place == 0 else ""
    return f'<details{opened} style="{BLOCK};margin:0 0 6px">{summary}{body}</details>'


def _body(why: Answer, most: int | None, *, is_drawn: bool) -> str:
    lines, coverage = sentences.shown(why, most)
    line = f"{BLOCK};margin:2px 0 2px 14px"
    parts = [element("div", _bullet(one), line) for one in lines]
    if coverage:
        parts.append(element("div", svg.escaped(coverage, 700), f"{line};color:{LIGHT['quiet']}"))
    drawn = strands(why) if is_drawn else []
    if drawn:
        if len(drawn) < len(strands(why, None)):
            note = f"The {MOST} strongest are drawn."
            parts.append(element("div", note, f"{line};color:{LIGHT['quiet']}"))
        parts.append(_picture(styled(path_drawing(why, drawn)), f"Paths from {why.user.name} to {why.item.name}"))
    return "".join(parts)


def _bullet(line: Line) -> str:
    below = f"{BLOCK};margin:0 0 0 14px;font-size:13px;color:{LIGHT['quiet']}"
    ways = element("div", svg.escaped(line.below, 700), below) if line.below else ""
    return f"• {svg.escaped(line.sentence, 700)}{ways}"


def _picture(drawing: str, words: str) -> str:
    source = b64encode(drawing.encode()).decode()
    style = "all:initial;display:block;width:100%;max-width:960px;margin:10px 0"
    return f'<img alt="{svg.escaped(words)}" style="{style}" src="data:image/svg+xml;base64,{source}">'


def card(content: str) -> str:
    """Return content in a frame."""
    style = f"{BLOCK};background:{LIGHT['card']};border:1px solid {LIGHT['line']};border-radius:8px;padding:12px 16px"
    return element("div", content, f"{style};max-width:1000px;box-sizing:border-box")


def _score(words: str) -> str:
    return element("span", svg.escaped(words), f"{_INLINE};font-weight:400;font-size:13px;color:{LIGHT['quiet']}")


def element(tag: str, content: str, style: str) -> str:
    """Return an element with its style; the content is HTML already."""
    return f'<{tag} style="{style}">{content}</{tag}>'
