"""docs/api.md works as written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.documentation import run_blocks

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_page_s_code_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its own assertions are the test, and the words that it prints."""
    monkeypatch.chdir(tmp_path)
    namespace = run_blocks("api.md")
    printed = capsys.readouterr().out
    assert "“Alien”, number 1 for 3" in printed
    assert "“Blade Runner”, which they watched" in printed
    assert "number 1 for newcomer" in printed
    similar = namespace["similar"]
    assert similar["item"].tolist() == ["10", "10", "20", "20"]
    assert (tmp_path / "fits" / "ease" / "model.json").is_file()
