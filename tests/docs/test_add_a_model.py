"""docs/add-a-model.md works as written: its model passes the battery that its own test inherits."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "add-a-model.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```python (\S+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
REGISTERED = re.search(r'^    "(?P<name>[\w-]+)": "graphrec\.models\.(?P<place>\w+:\w+)",$', PAGE, re.MULTILINE)
ADD_THE_LINE = """
from graphrec.models.registry import MODELS
MODELS[{name!r}] = {place!r}
"""


def test_the_page_s_model_passes_the_battery(tmp_path: Path) -> None:
    assert list(FILES) == ["item_similarity.py", "test_item_similarity.py"]
    assert REGISTERED is not None
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "conftest.py").write_text(ADD_THE_LINE.format(**REGISTERED.groupdict()), encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), str(ROOT)])
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed.group(1)) >= 18
