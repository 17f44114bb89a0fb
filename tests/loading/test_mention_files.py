"""Mentions in every form in which they come: the same few, worked out by hand."""

from __future__ import annotations

import json
import pickle
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrec.errors import InputError
from graphrec.loading.contract import LoaderReport
from graphrec.loading.mention_files import read_mentions

SAID = {
    ("u1", "a", "sound", 1.0, 1), ("u1", "a", "sound", -1.0, 1),
    ("u1", "a", "gig bag", 1.0, 1), ("2", "b", "sound", 1.0, 1),
}  # fmt: skip
REVIEWS: list[dict[str, Any]] = [
    {
        "user": "u1", "item": "a", "rating": 4, "text": "…",
        "sentence": [("sound", "good", "good sound", 1), ("sound", "bad", "bad sound", -1), ("gig bag", "big", "…", 1)],
    },
    {"user": 2, "item": "b", "rating": 5, "template": ("sound", "good", "a good sound", 1), "predicted": "sound"},
    {"user": "u3", "item": "a", "rating": 1, "text": "no feature"},
]  # fmt: skip
CORNAC = "u1,a,sound:good:1,sound:bad:-1,gig bag:big:1\n2,b,sound:good:1.0\n"


def read(path: Path) -> tuple[set[tuple[object, ...]], LoaderReport]:
    report = LoaderReport()
    table = read_mentions(path, report)
    names = ("user", "item", "feature", "sentiment", "count")
    return set(zip(*(table.column(name).to_pylist() for name in names), strict=True)), report


def write(folder: Path) -> dict[str, Path]:
    rows = [dict(zip(("user", "item", "feature", "sentiment", "count"), row, strict=True)) for row in sorted(SAID)]
    files = {
        name: folder / name
        for name in ("m.parquet", "m.csv", "m.jsonl", "reviews.pickle", "reviews.json", "sentiment.txt")
    }
    pq.write_table(pa.Table.from_pylist(rows), files["m.parquet"])
    lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
    files["m.csv"].write_text("\n".join(lines) + "\n")
    files["m.jsonl"].write_text("\n".join(map(json.dumps, rows)))
    files["reviews.pickle"].write_bytes(pickle.dumps(REVIEWS))
    files["reviews.json"].write_text("\n".join(map(json.dumps, REVIEWS)))
    files["sentiment.txt"].write_text(CORNAC)
    return files


@pytest.mark.parametrize("name", ["m.parquet", "m.csv", "m.jsonl", "reviews.pickle", "reviews.json", "sentiment.txt"])
def test_every_form_says_the_same(tmp_path: Path, name: str) -> None:
    said, report = read(write(tmp_path)[name])
    assert said == SAID
    if name.startswith("reviews"):
        assert (report.files[0].read, report.files[0].kept) == (3, 2)
        assert report.files[0].skipped == {"a review without a feature": 1}


def test_what_is_not_given_has_a_default(tmp_path: Path) -> None:
    path = tmp_path / "m.csv"
    path.write_text("user,item,feature\nu,a,sound\n")
    assert read(path)[0] == {("u", "a", "sound", 0.0, 1)}
    path.write_text(
        "user,item,feature,sentiment,count\nu,a,sound,,\nu,a,strap,1,2\nu,a,stars,5,1\nu,a,bad,-2,1\nu,a,none,1,0\nu,a,all,1,2147483648\n"
    )
    said, report = read(path)
    assert said == {("u", "a", "sound", 0.0, 1), ("u", "a", "strap", 1.0, 2)}
    assert report.files[0].skipped == {
        "sentiment is above 1": 1,
        "sentiment is below -1": 1,
        "count is below 1": 1,
        "count is above 2,147,483,647": 1,
    }


def test_faulty_reviews_are_counted(tmp_path: Path) -> None:
    reviews: list[Any] = [
        *REVIEWS,
        {"user": None, "item": "a", "sentence": [("x", "y", "z", 1)]},
        {"user": 1.5, "item": "a", "sentence": [("x", "y", "z", 1)]},
        {"user": 10**5000, "item": "a", "sentence": [("x", "y", "z", 1)]},
        {
            "user": "u",
            "item": "a",
            "sentence": [("x", "y", "z", 3), (1, 2), ("", "y", 1), "x", ("half \ud800", "y", 1)],
        },
        "no review",
    ]
    path = tmp_path / "reviews.pickle"
    path.write_bytes(pickle.dumps(reviews))
    said, report = read(path)
    assert said == SAID
    account = report.files[0]
    assert account.skipped == {"a review without a feature": 1, "a review without a user or an item": 4}
    assert account.unread == {"a quadruple that has no feature or no score": 5}
    path.write_bytes(pickle.dumps({"reviews": reviews}))
    with pytest.raises(InputError, match="no list of reviews"):
        read(path)
    path.write_bytes(pickle.dumps(reviews[3:]))
    with pytest.raises(InputError, match="no review has a user, an item and a feature"):
        read(path)


def test_a_list_that_stands_in_many_reviews_does_not_fill_memory(tmp_path: Path) -> None:
    shared = [("sound", "good", "", 1)] * 2000
    path = tmp_path / "reviews.pickle"
    path.write_bytes(pickle.dumps([{"user": "u", "item": "a", "sentence": shared} for _ in range(2000)]))
    with pytest.raises(InputError, match="more mentions than it has bytes"):
        read(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("m.xlsx", b"PK", "ending in '.xlsx'"),
        ("m.csv", b"who,what\n1,2\n", "their columns are who, what"),
        ("m.jsonl", b'{"a": 1}\n', "these are no mentions"),
        ("m.pickle", b"cos\nsystem\n(S'touch harmed'\ntR.", "only plain data are read"),
        ("m.pickle", b"\x80\x04c__builtin__\neval\n.", "only plain data are read"),
        ("m.parquet", b"PAR1", "no Parquet file"),
        ("m.csv", b"", "the file is empty"),
    ],
)
def test_what_is_no_mentions_names_the_forms(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(InputError, match=message):
        read(path)
    assert not Path("harmed").exists()


def test_tuples_of_cornac_with_faults(tmp_path: Path) -> None:
    path = tmp_path / "sentiment.csv"
    path.write_text(CORNAC + ",a,sound:good:1\nu,a\n\nu,b,sound:good:7,strap:bad:-1\n")
    said, report = read(path)
    assert said == {*SAID, ("u", "b", "strap", -1.0, 1)}
    assert report.files[0].skipped == {"no user, item and tuple": 2}
    assert report.files[0].unread == {"a tuple that is no feature:opinion:sentiment": 1}
