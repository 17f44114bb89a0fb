"""The real Neo4j Browser takes the style and the favourites, and draws a why-graph."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from graphrec import queries
from graphrec.browser.favourites import FOLDERS, style
from graphrec.browser.photograph import Subject, draw, drop_in, find_chromium, opened_browser, pick
from tests.conftest import absent
from tests.cypher.conftest import fill, neo4j_handle
from tests.cypher.similar_run import similar_run

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.server import ServerInfo


SHOWN = (("why", "item"), ("analyst", "runs"), ("audit", "unexplained"))


@pytest.fixture(scope="module")
def server(neo4j_server: ServerInfo) -> ServerInfo:
    """The real server with the small graph, where it ships a Browser and there is a Chromium to open it."""
    pytest.importorskip("playwright", reason="the extra 'browser' is not installed")
    if find_chromium() is None:
        absent("there is no Chromium")
    if not neo4j_server.http_uri:
        pytest.skip("the address of the server's Browser is not known")
    with neo4j_handle(neo4j_server.bolt_uri) as handle:
        fill(handle)
    return neo4j_server


def test_it_takes_what_is_dropped_and_draws_why(server: ServerInfo) -> None:
    with opened_browser(server.http_uri, server.bolt_uri) as page:
        drop_in(page, "watched")
        page.wait_for_function("localStorage['neo4j.grass'] !== undefined")
        kept = json.loads(page.evaluate("localStorage['neo4j.grass']"))
        favourites = page.get_by_test_id("navigationFavorites")
        favourites.click()
        for folder in FOLDERS.values():
            page.get_by_text(folder).click()
        page.wait_for_selector("text=Recommendations without a reason")
        listed = page.locator("body").inner_text()
        favourites.click()
        draw(page, Subject("ada", "dune", strongest=7))
        captions = set(page.locator("[data-testid=frame] svg g.node text").all_text_contents())
        on_arrows = set(page.locator("[data-testid=frame] svg g.relationship text").all_text_contents())
    assert kept == json.loads(style("watched"))
    titles = [queries.load(f"{folder}/{name}", "neo4j").title for folder, name in SHOWN]
    assert [title for title in titles if title not in listed] == []
    assert {"Ada", "Alien", "Dune", "Sci-Fi", "factor: space"} <= {caption.strip() for caption in captions}
    assert {"32 %", "20 %", "12 %", "watched"} <= on_arrows


def test_it_draws_the_query_that_is_named(server: ServerInfo) -> None:
    with opened_browser(server.http_uri, server.bolt_uri) as page:
        drop_in(page, "watched")
        draw(page, Subject("ada", "dune"), "why/path_history")
        captions = {text.strip() for text in page.locator("[data-testid=frame] svg g.node text").all_text_contents()}
    assert {"Ada", "Alien", "Dune"} <= captions
    assert not {"Sci-Fi", "factor: space"} & captions


def test_the_recommendation_with_most_grounds_is_picked(server: ServerInfo) -> None:
    """Ada's Dune stands on all seven grounds."""
    assert pick(server.bolt_uri) == Subject("ada", "dune", 6)


def test_a_shared_value_stands_between_the_two_items(server: ServerInfo, tmp_path: Path) -> None:
    """Alien and Blade Runner have a director and a genre in common; ben's Emma shares nothing. Last in this file."""
    with neo4j_handle(server.bolt_uri) as handle:
        fill(handle)
        handle.query("MATCH (run:Run) SET run.current = false")
        run, explanations = similar_run("now")
        handle.put_run(replace(run, status="complete", current=True), explanations)
    with opened_browser(server.http_uri, server.bolt_uri) as page:
        drop_in(page, "watched")
        draw(page, Subject("ben", "blade", strongest=3))
        page.screenshot(path=str(tmp_path / "drawn.png"))
        arrows = page.evaluate(
            "() => [...document.querySelectorAll('[data-testid=frame] g.relationship')].map(g => g.__data__)"
            ".map(d => [d.source, d.type, d.target].map(e => e.propertyMap ? e.propertyMap.name : e))"
        )
    joined = {tuple(arrow) for arrow in arrows if arrow[1] == "HAS_ATTRIBUTE"}
    items = ("Alien", "Blade Runner")
    assert joined == {(item, "HAS_ATTRIBUTE", value) for item in items for value in ("Ridley Scott", "Sci-Fi")}
