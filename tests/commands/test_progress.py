"""Bars are for people who look on."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from graphrec.commands.progress import bars

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def work() -> None:
    with bars() as progress:
        progress("auditing", 0, 0)
        for done in range(0, 41, 10):
            progress("recommending", done, 40)


def test_a_terminal_sees_what_is_done_and_how_far(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "100")
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    work()
    shown = screen.getvalue()
    assert "auditing" in shown
    assert "recommending" in shown
    assert "40/40" in shown


def test_a_file_and_a_pipe_see_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    work()
    assert capfd.readouterr() == ("", "")
