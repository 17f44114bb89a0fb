"""``graphrec reviews`` as a user runs it: what it writes, what it refuses, and that a kill loses nothing."""

from __future__ import annotations

import importlib.util
import json
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from graphrec.store.opening import open_store
from tests.commands.conftest import COMMAND
from tests.conftest import absent

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command


@pytest.fixture(autouse=True)
def extra() -> None:
    if not all(importlib.util.find_spec(name) for name in ("textblob", "vaderSentiment")):
        absent("the extra 'reviews' is not installed")


def write_reviews(path: Path, times: int = 1) -> Path:
    texts = ["A good sound.", "A horrible sound. A nice bag", "It is not a good sound", "", "Came today", "A fine bag."]
    rows = [
        {"reviewerID": f"u{n % 7}", "asin": f"i{n % 5}", "overall": 5, "unixReviewTime": n, "reviewText": texts[n % 6]}
        for n in range(12 * times)
    ]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n")
    return path


def test_from_reviews_to_a_graph(graphrec: Command, tmp_path: Path) -> None:
    reviews, out, store = write_reviews(tmp_path / "reviews_Toys_5.json"), tmp_path / "mentions.parquet", tmp_path / "s"
    line = ("reviews", reviews, "--out", out, "--max-share", "1")
    told = graphrec.good(*line, "--json").json
    assert {name: told[name] for name in ("reviews", "speaking", "silent", "features", "resumed")} == {
        "reviews": 10, "speaking": 8, "silent": 2, "features": 2, "resumed": 0,
    }  # fmt: skip
    assert told["files"][0]["skipped"] == {"a review without text": 2}
    assert told["mentions"] == pq.read_metadata(out).num_rows
    said = graphrec.good(*line).out
    assert "mentions of 2 features." in said
    assert "8 of 10 (80 %) reviews say something of a feature." in said
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["mentions.parquet", "reviews_Toys_5.json"]
    graphrec.good("load", "amazon", reviews, "--option", f"mentions={out}", "--store", store)
    with open_store(str(store), read_only=True) as opened:
        query = (
            "MATCH (u:User {id: 'u1'})-[m:MENTIONED]->(f:Feature) "
            "RETURN f.name AS name, m.item AS item, m.sentiment AS sentiment, m.count AS count ORDER BY name, item"
        )
        assert opened.query(query).values.tolist() == [
            ["bag", "i1", 1.0, 1],
            ["sound", "i1", -1.0, 1],
            ["sound", "i3", -1.0, 1],
        ]


def test_names_and_columns_of_ones_own(graphrec: Command, tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text('who,what,words\na,1,"good sound, gig bag"\nb,2,sound\n')
    (tmp_path / "names.txt").write_text("gig bag\nsound\n")
    line = ("reviews", "r.csv", "--columns", "user=who,item=what,text=words", "--out", "m.parquet")
    graphrec.good(*line, "--extractor", "names", "--names", "names.txt")
    assert pq.read_table("m.parquet").to_pylist() == [
        {"user": "a", "item": "1", "feature": "sound", "sentiment": 1.0, "count": 1},
        {"user": "a", "item": "1", "feature": "gig bag", "sentiment": 1.0, "count": 1},
        {"user": "b", "item": "2", "feature": "sound", "sentiment": 0.0, "count": 1},
    ]
    message = graphrec.bad(3, *line)
    assert "fewer than 3 or more than 50% speak of each" in message
    assert "--min-reviews 1, --max-share 1" in message
    (tmp_path / "r.csv").write_text("who,what,words\na,1,un bon son\nb,2,7\n")
    assert "no feature was found in 2 reviews" in graphrec.bad(3, *line)


def test_what_is_refused(graphrec: Command, tmp_path: Path) -> None:
    reviews = write_reviews(tmp_path / "r.json")
    (tmp_path / "other.parquet").write_text("years of work")
    for code, more, message in (
        (3, ("--out", "other.parquet"), "no table of mentions, and it is not replaced"),
        (3, ("--out", "nowhere/m.parquet"), "the folder of the file is not there"),
        (2, ("--out", "m.parquet", "--extractor", "other"), "no extractor 'other'"),
        (2, ("--out", "m.parquet", "--columns", "a,b,c"), "user=NAME,item=NAME,text=NAME"),
        (3, ("--out", "m.parquet", "--columns", "user=a,item=b,text=c"), "do not have the columns a, b, c"),
        (2, ("--out", "m.parquet", "--min-reviews", "0"), "min_reviews is 0"),
        (3, ("--out", "m.parquet", "--extractor", "names", "--names", "absent.txt"), "no such file"),
    ):
        assert message in graphrec.bad(code, "reviews", reviews, *more)
    assert "no such file" in graphrec.bad(3, "reviews", "absent.json", "--out", "m.parquet")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["other.parquet", "r.json"]
    (tmp_path / "m.parquet.parts").mkdir()
    (tmp_path / "m.parquet.parts" / "mine.txt").write_text("mine")
    assert "no unfinished extraction" in graphrec.bad(3, "reviews", reviews, "--out", "m.parquet")
    assert (tmp_path / "m.parquet.parts" / "mine.txt").read_text() == "mine"


def test_a_killed_run_goes_on_and_workers_change_no_byte(graphrec: Command, tmp_path: Path) -> None:
    reviews = write_reviews(tmp_path / "r.json", times=3000)
    graphrec.good("reviews", reviews, "--out", "whole.parquet")
    begun = subprocess.Popen([*COMMAND, "reviews", str(reviews), "--out", "killed.parquet"])
    parts = tmp_path / "killed.parquet.parts"
    while begun.poll() is None and len(list(parts.glob("part-*"))) < 2:
        time.sleep(0.005)
    begun.send_signal(signal.SIGKILL)
    begun.wait()
    if not (tmp_path / "killed.parquet").exists():
        assert (
            graphrec.good("reviews", reviews, "--out", "killed.parquet", "--workers", "2", "--json").json["resumed"] > 0
        )
    assert (tmp_path / "killed.parquet").read_bytes() == (tmp_path / "whole.parquet").read_bytes()
    assert not parts.exists()
