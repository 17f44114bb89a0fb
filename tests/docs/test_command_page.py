"""The page of the command lists exactly the commands, options and exit codes that there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import typer

from graphrec.commands.failing import EXIT_CODES
from graphrec.commands.main import app
from tests.documentation import DOCS

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (DOCS / "command.md").read_text(encoding="utf-8")


def commands(command: Any, name: str = "graphrec") -> Iterator[tuple[str, Any]]:
    """Yield every command with its full name."""
    for word, inner in getattr(command, "commands", {}).items():
        yield f"{name} {word}", inner
        yield from commands(inner, f"{name} {word}")


def sections() -> dict[str, str]:
    """Return the text of each command's section."""
    parts = re.split(r"^##+ (graphrec .*)$", PAGE, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


COMMANDS = dict(commands(typer.main.get_command(app)))


def test_every_command_has_a_section_and_no_other_has() -> None:
    assert set(sections()) == set(COMMANDS)


def test_every_section_names_exactly_the_options_of_its_command() -> None:
    for name, text in sections().items():
        options = {o for p in COMMANDS[name].params for o in p.opts if o.startswith("--")} - {"--help"}
        assert set(re.findall(r"`(--[a-z-]+)`", text)) == options, name


def test_exit_codes_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", PAGE, flags=re.MULTILINE)
    assert {int(code): meaning for code, meaning in rows} == EXIT_CODES


def test_every_command_has_help_with_an_example() -> None:
    for name, command in COMMANDS.items():
        assert command.help, name
        if not hasattr(command, "commands"):
            assert name in (command.epilog or ""), name
