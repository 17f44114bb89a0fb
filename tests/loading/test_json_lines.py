from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrec.errors import InputError
from graphrec.loading import json_lines
from graphrec.loading.columns import Column
from graphrec.loading.contract import LoaderReport
from graphrec.loading.json_lines import read_json_lines

if TYPE_CHECKING:
    from pathlib import Path

COLUMNS = [
    Column("user", "id", required=True),
    Column("stars", "number", required=True, minimum=0),
    Column("time", "integer"),
    Column("word"),
]


def read(path: Path, lines: list[str], **options: Any) -> tuple[dict[str, list[Any]], LoaderReport]:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    report = LoaderReport()
    return read_json_lines(path, COLUMNS, report, **options).to_pydict(), report


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "rows.jsonl"


def test_clean_lines(path: Path) -> None:
    table, report = read(
        path, ['{"user": "u", "stars": 4.5, "time": 7, "more": [1]}', '{"user": "v", "stars": 3, "word": "w"}']
    )
    assert table == {"user": ["u", "v"], "stars": [4.5, 3.0], "time": [7, None], "word": ["", "w"]}
    assert report.remarks == ["rows.jsonl: columns dropped: more"]


def test_bad_lines_are_counted_with_their_numbers(path: Path) -> None:
    lines = [
        '{"user": "u", "stars": 4}',
        '{"user": "u", "stars": 4',  # 2: cut
        '{"stars": 4}',  # 3
        "",  # 4
        '{"user": "u", "stars": NaN}',  # 5
        '{"user": "u", "stars": "many"}',  # 6
        '{"user": "u", "stars": -1}',  # 7
        "[1, 2]",  # 8
        '{"user": "v", "stars": "2.5", "time": 1.0}',  # 9: text and a whole float are accepted
        '{"user": "u", "stars": 1, "time": 1.5}',  # 10
    ]
    table, report = read(path, lines)
    assert table == {"user": ["u", "v", "u"], "stars": [4.0, 2.5, 1.0], "time": [None, 1, None], "word": [""] * 3}
    assert report.files[0].unread == {"time is not a whole number": 1}
    assert report.files[0].examples == {
        "not a JSON object": [2, 8],
        "user is empty": [3],
        "stars is not a finite number": [5],
        "stars is not a number": [6],
        "stars is negative": [7],
        "time is not a whole number": [10],
    }
    assert (report.files[0].read, report.files[0].kept) == (9, 3)


@pytest.mark.parametrize("spoil", [[], ["{broken"]], ids=["fast", "careful"])
def test_nested_lists_come_out_flat(path: Path, spoil: list[str]) -> None:
    lines = [
        '{"user": "u", "stars": 1, "related": {"also": ["a", "b"]}, "kinds": [["x", "y"], ["z"]]}',
        '{"user": "v", "stars": 1}',
        '{"user": "w", "stars": 1, "related": {"also": []}, "kinds": [[], ["x"]]}',
    ]
    table, _ = read(path, lines + spoil, lists={"related.also": 1, "kinds": 2})
    assert [value or [] for value in table["related.also"]] == [["a", "b"], [], []]
    assert [value or [] for value in table["kinds"]] == [["x", "y", "z"], [], ["x"]]


def test_numbers_as_ids_are_read_in_one_pass(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_lines, "read_line_by_line", None)
    table, _ = read(path, ['{"user": 7, "stars": 1}', '{"user": 12345678901234567, "stars": 2}'])
    assert table["user"] == ["7", "12345678901234567"]


def test_python_notation_is_read(path: Path) -> None:
    table, report = read(path, ["{'user': \"it's\", 'stars': 2, 'time': None}"])
    assert (table["user"], table["stars"]) == (["it's"], [2.0])
    assert report.files[0].skipped == {}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'[{"user": "u"}]', "this is one JSON list"),
        (b"", "the file is empty"),
        (b'{"name": "u", "stars": 1}\n', "no line has the field 'user'.*Fields found: name, stars"),
        (b"user,stars\nu,1\n", "no line of the file could be read"),
        (b'{"user": "u", "stars": 1}\n{"user": "caf\xe9", "stars": 1}\n', "this is not UTF-8 text.*line 2"),
    ],
)
def test_unusable_files_are_refused(path: Path, content: bytes, message: str) -> None:
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_json_lines(path, COLUMNS, LoaderReport())


def test_a_line_nested_too_deeply_is_counted(path: Path) -> None:
    deep = '{"user": ' + "[" * 100_000 + "]" * 100_000 + "}"
    rows, report = read(path, [deep, '{"user": "u", "stars": 1}'])
    assert rows["user"] == ["u"]
    assert (report.files[0].skipped, report.files[0].examples) == (
        {"not a JSON object": 1},
        {"not a JSON object": [1]},
    )


def test_a_gzip_that_ends_early_is_refused(path: Path) -> None:
    rows = "".join(json.dumps({"user": f"u{n * 7919 % 10007}", "stars": n % 5}) + "\n" for n in range(50_000))
    path.write_bytes(gzip.compress(rows.encode())[:-2000])
    with pytest.raises(InputError, match="the gzip file ends early"):
        read_json_lines(path, COLUMNS, LoaderReport())


@settings(max_examples=50, deadline=None)
@given(
    ids=st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1), min_size=1, max_size=8),
    spoil=st.booleans(),
)
def test_any_id_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, ids: list[str], spoil: bool) -> None:
    lines = [json.dumps({"user": text, "stars": 1}) for text in ids]
    table, _ = read(tmp_path_factory.mktemp("json") / "r.jsonl", lines + ["{"] * spoil)
    assert table["user"] == ids
