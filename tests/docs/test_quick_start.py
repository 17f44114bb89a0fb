"""docs/quick-start.ipynb runs from top to bottom, and shows what it says that it shows."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.documentation import DOCS

if TYPE_CHECKING:
    from pathlib import Path


def words(cell: dict[str, Any]) -> list[str]:
    """Return the outputs of a cell as text, numbers and digests as #."""
    texts = []
    for output in cell["outputs"]:
        plain = output["text"] if output["output_type"] == "stream" else output["data"]["text/plain"]
        without_digests = re.sub(r"\b[0-9a-f]{10,16}\b", "#", "".join(plain))
        texts.append(re.sub(r"-?\d+(\.\d+)?(e-?\d+)?", "#", without_digests))
    return [re.sub(r"\s+", " ", text) for text in texts]


def test_the_notebook_gives_the_outputs_that_it_shows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbformat = pytest.importorskip("nbformat", reason="the extra 'dev' is not installed")
    nbclient = pytest.importorskip("nbclient", reason="the extra 'dev' is not installed")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    source = DOCS / "quick-start.ipynb"
    shown = [cell for cell in json.loads(source.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]
    notebook = nbformat.read(source, as_version=4)
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    again = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [words(cell) for cell in again] == [words(cell) for cell in shown]
    pictures = [output["data"].get("text/html", "") for cell in again for output in cell["outputs"] if "data" in output]
    assert sum("<img" in html and "script" not in html for html in pictures) == 3
