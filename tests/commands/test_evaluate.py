"""``graphrec split`` and ``graphrec evaluate``, through the command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow.parquet as pq
import pytest

from graphrec.commands.evaluate import METRICS
from graphrec.dataset.splitting import Split
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command


@pytest.fixture
def store(tmp_path: Path) -> str:
    """The URI of an embedded store with twelve users, each of whom took a run of five of twelve films."""
    from graphrec.loading import registry

    folder = tmp_path / "ml"
    folder.mkdir()
    rows = [f"{u},{1 + (u + n) % 12},{5 - n % 2},{1000 * n + u}" for u in range(1, 13) for n in range(5)]
    (folder / "ratings.csv").write_text("\n".join(["userId,movieId,rating,timestamp", *rows]) + "\n", encoding="utf-8")
    titles = "\n".join(f"{m},Film {m} (2001),Drama" for m in range(1, 13))
    (folder / "movies.csv").write_text(f"movieId,title,genres\n{titles}\n", encoding="utf-8")
    loaded = registry.read("movielens", folder)
    uri = str(tmp_path / "store")
    with open_store(uri) as opened:
        opened.load(loaded.tables, loaded.info)
    return uri


def test_a_tenth_of_five_is_held_out_of_half_of_the_users(graphrec: Command, store: str) -> None:
    """Sixty interactions of twelve users: six for validation and six for test, none of a user twice."""
    done = graphrec.good("split", "random", "--ratios", "0.8,0.1,0.1", "--out", "s.parquet", "--store", store)
    assert "48 train of 12 users, 6 validation of 6 users, 6 test of 6 users" in done.out
    assert "6 of 12 users have no test interactions" in done.out
    alone = ("--rounding", "each-user", "--ratios", "0.8,0.1,0.1", "--out", "t.parquet", "--store", store)
    refused = graphrec.bad(3, "split", "random", *alone)
    assert "the validation part would be empty: 60 positive interactions of 12 users, none with more than 5" in refused


def test_parts_of_a_file_are_a_command_too(graphrec: Command, store: str, tmp_path: Path) -> None:
    """Five films of each user, one of them for test; of four in training one is for validation."""
    rows = [f"{u},{1 + (u + n) % 12},{'test' if n == 4 else 'train'}" for u in range(1, 13) for n in range(5)]
    (tmp_path / "parts.csv").write_text("\n".join(["who,what,part", *rows]) + "\n", encoding="utf-8")
    named = ("parts.csv", "--user-column", "who", "--item-column", "what", "--part-column", "part", "--store", store)
    made = graphrec.good("split", "file", *named, "--out", "s.parquet", "--json").json
    assert made["parts"] == {"train": 36, "validation": 12, "test": 12}
    assert (made["kind"], made["source"], made["file"]) == ("file", "parts.csv", "s.parquet")
    none = graphrec.good("split", "file", *named, "--validation", 0, "--out", "t.parquet", "--json").json
    assert none["parts"] == {"train": 48, "validation": 0, "test": 12}
    (tmp_path / "parts.csv").write_text("\n".join(["who,what,part", *rows, "1,2,tset"]) + "\n", encoding="utf-8")
    refused = graphrec.bad(3, "split", "file", *named, "--out", "u.parquet")
    assert "parts.csv, line 62" in refused
    assert not (tmp_path / "u.parquet").exists()


WAYS = {
    "random": (("--ratios", "0.6,0.2,0.2"), {"train": 36, "validation": 12, "test": 12}),
    "leave-one-out": ((), {"train": 36, "validation": 12, "test": 12}),
    "users": (("--validation", 2, "--test", 0.25), {"train": 35, "validation": 2, "test": 3, "input": 20}),
    "items": (("--validation", 1, "--test", 2), {"train": 45, "validation": 5, "test": 10}),
    "cold-users": (("--share", 0.25,), {"train": 27, "validation": 9, "test": 3}),
    "time": ((), {"train": 48, "validation": 6, "test": 6}),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_every_way_to_split_is_a_command_and_its_parts_are_evaluated(
    graphrec: Command, store: str, tmp_path: Path, way: str
) -> None:
    options, parts = WAYS[way]
    made = graphrec.good("split", way, *options, "--out", "s.parquet", "--store", store, "--json").json
    assert (made["kind"], made["parts"]) == (way, parts)
    assert pq.read_table(tmp_path / "s.parquet").num_rows == sum(parts.values())
    assert Split.load(tmp_path / "s.parquet").fingerprint == made["split"]
    graphrec.good("train", "ease", "--set", "reg=1", "--split", "s.parquet", "--store", store)
    found = graphrec.good("evaluate", "graphrec-fit", "--split", "s.parquet", "--store", store, "--json").json
    assert (found["split"], found["part"]) == (made["split"], "test")
    assert (found["candidates"], found["sampled"]) == ("full", False)
    assert found["users"] + found["without_items"] == 12
    assert list(found["metrics"]) == METRICS.split(",")
    if way in ("random", "leave-one-out"):
        assert found["metrics"]["recall@50"] == {"mean": 1.0, "low": 1.0, "high": 1.0}
    if way == "cold-users":
        assert (found["without_input"], found["metrics"]["recall@50"]["mean"]) == (3, 0.0)


def test_the_table_says_what_was_ranked_for_whom(graphrec: Command, store: str) -> None:
    graphrec.good("split", "leave-one-out", "--out", "s.parquet", "--store", store)
    graphrec.good("train", "ease", "--set", "reg=1", "--split", "s.parquet", "--store", store)
    ask = ("evaluate", "graphrec-fit", "--split", "s.parquet", "--store", store)
    lines = graphrec.good(*ask, "--metrics", "recall@50,ndcg@1").out.splitlines()
    assert lines[0].startswith("ease-")
    assert "on the test part: 12 users, all items that they have not taken ranked" in lines[0]
    assert [line.split() for line in lines[2:4]] == [
        ["metric", "mean", "from", "to"],
        ["recall@50", "1.0000", "1.0000", "1.0000"],
    ]
    sampled = graphrec.good(*ask, "--candidates", "3-per-positive", "--metrics", "ndcg@50").out
    assert "12 users, against 3 negatives per positive, seed 0" in sampled
    assert "these are not the figures of full rankings" in sampled
    exact = graphrec.good(*ask, "--candidates", "3-expected", "--metrics", "ndcg@50").out
    assert "12 users, against 3 negatives per positive, the mean over all draws" in exact
    assert "these are not the figures of full rankings" in exact
    again = [graphrec.good(*ask, "--candidates", "3", "--seed", seed, "--json").json for seed in (1, 1, 2)]
    assert again[0]["metrics"] == again[1]["metrics"]
    assert [found["candidates"] for found in again[1:]] == [f"3 negatives per user, seed {n}" for n in (1, 2)]


def test_what_may_know_the_answers_is_refused(graphrec: Command, store: str) -> None:
    for seed in (0, 1):
        graphrec.good("split", "random", "--seed", seed, "--out", f"{seed}.parquet", "--store", store)
    graphrec.good("train", "ease", "--store", store, "--out", "all")
    graphrec.good("train", "ease", "--split", "0.parquet", "--store", store, "--out", "zero")
    said = graphrec.bad(2, "evaluate", "all", "--split", "0.parquet", "--store", store)
    assert "the model saw all data in training" in said
    said = graphrec.bad(2, "evaluate", "zero", "--split", "1.parquet", "--store", store)
    assert "it may know the answers" in said
    assert "train it again: graphrec train … --split FILE" in said


def test_what_makes_figures_less_comparable_is_said(graphrec: Command, store: str, tmp_path: Path) -> None:
    graphrec.good("split", "random", "--out", "s.parquet", "--store", store)
    graphrec.good("train", "ease", "--split", "s.parquet", "--positive-if", "rating>=5", "--store", store)
    asked = ("evaluate", "graphrec-fit", "--split", "s.parquet", "--store", store, "--json")
    said = graphrec(*asked)
    assert said.code == 0, said.err
    assert "The split holds out any interactions, the model learned from interactions with rating>=5." in said.err
    assert "changed since" not in said.err
    (tmp_path / "new.csv").write_text("user,item,rating\nnew,1,5\n", encoding="utf-8")
    graphrec.good("recommend", "graphrec-fit", "--users", "new.csv", "--store", store)
    assert "The data of the store has changed since the model was trained." in graphrec(*asked).err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--metrics", "recall"), "'recall' is no metric with its k"),
        (("--metrics", "recall@0"), "looks at no place"),
        (("--metrics", "hits@3"), "there is no metric 'hits'"),
        (("--metrics", ","), "--metrics names none"),
        (("--candidates", "some"), "'some' does not say which candidates"),
        (("--candidates", "0"), "0 negatives are none"),
        (("--candidates", "5", "--seed", "-1"), "the seed of the negatives is -1"),
        (("--part", "train"), "'train' is no part to be found"),
    ],
)
def test_requests_that_make_no_sense(graphrec: Command, store: str, options: tuple[str, ...], sentence: str) -> None:
    graphrec.good("split", "random", "--out", "s.parquet", "--store", store)
    graphrec.good("train", "ease", "--split", "s.parquet", "--store", store)
    assert sentence in graphrec.bad(2, "evaluate", "graphrec-fit", "--split", "s.parquet", "--store", store, *options)


def test_a_split_that_nobody_can_make(graphrec: Command, store: str) -> None:
    ask = ("--out", "s.parquet", "--store", store)
    assert "cannot be held out" in graphrec.bad(2, "split", "users", "--test", "-1", *ask)
    assert "which item is left out" in graphrec.bad(2, "split", "leave-one-out", "--by", "age", *ask)
    assert "no numbers" in graphrec.bad(2, "split", "time", "--ratios", "a,b", *ask)


def test_parts_that_the_data_came_in_are_a_command_too(graphrec: Command, tmp_path: Path) -> None:
    """Eight items of each user in KGAT's form, two of them for test, of six in training one for validation."""
    taken = {user: [(user + n) % 12 for n in range(8)] for user in range(12)}
    for name, cut in (("train.txt", slice(6)), ("test.txt", slice(6, 8))):
        lines = [f"{user} {' '.join(map(str, items[cut]))}\n" for user, items in taken.items()]
        (tmp_path / name).write_text("".join(lines), encoding="utf-8")
    (tmp_path / "kg_final.txt").write_text("0 0 12\n1 0 12\n", encoding="utf-8")
    own = ("--store", tmp_path / "kgat-store")
    graphrec.good("load", "kgat", tmp_path, *own)
    made = graphrec.good("split", "given", "--out", "s.parquet", "--json", *own).json
    assert (made["kind"], made["property"]) == ("given", "split")
    assert made["parts"] == {"train": 60, "validation": 12, "test": 24}
    graphrec.good("train", "ease", "--split", "s.parquet", "--out", "fit", *own)
    figures = graphrec.good("evaluate", "fit", "--split", "s.parquet", "--metrics", "recall@5", "--json", *own).json
    assert figures["split"] == made["split"]
    assert "no property 'part'" in graphrec.bad(3, "split", "given", "--property", "part", "--out", "t.parquet", *own)
