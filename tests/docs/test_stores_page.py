"""docs/stores.md runs as written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "stores.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


def test_the_page_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own assertions are the test; they are made on a real embedded store."""
    monkeypatch.chdir(tmp_path)
    assert len(BLOCKS) == 9
    exec(compile("\n".join(BLOCKS), str(PAGE), "exec"), {"__name__": "stores_page"})
    assert (tmp_path / "films" / "tables" / "manifest.json").is_file()
