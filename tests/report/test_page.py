"""The page in a real Chromium: light and dark, wide and narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphrec.browser.photograph import find_chromium
from graphrec.report import write_report
from tests.conftest import absent
from tests.report.example import EVIL, REPORT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
OUTSIDE = """() => [...document.querySelectorAll('figure svg')].flatMap(svg => {
  const box = svg.getBoundingClientRect();
  return [...svg.querySelectorAll('text')].filter(text => {
    const b = text.getBoundingClientRect();
    return b.left < box.left - 1 || b.right > box.right + 1 || b.top < box.top - 1 || b.bottom > box.bottom + 1;
  }).map(text => text.textContent);
})"""
INK = "() => getComputedStyle(document.querySelector('figure.chart svg text')).fill"


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


def test_a_person_sees_findings_tables_and_figures(browser: Any, tmp_path: Path) -> None:
    page = write_report(REPORT, tmp_path)["html"]
    messages: list[str] = []
    fetched: list[str] = []
    tab = browser.new_page(viewport={"width": 1100, "height": 900}, color_scheme="light")
    tab.on("console", lambda message: messages.append(message.text))
    tab.on("request", lambda request: fetched.append(request.url))
    tab.goto(page.as_uri())
    assert tab.title() == "A report of & for <people>"
    assert tab.locator(".short li").all_inner_texts()[0].endswith("RecoNet is above")
    assert tab.locator("tbody tr").nth(1).locator("td").first.inner_text() == EVIL
    assert tab.locator("figure svg").count() == 4
    assert tab.evaluate(OUTSIDE) == []
    light = tab.evaluate(INK)
    tab.emulate_media(color_scheme="dark")
    dark = tab.evaluate(INK)
    assert (light, dark) == ("rgb(29, 36, 48)", "rgb(232, 234, 238)")
    tab.set_viewport_size({"width": 380, "height": 800})
    assert tab.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    assert tab.locator("nav a").first.get_attribute("href") == "#table-1"
    tab.close()
    assert messages == []
    assert fetched == [page.as_uri()]
