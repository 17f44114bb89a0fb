"""Run the Python blocks of a page in ``docs/`` one after the other, as a reader would."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

DOCS = Path(__file__).resolve().parents[1] / "docs"


def blocks(page: str, language: str = "python") -> list[str]:
    """Return the code blocks of a page in one language."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def run_blocks(page: str, **given: Any) -> dict[str, Any]:
    """Run the Python blocks of a page in one namespace that starts with ``given``; return it."""
    namespace = dict(given)
    for number, block in enumerate(blocks(page), 1):
        exec(compile(block, f"{page}, block {number}", "exec"), namespace)
    return namespace
