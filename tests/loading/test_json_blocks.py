"""Files of JSON lines come in blocks, which nothing in the result or the account shows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from graphrec.loading import json_lines, json_rows
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.json_lines import read_json_lines

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = [Column("user", "id", required=True), Column("stars", "number", required=True), Column("text")]
ROWS = [
    {"user": user, "stars": stars, "text": "x" * stars, "tags": [["a"], [str(stars)]]}
    for stars, user in enumerate("ababcab")
]


def _read(path: Path, lines: list[str]) -> tuple[dict[str, list[object]], LoaderReport]:
    path.write_text("\n".join(lines) + "\n")
    report = LoaderReport()
    return read_json_lines(path, COLUMNS, report, lists={"tags": 2}).to_pydict(), report


def test_blocks_of_a_file_without_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A dictionary of its own in each block, which become one."""
    monkeypatch.setattr(json_lines, "_BLOCK", 128)
    monkeypatch.setattr(json_lines, "read_line_by_line", None)
    table, report = _read(tmp_path / "f.json", list(map(json.dumps, ROWS)))
    assert table == {
        "user": list("ababcab"),
        "stars": [float(stars) for stars in range(7)],
        "text": ["x" * stars for stars in range(7)],
        "tags": [["a", str(stars)] for stars in range(7)],
    }
    assert (report.files[0].read, report.files[0].kept) == (7, 7)


@pytest.mark.parametrize("at_once", [1, 2, 3, 100])
def test_blocks_of_a_file_with_faults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    monkeypatch.setattr(json_rows, "_AT_ONCE", at_once)
    spoiled = [
        json.dumps(ROWS[0]), "broken", json.dumps({**ROWS[1], "stars": "many"}),
        json.dumps({**ROWS[2], "text": {"a": 1}}),
        json.dumps({**ROWS[3], "user": "\ud800"}), json.dumps({**ROWS[4], "text": "\ud800"}), '{"user": "z"}',
        json.dumps({**ROWS[5], "tags": ["\ud800", {}]}), json.dumps(ROWS[6]),
    ]  # fmt: skip
    table, report = _read(tmp_path / "f.json", spoiled)
    assert table == {
        "user": list("aacab"),
        "stars": [0.0, 2.0, 4.0, 5.0, 6.0],
        "text": ["", "", "\ufffd", "x" * 5, "x" * 6],
        "tags": [["a", "0"], ["a", "2"], ["a", "4"], ["\ufffd", ""], ["a", "6"]],
    }
    account = report.files[0]
    assert (account.read, account.kept) == (9, 5)
    assert account.examples == {
        "not a JSON object": [2],
        "user holds half of a surrogate pair": [5],
        "stars is not a number": [3],
        "stars is empty": [7],
        "text is a list or an object, not one value": [4],
        "tags holds an object, a deeper list or an infinite number, which are no texts": [8],
        "text holds half of a surrogate pair": [6],
        "tags holds half of a surrogate pair": [8],
    }
