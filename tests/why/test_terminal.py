"""Reasons and paths as a terminal shows them."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from graphrec.why import Node
from graphrec.why.terminal import paths_tree, reasons_text
from tests.why.answers import ALIEN, EVERY_GROUND, reason, why


def drawn(renderable: object) -> list[str]:
    console = Console(width=300, record=True, highlight=False, file=StringIO())
    console.print(renderable)
    return [line.rstrip() for line in console.export_text().splitlines()]


def test_the_tree_shows_what_hangs_on_what() -> None:
    lines = drawn(paths_tree(EVERY_GROUND))
    assert lines[0] == "Ada"
    assert lines[1].startswith("├── took Alien")
    assert lines[1].endswith("━━━━━━━━━━━━ 32 %")
    assert lines[2].startswith("│   ├── has genre Sci-Fi")
    assert any(line.startswith("├── resembles 2 people with a similar history") for line in lines)
    assert any("took Casablanca" in line and line.endswith("against: 4 %") for line in lines)


def test_a_list_tells_only_as_many_reasons_as_asked() -> None:
    lines = drawn(reasons_text(EVERY_GROUND, 2))
    assert [line.startswith("  • ") for line in lines[:4]] == [False, True, True, False]


def test_names_cannot_move_the_cursor_style_the_text_or_flood_the_screen() -> None:
    evil = Node("Item", "x", "\x1b[2J[bold red]boo[/]\u202e" + "A" * 1_000_000)
    shown = "\n".join(
        drawn(reasons_text(why(reason(evil, 0.3, anchor=evil)))) + drawn(paths_tree(why(reason(evil, 0.3))))
    )
    assert not {"\x1b", "\u202e"} & set(shown)
    assert "[bold red]boo[/]" in shown
    assert len(shown) < 2000
    assert ALIEN.name not in shown
