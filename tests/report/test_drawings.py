"""Drawings of reasons have their colours wherever they stand: as computed in a real Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphrec.answers.html import write_page
from graphrec.answers.path_drawing import path_drawing
from graphrec.answers.sankey import sankey
from graphrec.answers.strands import strands
from graphrec.answers.style import styled
from graphrec.browser.photograph import find_chromium
from graphrec.report import Cloud, Drawing, Figure, Report, write_report
from tests.answers.answers import EVERY_GROUND
from tests.conftest import absent
from tests.report.example import LINES
from tests.report.test_page import FLAGS, OUTSIDE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DRAWN = strands(EVERY_GROUND)
REPORT = Report(
    "Drawings",
    "",
    {},
    (
        Drawing("paths", styled(path_drawing(EVERY_GROUND, DRAWN)), "Paths.", {}),
        Drawing("sankey", styled(sankey(EVERY_GROUND, DRAWN)), "A Sankey.", {}),
        LINES,
        Figure(
            "cloud", Cloud(tuple((f"group {n} of {'items' * 10}", (n,), (n,)) for n in (1.0, 2.0, 3.0))), "A cloud."
        ),
    ),
)
STYLES = """() => Object.fromEntries([...document.querySelectorAll('svg.why-drawing *')]
  .filter(one => one.matches('path, rect, text'))
  .map((one, place) => {
    const style = getComputedStyle(one), kind = one.getAttribute('class') || '';
    return [`${place} ${one.tagName} ${kind} in ${one.parentNode.getAttribute('class') || ''}`,
            [style.fill, style.stroke, style.fontWeight, style.opacity]];
  }))"""
BLACK = "rgb(0, 0, 0)"
LIGHT = {
    "item": "rgb(47, 109, 181)",
    "line": "rgb(217, 221, 228)",
    "card": "rgb(255, 255, 255)",
    "ink": "rgb(29, 36, 48)",
}
DARK = {"item": "rgb(110, 168, 234)", "line": "rgb(54, 61, 72)", "card": "rgb(28, 32, 39)", "ink": "rgb(232, 234, 238)"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real Chromium."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="the extra 'browser' is not installed")
    place = find_chromium()
    if place is None:
        absent("there is no Chromium")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=place, args=list(FLAGS))
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with both kinds of drawings, and the page of the same recommendation."""
    folder = tmp_path_factory.mktemp("drawings")
    write_report(REPORT, folder)
    write_page([EVERY_GROUND], folder / "why.html")
    return folder


def styles(browser: Any, path: Path, scheme: str) -> dict[str, list[str]]:
    tab = browser.new_page(color_scheme=scheme)
    tab.goto(path.as_uri())
    computed: dict[str, list[str]] = tab.evaluate(STYLES)
    tab.close()
    return computed


@pytest.mark.parametrize(("scheme", "colours"), [("light", LIGHT), ("dark", DARK)])
@pytest.mark.parametrize("file", ["report.html", "figures/paths.svg", "figures/sankey.svg", "why.html"])
def test_nothing_of_a_drawing_is_black(
    browser: Any, folder: Path, file: str, scheme: str, colours: dict[str, str]
) -> None:
    computed = styles(browser, folder / file, scheme)
    assert computed
    if file.startswith("figures/"):
        colours = LIGHT  # a file has white paper, whatever the reader's scheme
    for name, (fill, stroke, *_) in computed.items():
        assert BLACK not in (fill, stroke), name
        if " path explains" in name:
            assert fill == "none"
            assert stroke != "none"
        if " path link" in name:
            assert (fill, stroke) == ("none", colours["line"])
        if " rect box" in name and "in node item" in name:
            assert (fill, stroke) == (colours["card"], colours["item"])
        if " text name" in name and "in node item" in name:
            assert fill == colours["ink"]
        if " text name" in name and ("in node person" in name or "in node target" in name):
            assert fill == colours["card"]
        if " rect bar" in name and "in strand item" in name and "against" not in name:
            assert fill == colours["item"]
    kinds = {"paths.svg": ("explains", "link", "box"), "sankey.svg": ("flow", "bar")}.get(file.partition("/")[2])
    for kind in kinds or ("explains", "link", "box", "flow", "bar"):
        assert any(f" {kind} in" in name or f" {kind} " in name for name in computed), kind


def test_a_drawing_looks_the_same_everywhere(browser: Any, folder: Path) -> None:
    """But for the paper behind it, which only a file has: its first rectangle."""
    alone = {
        name: list(styles(browser, folder / "figures" / f"{name}.svg", "light").values())[1:]
        for name in ("paths", "sankey")
    }
    in_report = list(styles(browser, folder / "report.html", "light").values())
    in_page = list(styles(browser, folder / "why.html", "light").values())
    assert in_report == alone["paths"] + alone["sankey"]
    assert in_page == alone["sankey"] + alone["paths"]


def test_long_labels_stay_in_their_figure(browser: Any, folder: Path) -> None:
    tab = browser.new_page()
    tab.goto((folder / "report.html").as_uri())
    outside = tab.evaluate(OUTSIDE)
    tab.close()
    assert outside == []


def test_charts_keep_their_own_colours(browser: Any, folder: Path) -> None:
    tab = browser.new_page(color_scheme="light")
    tab.goto((folder / "report.html").as_uri())
    fills = tab.evaluate("() => [...document.querySelectorAll('.chart svg path')].map(p => getComputedStyle(p).stroke)")
    tab.close()
    assert "rgb(0, 114, 178)" in fills
