"""The page, opened in a real browser: what is drawn, what is escaped, and that nothing is fetched."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from graphrec.answers import Node, fetch_list
from graphrec.answers.html import page, write_page
from graphrec.answers.strands import MOST
from graphrec.errors import InputError
from tests.answers.answers import ALIEN, EVERY_GROUND, THROUGH_FACTORS, reason, why
from tests.answers.chromium import chromium

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from graphrec.answers import Why
    from graphrec.store.store import Store

    Opened = Callable[[Sequence[Why]], Any]

EVIL = "<script>document.title='hacked'</script><img src=x onerror=\"document.title='hacked'\">'\"&\x1b]0;\x00"

OVERLAPS = """() => {
  const clashes = [];
  for (const svg of document.querySelectorAll('svg')) {
    const boxes = [...svg.querySelectorAll('text')].map(t => [t.textContent, t.getBoundingClientRect()]);
    for (let i = 0; i < boxes.length; i++) for (let j = i + 1; j < boxes.length; j++) {
      const [a, b] = [boxes[i][1], boxes[j][1]];
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        clashes.push(boxes[i][0] + ' / ' + boxes[j][0]);
    }
  }
  return clashes;
}"""
SPILLS = """() => [...document.querySelectorAll('g.node')].filter(g => {
  const box = g.querySelector('rect').getBoundingClientRect(), text = g.querySelector('text').getBoundingClientRect();
  return text.left < box.left || text.right > box.right || text.top < box.top || text.bottom > box.bottom;
}).map(g => g.textContent)"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A real Chromium."""
    with chromium() as launched:
        yield launched


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Opened]:
    """Write a page and open it; afterwards, make sure that it said nothing on the console and fetched nothing."""
    said: list[str] = []
    fetched: list[str] = []
    tab = browser.new_page(viewport={"width": 1100, "height": 900})
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("request", lambda request: fetched.append(request.url))
    file = tmp_path / "pages" / "why.html"

    def open_page(answers: Sequence[Why]) -> Any:
        write_page(answers, file)
        tab.goto(file.as_uri())
        return tab

    yield open_page
    tab.close()
    assert said == []
    assert fetched == [file.as_uri()]


def test_sankey_paths_and_table_show_every_reason(opened: Opened) -> None:
    tab = opened([EVERY_GROUND])
    assert tab.title() == "Why Dune?"
    assert tab.locator("h1").inner_text() == "Why Dune for Ada?"
    strands = tab.locator(".sankey g.strand")
    assert strands.count() == 9
    assert strands.first.locator("text.name").text_content() == "Alien"
    assert strands.first.locator("text.share").text_content() == "32 %"
    assert tab.locator(".sankey g.strand.against text.name").all_text_contents() == ["Casablanca"]
    heights = [float(bar.get_attribute("height")) for bar in tab.locator(".sankey g.strand rect").all()]
    assert heights[0] / heights[1] == pytest.approx(0.32 / 0.2, abs=0.01)
    nodes = tab.locator(".paths g.node text").all_text_contents()
    assert {"Ada", "Dune", "Alien", "Casablanca", "genre Sci-Fi", "age 25-34"} <= {" ".join(n.split()) for n in nodes}
    assert tab.locator("tbody tr").count() == 9
    assert tab.locator("tbody tr").first.locator("td").all_inner_texts()[2:] == ["3.2", "+1.6"]


def test_evidence_through_two_factors_is_one_row_and_one_strand_and_names_them(opened: Opened) -> None:
    tab = opened([THROUGH_FACTORS])
    assert tab.locator("tbody tr").first.locator("td").all_inner_texts() == [
        "Ridley Scott, as in “Alien”, which they watched\n15 % through “space” and 10 % through “dark”",
        "25 %",
        "2.5",
        "+0.5",
    ]
    assert tab.locator("tbody tr").count() == 3
    assert tab.locator(".sankey g.strand text.share").all_text_contents() == ["25 %", "16 %", "5 %"]


def test_nothing_overlaps_and_labels_stay_in_their_boxes(opened: Opened) -> None:
    long = Node("Item", "long", "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb (1964)")
    wide = Node("Item", "wide", "千と千尋の神隠し もののけ姫 風の谷のナウシカ 天空の城ラピュタ")
    whole = why(
        *EVERY_GROUND.reasons,
        reason(long, 0.05, 10, anchor=long),
        reason(wide, 0.03, 11, anchor=wide),
        reason(Node("Attribute", "item.genre=War", "War"), 0.02, 12, ground="item_attribute", anchor=long),
        user="A user with quite a long name, as some have",
        item=long.name,
    )
    tab = opened([whole])
    assert tab.evaluate(OVERLAPS) == []
    assert tab.evaluate(SPILLS) == []


def test_a_list_shows_the_first_open_and_the_others_on_demand(opened: Opened) -> None:
    tab = opened([EVERY_GROUND, why(item="Emma")])
    shown = tab.locator("details")
    assert shown.count() == 2
    assert [one.evaluate("d => d.open") for one in shown.all()] == [True, False]
    shown.nth(1).locator("summary").click()
    assert "No reason is stored" in shown.nth(1).inner_text()


def test_markup_in_names_and_ids_stays_text(opened: Opened) -> None:
    evil = Node("Item", EVIL, EVIL)
    attribute = Node("Attribute", f"item.{EVIL}={EVIL}", EVIL)
    tab = opened(
        [why(reason(evil, 0.3, anchor=evil), reason(attribute, 0.2, 2, ground="item_attribute", anchor=evil),
             user=EVIL, item=EVIL)]
    )  # fmt: skip
    assert tab.title().startswith("Why <script>")
    assert tab.locator("script").count() + tab.locator("img").count() == 0
    assert "<script>document.title='hacked'</script>" in tab.locator("h1").inner_text()


def test_people_are_a_count_and_a_title_of_a_million_characters_is_cut() -> None:
    long = Node("Item", "long", "A" * 1_000_000)
    text = page([why(*EVERY_GROUND.reasons, reason(long, 0.1, anchor=long), item=long.name)])
    assert "Secret" not in text
    assert "2 people with a similar history" in text
    assert len(text) < 100_000


def test_a_folder_is_no_place_for_a_page(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="this is a folder, not a file"):
        write_page([why(reason(ALIEN, 0.5))], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_only_the_strongest_are_drawn_and_the_page_says_so(opened: Opened) -> None:
    many = [reason(Node("Item", str(n), f"Item {n}"), 0.05 - n / 1000, n, anchor=Node("Item", str(n), f"Item {n}"))
            for n in range(1, MOST + 7)]  # fmt: skip
    tab = opened([why(*many)])
    assert tab.locator("g.strand").count() == MOST
    assert tab.locator("tbody tr").count() == MOST + 6
    assert f"The {MOST} strongest are drawn." in tab.locator("figcaption").first.inner_text()
    assert tab.evaluate(OVERLAPS) == []
    twice = (many[0], *(replace(one, rank=-one.rank) for one in many[:MOST]))
    assert "strongest are drawn" not in page([why(*twice)])


def test_a_page_from_a_real_store(store: Store, opened: Opened) -> None:
    tab = opened(fetch_list(store, "ada"))
    assert tab.locator("summary").all_inner_texts()[0].split() == ["1", "Dune", "score", "2"]
    assert tab.locator("g.strand").count() == 8
    assert tab.locator("dl").inner_text().split()[:2] == ["run", "new"]
    assert ALIEN.name in tab.locator("g.strand").first.text_content()
