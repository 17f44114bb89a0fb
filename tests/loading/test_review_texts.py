"""Reviews of every format, and what is wrong with some of them."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrec.errors import InputError, UsageError
from graphrec.loading import review_texts
from graphrec.loading.contract import FileReport, LoaderReport
from graphrec.loading.review_texts import NO_TEXT, ReviewColumns, read_reviews, review_columns

if TYPE_CHECKING:
    from pathlib import Path

ROWS = [("u1", "1", 'good, "really"\nsound'), ("u2", "2", "bad"), ("u1", "2", "  "), ("u3", "1", "so so")]
KEPT = [ROWS[0], ROWS[1], ROWS[3]]


def read(path: Path, given: ReviewColumns | None = None) -> tuple[list[tuple[str, ...]], FileReport, int]:
    report = LoaderReport()
    tables = list(read_reviews(path, review_columns(path, given), report))
    rows = [row for table in tables for row in zip(*(c.to_pylist() for c in table.columns), strict=True)]
    return rows, report.files[0], len(tables)


@pytest.mark.parametrize("name", ["r.json", "r.jsonl.gz", "r.csv", "r.tsv", "r.parquet"])
def test_every_format_gives_the_same_reviews(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(review_texts, "REVIEWS_AT_ONCE", 2)
    path, names = tmp_path / name, ("reviewerID", "asin", "reviewText")
    lines = "\n".join(json.dumps(dict(zip(names, row, strict=True), overall=5)) for row in ROWS)
    if name.endswith(".parquet"):
        user, item, text = zip(*ROWS, strict=True)
        pq.write_table(
            pa.table({"asin": [int(i) for i in item], "reviewerID": user, "x": [0] * 4, "reviewText": text}), path
        )
    elif name.endswith(".gz"):
        path.write_bytes(gzip.compress(lines.encode()))
    elif name.endswith(".json"):
        path.write_text("\ufeff" + lines + "\n\n", encoding="utf-8")
    else:
        mark = "," if name.endswith(".csv") else "\t"
        quoted = [[user, item, '"' + text.replace('"', '""') + '"', "5"] for user, item, text in ROWS]
        path.write_text("\n".join(mark.join(row) for row in [[*names, "overall"], *quoted]) + "\n")
    rows, account, n_tables = read(path)
    assert rows == KEPT
    assert (account.read, account.kept, account.skipped, n_tables) == (4, 3, {NO_TEXT: 1}, 2)
    line = 3 if account.unit == "row" or "json" in name else 5  # after the header, and a text on two lines
    assert account.examples == {NO_TEXT: [line]}


def test_faults_of_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    values: list[Any] = [
        {"user": "u", "item": "a", "text": "good \ud800 sound"},
        {"user": 1.5, "item": "a", "text": "x"},
        {"user": "u", "item": None, "text": "x"},
        {"user": "u", "item": "a", "text": None},
        {"user": "u", "item": "a", "text": ["x"]},
        {"user": "half \ud800", "item": "a", "text": "x"},
        {"user": 7, "item": True, "text": "x"},
        [1],
        {"user": 7, "item": 8.0, "text": "x"},
    ]
    path.write_text("\n".join(map(json.dumps, values)) + "\nno json\n{'user': 'p', 'item': 'q', 'text': 'r'}\n")
    rows, account, _ = read(path)
    assert rows == [("u", "a", "good � sound"), ("7", "8", "x"), ("p", "q", "r")]
    no_id = "is no whole number, text, date or time, which ids are"
    assert account.skipped == {
        f"user {no_id}": 1, "item is empty": 1, NO_TEXT: 1, "text is a list or an object, not one value": 1,
        "user holds half of a surrogate pair": 1, f"item {no_id}": 1, "not a JSON object": 2,
    }  # fmt: skip
    assert account.mended == {"text holds half of a surrogate pair": 1}
    assert (account.read, account.kept) == (11, 3)


def test_unusable_files(tmp_path: Path) -> None:
    path = tmp_path / "r.json"
    for content, message in (
        (b"", "the file is empty"),
        (b'[{"user": 1}]', "one JSON list"),
        (b'{"who": 1}', "do not have the columns reviewerID, asin, reviewText or .* Columns found: who"),
        (b'{"user": 1, "item": 2, "text": ""}', "no review has a user, an item and a text .*a review without text: 1"),
        (b'{"user": 1, "item": 2, "text": "x"}\n\xff\n', "line 2"),
        (b'{"user": 1, "item": 2, "text": "x"}\n' + b"{'a': 'b'}\n\xff\xfe", "line 3"),
    ):
        path.write_bytes(content)
        with pytest.raises(InputError, match=message):
            read(path)
    (tmp_path / "r.csv").write_text('user,item,text\na,b,"never ends\n')
    with pytest.raises(InputError, match=r"cannot be split into rows.*line 2"):
        read(tmp_path / "r.csv")
    (tmp_path / "r.csv").write_bytes(b"user,item,text\na,b,good\n\nc,d\ne,f,\xff\n")
    with pytest.raises(InputError, match="line 5"):
        read(tmp_path / "r.csv")
    (tmp_path / "r.xml").write_text("<a/>")
    with pytest.raises(InputError, match=r"ending in '\.xml'"):
        read(tmp_path / "r.xml")
    with pytest.raises(InputError, match="no such file"):
        read(tmp_path / "absent.json")


def test_rows_of_another_shape_and_long_texts(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text(f'user,item,text\na,b,{"x" * (1 << 20)}\n\nc,d\n1,2,inch 3" mark\n')
    rows, account, _ = read(path)
    assert [row[:2] for row in rows] == [("a", "b"), ("1", "2")]
    assert (account.read, account.skipped) == (3, {"not as many columns as the header": 1})
    assert account.examples == {"not as many columns as the header": [4]}


def test_columns_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("who,what,words\na,b,good\n")
    given = ReviewColumns.read("user=who,item=what,text=words")
    assert read(tmp_path / "r.csv", given)[0] == [("a", "b", "good")]
    with pytest.raises(InputError, match="do not have the columns who, what, word "):
        read(tmp_path / "r.csv", ReviewColumns("who", "what", "word"))
    for wrong in ("user=a,item=b", "user=a,item=b,text=", "a,b,c", "user=a,item=b,text=c,more=d", ""):
        with pytest.raises(UsageError, match="user=NAME,item=NAME,text=NAME"):
            ReviewColumns.read(wrong)
