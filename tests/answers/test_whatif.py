"""A what-if in words, as JSON, in a notebook and as a page, and hostile names in each."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest

from graphrec.answers.answer import Node
from graphrec.answers.changed_list import Removed, Standing
from graphrec.answers.whatif import WhatIf
from graphrec.answers.whatif_page import whatif_page, write_whatif_page
from graphrec.errors import InputError
from tests.answers.chromium import chromium

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "<script>alert(1)</script>\x1b[2J\u202e & \"quotes\" 'too'"


def film(name: str, number: int = 0) -> Node:
    return Node("Item", f"i{number}", name)


def made(name: str = "Heat", **changed: Any) -> WhatIf:
    """Return a what-if of two removed horror films and an added one; lists of two."""
    horror = Node("Attribute", "item.genre=Horror", "Horror")
    fields: dict[str, Any] = {
        "user": Node("User", "ada", "Ada"),
        "model": "reconet",
        "k": 2,
        "attributes": "go",
        "recommend_removed": False,
        "removed": (
            Removed("attribute:genre=Horror", "item_attribute", horror, (film("Alien", 8), film("Saw", 9)), 1),
        ),
        "added": (film("Dune", 7),),
        "inputs_before": 12,
        "inputs_after": 9,
        "items": (
            Standing(film(name, 1), 5, 1, 0.25, 1.5),
            Standing(film("Brazil", 2), 1, 2, 2.0, -0.5),
            Standing(film("Cube", 3), 2, 4, 1.0, -1.0),
        ),
        "verb": "watched",
    }
    return WhatIf(**{**fields, **changed})


def test_it_prints_both_lists() -> None:
    assert str(made()).splitlines() == [
        "Ada without 2 items of genre Horror, with “Dune”",
        "  The model uses 9 inputs of the user; before the change 12.",
        "  What only these items carry is gone too.",
        "  What was taken stays taken: it is not recommended again.",
        "  Of the 2 items of genre Horror, the model does not use 1: they are no positive interactions.",
        "",
        "   item    score  score before",
        "1  Heat      1.5          0.25  new, was 5",
        "2  Brazil   −0.5             2  down from 1",
        "   Cube       −1             1  left, now 4",
        "",
        "1 of 2 items is new, 1 left, 1 moved.",
    ]


def removed(kind: str, node: Node, items: int = 3, inputs: int = 3) -> Removed:
    return Removed("as written", kind, node, tuple(film(f"f{n}", n) for n in range(items)), inputs)


@pytest.mark.parametrize(
    ("one", "title"),
    [
        (removed("item", film("Alien"), 1, 1), "Ada without “Alien”"),
        (removed("item_attribute", Node("Attribute", "item.genre=Drama", "Drama"), 1, 1), "1 item of genre Drama"),
        (removed("entity", Node("Entity", "e", "Ridley Scott")), "3 items linked to “Ridley Scott”"),
        (removed("factor", Node("Factor", "f", "jazz")), "3 items of the group “jazz”"),
        (removed("user_attribute", Node("Attribute", "user.gender=F", "F"), 0, 1), "without gender F of the user"),
    ],
)
def test_each_kind_of_selection_is_told(one: Removed, title: str) -> None:
    answer = made(removed=(one,), added=())
    assert str(answer).splitlines()[0].endswith(title)
    assert "does not use" not in str(answer)


def test_what_stays_and_what_may_come_back_is_said() -> None:
    words = str(made(attributes="stay", recommend_removed=True))
    assert "The attributes and entities of these items stay." in words
    assert "stays taken" not in words
    added = str(made(removed=()))
    assert "Ada with “Dune”" in added
    assert "carry" not in added


def test_no_change_and_no_list_are_said() -> None:
    same = (Standing(film("Heat", 1), 1, 1, 1.0, 0.5),)
    assert str(made(items=same)).endswith("The list stays the same, and so does the order.")
    empty = str(made(items=(Standing(film("Heat", 1), 1, None, 1.0, None),), inputs_after=0))
    assert "Nothing is left that the model could recommend from." in empty
    assert re.search(r"Heat +– +1 +left$", empty, re.MULTILINE)
    assert empty.endswith("The list is empty.")
    assert "new, was taken" in str(made(items=(Standing(film("Saw", 9), None, 1, 1.0, 1.0),)))
    assert "left, now taken" in str(made(items=(Standing(film("Saw", 9), 1, None, 1.0, 1.0),)))
    assert re.search(r"Saw +1 +– +new$", str(made(items=(Standing(film("Saw", 9), None, 1, None, 1.0),))), re.MULTILINE)


def test_json_has_this_shape() -> None:
    answer = made().to_dict()
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    heat = {
        "item": {"id": "i1", "name": "Heat"},
        "rank_before": 5,
        "rank_after": 1,
        "score_before": 0.25,
        "score_after": 1.5,
    }
    assert answer["entered"] == [heat]
    names = {part: [row["item"]["name"] for row in answer.pop(part)] for part in ("before", "after", "left", "moved")}
    assert names == {"before": ["Brazil", "Cube"], "after": ["Heat", "Brazil"], "left": ["Cube"], "moved": ["Brazil"]}
    del answer["entered"]
    assert answer == {
        "user": {"id": "ada", "name": "Ada"},
        "model": "reconet",
        "k": 2,
        "verb": "watched",
        "attributes": "go",
        "recommend_removed": False,
        "without": [
            {
                "selection": "attribute:genre=Horror",
                "kind": "item_attribute",
                "id": "item.genre=Horror",
                "name": "Horror",
                "items": [{"id": "i8", "name": "Alien"}, {"id": "i9", "name": "Saw"}],
                "inputs": 1,
            }
        ],
        "with": [{"id": "i7", "name": "Dune"}],
        "inputs": {"before": 12, "after": 9},
        "uncounted": "",
    }


class Reader(HTMLParser):
    """Collects the tags of a page, and refuses one that closes another than the last opened."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") or name in ("src", "action") for name, _ in attrs), (tag, attrs)
        if tag not in ("meta", "link"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag


def test_the_page_stands_alone_and_escapes_every_name() -> None:
    horror = Node("Attribute", f"item.genre={HOSTILE}", HOSTILE)
    answer = made(
        HOSTILE,
        user=Node("User", HOSTILE, HOSTILE),
        added=(film(HOSTILE, 7),),
        removed=(Removed(HOSTILE, "item_attribute", horror, (film(HOSTILE, 8),), 0),),
    )
    page = whatif_page(answer)
    reader = Reader()
    reader.feed(page)
    assert "script" not in reader.tags
    assert "default-src 'none'" in page
    assert not re.search(r"(https?:)?//(?!www\.w3\.org/2000/svg)", page)
    assert page.count("&lt;script&gt;") > 5
    for text in (page, str(answer), answer._repr_html_()):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "<script" not in answer._repr_html_()
    assert "style" not in set(re.findall(r"<(\w+)", answer._repr_html_()))


def test_the_page_shows_both_lists_and_what_was_taken_away() -> None:
    page = whatif_page(made())
    assert "<h1>What if: Ada without 2 items of genre Horror, with “Dune”</h1>" in page
    assert "<li>Alien</li><li>Saw</li>" in page
    assert re.search(r"<tr class='new'><td class=number>1</td><td>Heat</td>.*new, was 5", page)
    assert page.count('<path class="link"') == 1  # Brazil alone is in both lists
    assert re.search(r'class="against strong">.*?Cube', page)


def test_it_is_written_whole(tmp_path: Path) -> None:
    write_whatif_page(made(), tmp_path / "new" / "page.html")
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["page.html"]
    with pytest.raises(InputError, match="this is a folder"):
        write_whatif_page(made(), tmp_path / "new")


def test_a_browser_shows_it_without_a_complaint(tmp_path: Path) -> None:
    long = "A name without any space" + "x" * 400
    write_whatif_page(made(long, added=(film(long, 7),)), tmp_path / "page.html")
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 1040, "height": 900})
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if request.url[:4] == "http" else None)
        page.goto((tmp_path / "page.html").as_uri())
        assert complaints == []
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
        boxes = page.evaluate(
            "[...document.querySelectorAll('svg text')].map(t => [t.getBBox().x, t.getBBox().x + t.getBBox().width])"
        )
        assert boxes
        assert all(left >= 0 and right <= 960 for left, right in boxes)
