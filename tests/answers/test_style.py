"""The style of drawings: it comes with them, reaches nothing else, and follows the reader where it may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphrec.answers.path_drawing import path_drawing
from graphrec.answers.sankey import sankey
from graphrec.answers.strands import strands
from graphrec.answers.style import DARK, LIGHT, styled
from graphrec.report.standing_alone import standing_alone
from tests.answers.answers import EVERY_GROUND
from tests.answers.chromium import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

PATHS = styled(path_drawing(EVERY_GROUND, strands(EVERY_GROUND)))
SANKEY = styled(sankey(EVERY_GROUND, strands(EVERY_GROUND)))
NONE = "rgba(0, 0, 0, 0)"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real Chromium."""
    with chromium() as launched:
        yield launched


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """An empty page."""
    opened = browser.new_page()
    yield opened
    opened.close()


def rgb(colour: str) -> str:
    """Return ``#2f6db5`` as browsers compute it: ``rgb(47, 109, 181)``."""
    return f"rgb({', '.join(str(int(colour[place : place + 2], 16)) for place in (1, 3, 5))})"


def computed(tab: Any, selector: str, name: str) -> str:
    """Return a computed property of the first element that a selector matches."""
    value: str = tab.locator(selector).first.evaluate(f"e => getComputedStyle(e).{name}")
    return value


def test_a_drawing_has_its_colours_wherever_it_stands(tab: Any) -> None:
    tab.set_content(f"<figure>{PATHS}</figure><figure>{SANKEY}</figure>")
    paths = {
        (".link", "fill"): "none",
        (".link", "stroke"): rgb(LIGHT["line"]),
        (".explains.item", "fill"): "none",
        (".explains.attribute", "stroke"): rgb(LIGHT["attribute"]),
        (".explains.item.against", "stroke"): rgb(LIGHT["against"]),
        (".node.entity .box", "stroke"): rgb(LIGHT["entity"]),
        (".node.entity .box", "fill"): rgb(LIGHT["card"]),
        (".node.target .box", "fill"): rgb(LIGHT["ink"]),
        (".node.target text", "fill"): rgb(LIGHT["card"]),
        (".node.person text", "fill"): rgb(LIGHT["card"]),
        (".node.item text", "fill"): rgb(LIGHT["ink"]),
        (".strand.feature .flow", "fill"): rgb(LIGHT["feature"]),
        (".target:not(.node) .bar", "fill"): rgb(LIGHT["ink"]),
        (".target:not(.node) text.name", "fill"): rgb(LIGHT["ink"]),
    }
    assert {where: computed(tab, *where) for where in paths} == paths


def test_only_where_it_is_allowed_does_a_drawing_follow_a_dark_scheme(browser: Any) -> None:
    tab = browser.new_page(color_scheme="dark")
    tab.set_content(f"<div id='paper'>{PATHS}</div><div id='both' class='light-or-dark'>{PATHS}</div>")
    for place, colours in (("#paper", LIGHT), ("#both", DARK)):
        assert computed(tab, f"{place} .node.item text", "fill") == rgb(colours["ink"])
        assert computed(tab, f"{place} .node.item .box", "fill") == rgb(colours["card"])
        assert computed(tab, f"{place} .node.target .box", "fill") == rgb(colours["ink"])
        assert computed(tab, f"{place} .node.target text", "fill") == rgb(colours["card"])
        assert computed(tab, f"{place} .explains.item", "stroke") == rgb(colours["item"])
    tab.close()


def test_the_style_of_a_drawing_reaches_nothing_else(tab: Any) -> None:
    beside = "<p class='box item against'>words</p><svg id='other'><text>x</text><rect class='flow item'/></svg>"
    names = ("color", "fill", "opacity", "stroke", "fontFamily", "width", "minWidth", "display")
    places = ("p", "#other", "#other text", "#other rect")
    tab.set_content(beside)
    alone = [computed(tab, place, name) for place in places for name in names]
    tab.set_content(PATHS + beside)
    assert [computed(tab, place, name) for place in places for name in names] == alone


def test_a_file_of_its_own_has_paper_and_colours(tab: Any, tmp_path: Any) -> None:
    file = tmp_path / "paths.svg"
    file.write_text(standing_alone(PATHS), encoding="utf-8")
    tab.goto(file.as_uri())
    assert computed(tab, "rect", "fill") == "rgb(255, 255, 255)"
    assert computed(tab, ".explains.entity", "stroke") == rgb(LIGHT["entity"])


def test_what_is_no_drawing_of_a_recommendation_is_refused() -> None:
    with pytest.raises(ValueError, match="no drawing of a recommendation"):
        styled("<p>words</p>")
