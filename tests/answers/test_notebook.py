"""What a notebook shows, in a real browser, inside a page whose style is hostile."""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from graphrec.answers import Node, Why, WhyList
from graphrec.answers.notebook import DRAWN
from tests.answers.answers import EVERY_GROUND, reason, why
from tests.answers.chromium import chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

HOSTILE = """<style>
* { color: red; font-size: 40px; } #cell * { display: none; }
div, span, img, svg, details, summary { background: red; border: 9px solid red; }
img { width: 3px; } .box, .item, text { fill: red; stroke: red; }
</style>"""
EVIL = "<script>document.title='hacked'</script><img src=x onerror=\"document.title='hacked'\">'\"&\x1b"
PROPERTIES = ("color", "fontSize", "fontFamily", "display", "backgroundColor", "fontWeight", "width", "borderTopWidth")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real Chromium."""
    with chromium() as launched:
        yield launched


@pytest.fixture
def tab(browser: Any) -> Iterator[Any]:
    """An empty page; afterwards, make sure that nothing was fetched and nothing went wrong."""
    events: list[str] = []
    opened = browser.new_page(viewport={"width": 1100, "height": 900})
    opened.on("console", lambda message: events.append(message.text))
    opened.on("request", lambda request: events.append(request.url[:60]))
    yield opened
    opened.close()
    assert [event for event in events if not event.startswith("data:image/svg+xml;base64,")] == []


def output(shown: Why | WhyList) -> str:
    """Return what a notebook asks for."""
    html = shown._repr_html_()
    assert html is not None
    return f"<div id='cell'>{html}</div>"


def styles(tab: Any) -> list[list[str]]:
    """Return the computed style of every element of the output."""
    found: list[list[str]] = tab.locator("#cell *").evaluate_all(
        f"all => all.map(e => {list(PROPERTIES)}.map(name => getComputedStyle(e)[name]))"
    )
    return found


def test_it_looks_the_same_whatever_the_style_of_the_notebook_and_changes_nothing_of_it(tab: Any) -> None:
    frame = "<p class='box item'>words</p>"
    tab.set_content(frame + output(EVERY_GROUND))
    plain = styles(tab)
    beside = tab.locator("p").evaluate("e => getComputedStyle(e).cssText + getComputedStyle(e).color")
    tab.set_content(frame)
    assert tab.locator("p").evaluate("e => getComputedStyle(e).cssText + getComputedStyle(e).color") == beside
    tab.set_content(HOSTILE + frame + output(EVERY_GROUND))
    assert styles(tab) == plain


def test_it_shows_title_reasons_and_the_paths(tab: Any) -> None:
    tab.set_content(output(EVERY_GROUND))
    words = tab.locator("#cell").inner_text()
    assert words.splitlines()[0].startswith("“Dune”, number 1 for Ada score 2")
    assert "“Alien”, which they watched – weighs 3.2, 32 % of the evidence" in words
    assert "These 10 reasons hold 83 % of all evidence that the model weighed." in words
    assert tab.locator("img").evaluate("i => [i.complete, i.naturalWidth > 0, i.width > 900]") == [True, True, True]
    assert tab.locator("img").get_attribute("alt") == "Paths from Ada to Dune"
    assert "Secret" not in words + drawing(EVERY_GROUND)


def drawing(shown: Why | WhyList) -> str:
    """Return the first drawing of an output."""
    match = re.search(r"base64,([^\"]+)", output(shown))
    assert match is not None
    return b64decode(match[1]).decode()


def test_the_drawing_has_its_style_and_the_verb() -> None:
    assert "<style>" in drawing(EVERY_GROUND)
    assert ">watched</tspan>" in drawing(EVERY_GROUND)


def test_a_list_is_open_at_its_first_and_draws_only_the_first_ones(tab: Any) -> None:
    whys = WhyList(tuple(replace(EVERY_GROUND, rank=rank) for rank in range(1, DRAWN + 4)))
    tab.set_content(output(whys))
    assert tab.locator("details").count() == DRAWN + 3
    assert [one.evaluate("d => d.open") for one in tab.locator("details").all()][:2] == [True, False]
    assert tab.locator("img").count() == DRAWN
    assert not tab.locator("details").nth(1).locator("div").first.is_visible()
    tab.locator("summary").nth(1).click()
    assert tab.locator("details").nth(1).locator("div").first.is_visible()


def test_a_run_of_older_data_says_so() -> None:
    old, words = replace(EVERY_GROUND, stale=True), "The data has changed since this run."
    assert [output(shown).count(words) for shown in (EVERY_GROUND, old, WhyList((old, old)))] == [0, 1, 1]


def test_markup_in_names_and_in_the_verb_stays_text(tab: Any) -> None:
    evil = Node("Item", EVIL, EVIL)
    shown = replace(why(reason(evil, 0.3, anchor=evil), user=EVIL, item=EVIL), verb=EVIL)
    tab.set_content(output(shown) + output(WhyList((shown,))))
    assert tab.locator("script").count() == 0
    assert tab.locator("img").count() == 2
    assert tab.title() == ""
    assert "<script" not in drawing(shown)
    assert "\x1b" not in tab.content()
