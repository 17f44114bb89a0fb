"""Reasons and paths as a terminal shows them."""

from __future__ import annotations

from io import StringIO
from typing import Any

from rich.console import Console

from graphrec.answers import Node
from graphrec.answers.strands import strands
from graphrec.answers.terminal import paths_tree, reasons_text
from tests.answers.answers import ALIEN, EVERY_GROUND, GROUPS, THROUGH_FACTORS, reason, why


def drawn(renderable: object) -> list[str]:
    console = Console(width=300, record=True, highlight=False, file=StringIO())
    console.print(renderable)
    return [line.rstrip() for line in console.export_text().splitlines()]


def test_the_tree_shows_what_hangs_on_what() -> None:
    lines = drawn(paths_tree(EVERY_GROUND))
    assert lines[0] == "Ada"
    assert lines[1].startswith("├── watched Alien")
    assert lines[1].endswith("━━━━━━━━━━━━ 32 %")
    assert lines[2].startswith("│   ├── has genre Sci-Fi")
    assert any(line.startswith("├── resembles 2 people with a similar history") for line in lines)
    assert any("watched Casablanca" in line and line.endswith("against: 4 %") for line in lines)


def test_a_list_tells_only_as_many_reasons_as_asked() -> None:
    lines = drawn(reasons_text(EVERY_GROUND, 2))
    assert [line.startswith("  • ") for line in lines[:4]] == [False, True, True, True]
    assert lines[3:-1] == ["  • and 8 more, 1 of them against, with 31 % of the evidence"]
    assert drawn(reasons_text(EVERY_GROUND, 9)) == drawn(reasons_text(EVERY_GROUND))


def test_what_a_set_does_is_told_also_where_members_are_counted() -> None:
    taken = [Node("Item", str(number), f"Film {number}") for number in range(7)]
    said: dict[str, Any] = {"set": 1, "contrast": "emma", "joint_effect": 0.25, "flips": True}
    lines = drawn(reasons_text(why(*(reason(one, 1 / 7, anchor=one, **said) for one in taken)), 3))
    assert lines[4:-1] == [
        "  • and 4 more, with 57 % of the set",
        (
            "  Without these 7 reasons together it would not be among the best: the score falls by 0.25, and the item "
            "emma comes to stand above it."
        ),
    ]


def test_one_branch_has_one_bar_whatever_it_came_through() -> None:
    lines = drawn(paths_tree(THROUGH_FACTORS))
    assert [line.replace("━", "").split() for line in lines[1:]] == [
        ["├──", "watched", "Alien", "16", "%"],
        ["│", "└──", "has", "Ridley", "Scott", "25", "%"],
        ["└──", "belongs", "to", "space", "5", "%"],
    ]
    assert [line.count("━") for line in lines[1:]] == [8, 12, 2]


def test_names_cannot_move_the_cursor_style_the_text_or_flood_the_screen() -> None:
    evil = Node("Item", "x", "\x1b[2J[bold red]boo[/]\u202e" + "A" * 1_000_000)
    shown = "\n".join(
        drawn(reasons_text(why(reason(evil, 0.3, anchor=evil)))) + drawn(paths_tree(why(reason(evil, 0.3))))
    )
    assert not {"\x1b", "\u202e"} & set(shown)
    assert "[bold red]boo[/]" in shown
    assert len(shown) < 2000
    assert ALIEN.name not in shown


def test_groups_have_a_bar_each_and_their_members_none() -> None:
    lines = drawn(paths_tree(GROUPS))
    assert [line.replace("━", "").split() for line in lines[1:]] == [
        ["├──", "genre", "Horror", "40", "%"],
        ["└──", "genre", "Drama", "50", "%"],
    ]
    assert [(strand.name, strand.share) for strand in strands(GROUPS)] == [
        ("genre Drama (2 items)", 0.5),
        ("genre Horror (2 items)", 0.4),
    ]
