"""Photograph a why-graph in the Neo4j Browser that a server ships.

``python -m graphrec.browser.photograph --store bolt://HOST:PORT --browser http://HOST:PORT --out FILE.png`` opens the
Browser in headless Chromium, drops in the style and the favourites, runs a why-query for one recommendation of the
current run (``--query``, by default all of its reasons), and lays its nodes out by dragging them, as a person would.
User and password come from NEO4J_USERNAME and NEO4J_PASSWORD. The Browser's own layout is random, so one picture
differs from the next but for that.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import shutil
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphrec import queries
from graphrec.browser.arrange import DrawnNode, arrange
from graphrec.browser.favourites import style, write_favourites
from graphrec.errors import GraphrecError, MissingExtraError, StoreError, UnknownIdError, UsageError
from graphrec.store.opening import open_store
from graphrec.tables.verbs import Verbs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

QUERY = "why/path_all"
SIZE = (1500, 860)
STRONGEST = 6
_LEFT, _TOP, _WIDTH, _HEIGHT = 110, 130, 960, 640
_BLANK = (1150, 500)
"""The area of the graph, and an empty place beside it where a click shows the legend, in pixels."""

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en",
)
_EDITOR = "#monaco-main-editor"
_DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), c => c.charCodeAt(0));
  const carried = new DataTransfer();
  carried.items.add(new File([bytes], name));
  const target = document.querySelector('#monaco-main-editor');
  for (const kind of ['dragenter', 'dragover', 'drop'])
    target.dispatchEvent(new DragEvent(kind, {bubbles: true, cancelable: true, dataTransfer: carried}));
}"""
_DRAWN = """() => {
  const frame = document.querySelector('[data-testid=frame]');
  const nodes = [...frame.querySelectorAll('g.node')].map(g => {
    const box = g.querySelector('circle').getBoundingClientRect();
    return {id: String(g.__data__.id), label: g.__data__.labels[0],
            x: box.x + box.width / 2, y: box.y + box.height / 2, size: box.width};
  });
  const links = [...frame.querySelectorAll('g.relationship')].map(
    g => [String(g.__data__.source.id), String(g.__data__.target.id)]);
  return {nodes, links};
}"""


@dataclass(frozen=True)
class Subject:
    """The subject of a picture: one recommendation, and its strongest reasons."""

    user: str
    item: str
    strongest: int = STRONGEST


def pick(store_uri: str, strongest: int = STRONGEST) -> Subject:
    """Return the recommendation of the store's current run that draws best.

    Raises:
        UnknownIdError: no recommendation of a current run has reasons.
    """
    with open_store(store_uri, read_only=True) as store:
        query = queries.load("browser/pick", store.engine)
        rows = store.query(query.text, {"strongest": strongest})
    if rows.empty:
        raise UnknownIdError("the store has no current run with reasons", where=store_uri, remedy="Write one first")
    return Subject(str(rows["user"][0]), str(rows["item"][0]), strongest)


def find_chromium() -> str | None:
    """Return the Chromium of this machine, None where there is none but, perhaps, Playwright's own."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


@contextmanager
def opened_browser(browser_url: str, bolt_url: str, scale: float = 1.0) -> Iterator[Page]:
    """Open the Browser at ``browser_url`` in headless Chromium, and log in to ``bolt_url``.

    Raises:
        MissingExtraError: Playwright is not installed.
        StoreError: there is no Chromium, or the Browser does not let us in.
    """
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError as error:
        raise MissingExtraError("playwright", extra="browser", purpose="Photographing Neo4j Browser") from error
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=find_chromium(), args=list(_QUIET))
        except Error as error:
            raise StoreError("Chromium does not start", remedy="On Debian: apt install chromium") from error
        page = chromium.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}, device_scale_factor=scale)
        try:
            page.goto(f"{browser_url.rstrip('/')}/browser/?dbms={bolt_url}")
            page.get_by_test_id("username").fill(os.environ.get("NEO4J_USERNAME", "neo4j"))
            page.get_by_test_id("password").fill(os.environ.get("NEO4J_PASSWORD", ""))
            page.get_by_test_id("connect").click()
            page.wait_for_selector("text=You are connected as user")
            yield page
        except Error as error:
            message = str(error).splitlines()[0]
            raise StoreError(f"Neo4j Browser failed: {message}", where=browser_url) from error
        finally:
            chromium.close()


def drop(page: Page, name: str, content: bytes) -> None:
    """Drop a file into the Browser."""
    page.evaluate(_DROP, [name, base64.b64encode(content).decode()])
    page.wait_for_timeout(500)


def drop_in(page: Page, verb: str = "") -> None:
    """Drop in the style, with the verb of the data set, and the favourites."""
    drop(page, "graphrec.grass", style(verb).encode())
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "graphrec.zip"
        write_favourites(bundle)
        drop(page, bundle.name, bundle.read_bytes())


def enter(page: Page, command: str) -> None:
    """Type a command or a query into the Browser's editor and run it."""
    page.locator(_EDITOR).click()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(command)
    page.wait_for_timeout(300)
    page.keyboard.press("Control+Enter")
    page.wait_for_timeout(1000)


def draw(page: Page, subject: Subject, query: str = QUERY) -> None:
    """Run a why-query that draws, enlarge its frame, and lay the graph out from left to right."""
    values = {"user": subject.user, "item": subject.item, "run": "", "strongest": subject.strongest}
    enter(page, ":clear")
    enter(page, f":params {json.dumps(values)}")
    enter(page, queries.load(query, "neo4j").source)
    page.wait_for_selector("[data-testid=frame] g.node")
    page.locator("[data-testid=frame] [title=Fullscreen]").first.click()
    page.wait_for_timeout(4000)
    drawn = page.evaluate(_DRAWN)
    places = arrange([DrawnNode(n["id"], n["label"]) for n in drawn["nodes"]], [tuple(k) for k in drawn["links"]])
    for identity, (x, y) in places.items():
        _drag(page, identity, _LEFT + x * _WIDTH, _TOP + y * _HEIGHT)
    page.mouse.click(*_BLANK)
    page.wait_for_timeout(1500)


def _drag(page: Page, identity: str, x: float, y: float) -> None:
    node = next(n for n in page.evaluate(_DRAWN)["nodes"] if n["id"] == identity)
    page.mouse.move(node["x"], node["y"] + node["size"] * 0.35)
    page.mouse.down()
    page.mouse.move(x, y + node["size"] * 0.35, steps=4)
    page.mouse.up()
    page.wait_for_timeout(60)


def photograph(
    store_uri: str, browser_url: str, out: Path, subject: Subject | None = None, query: str = QUERY
) -> Subject:
    """Write a picture of a why-graph to ``out``; return its subject.

    Args:
        store_uri: a Neo4j server with a current run.
        browser_url: of the same server.
        out: the picture, PNG.
        subject: what is explained; None for what draws best.
        query: a query of the library that draws: ``why/path_…``.

    Raises:
        UsageError: the store is not a Neo4j server.
        UnknownIdError: it has no current run with reasons.
        StoreError: the Browser does not open.
    """
    if "://" not in store_uri:
        raise UsageError("only a Neo4j server ships a Browser", where=store_uri, remedy="Give its bolt:// address")
    chosen = subject or pick(store_uri)
    with open_store(store_uri, read_only=True) as store:
        verb = Verbs.of(store.datasets()).of_user(chosen.user)
    with opened_browser(browser_url, store_uri, scale=1.25) as page:
        drop_in(page, verb)
        draw(page, chosen, query)
        out.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(out))
    return chosen


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and take the picture."""
    parser = argparse.ArgumentParser(prog="python -m graphrec.browser.photograph", description="Photograph a why-graph")
    parser.add_argument("--store", required=True, help="bolt://HOST:PORT of a server with a current run")
    parser.add_argument("--browser", required=True, help="http://HOST:PORT of the same server")
    parser.add_argument("--out", type=Path, default=Path("docs/images/why-browser.png"))
    parser.add_argument("--user", help="with --item: what to show, instead of what draws best")
    parser.add_argument("--item")
    drawing = [name for name in queries.names() if name.startswith("why/path_")]
    parser.add_argument("--query", default=QUERY, choices=drawing, help="what is drawn")
    parser.add_argument("--strongest", type=int, default=STRONGEST, help="how many reasons")
    options: Any = parser.parse_args(arguments)
    if bool(options.user) != bool(options.item):
        parser.error("--user and --item go together")
    subject = (
        Subject(options.user, options.item, options.strongest)
        if options.user
        else pick(options.store, options.strongest)
    )
    photograph(options.store, options.browser, options.out, subject, options.query)
    sys.stdout.write(f"{options.out}: item {subject.item} for user {subject.user}\n")


if __name__ == "__main__":
    try:
        main()
    except GraphrecError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(error.exit_code) from None
