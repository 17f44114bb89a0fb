"""Parts that somebody else cut, read from a file."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

import graphrec as gr
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.splitting import file_split
from graphrec.errors import InputError, UsageError
from graphrec.evaluation import Sampled
from graphrec.loading import registry
from graphrec.testing.toy import build

if TYPE_CHECKING:
    from pathlib import Path

DATA = build(
    {"u": {"a": 5, "b": 5, "c": 4, "d": 1}, "v": {"a": 5}, "w": {"b": 4, "c": 5}},
    ["a", "b", "c", "d"],
    positive_if="rating>=3",
)
TEXT = "user,item,split\nw,c,test\nu,a,train\nu,b,val\nu,c,testing\nv,a,training\nw,b,train\n"


def written(folder: Path, text: str = TEXT, name: str = "positives.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def pairs(split: gr.Split, part: str) -> set[tuple[str, str]]:
    rows = split.table.to_pylist()
    return {(row["user"], row["item"]) for row in rows if row["part"] == part}


def test_parts_are_as_given(tmp_path: Path) -> None:
    split = file_split(DATA, written(tmp_path))
    assert pairs(split, "train") == {("u", "a"), ("v", "a"), ("w", "b")}
    assert pairs(split, "validation") == {("u", "b")}
    assert pairs(split, "test") == {("u", "c"), ("w", "c")}
    assert (split.made["kind"], split.made["validation"]) == ("file", "of the file")
    assert split.fingerprint == file_split(DATA, written(tmp_path), seed=7).fingerprint, "nothing is left to chance"
    assert gr.split(DATA, "file", path=written(tmp_path)).fingerprint == split.fingerprint


def test_parquet_with_names_of_its_own(tmp_path: Path) -> None:
    frame = pd.read_csv(written(tmp_path)).rename(columns={"user": "who", "item": "what", "split": "part"})
    frame.to_parquet(tmp_path / "parts.parquet")
    split = file_split(DATA, tmp_path / "parts.parquet", user="who", item="what", part="part")
    assert split.fingerprint == file_split(DATA, written(tmp_path)).fingerprint


def test_a_validation_part_is_cut_from_training_by_the_seed(tmp_path: Path) -> None:
    """Of who trains on n ≥ 2 pairs max(1, ⌊n / 5⌉): 1 of 2, 1 of 7, 2 of 8, none of 1; the test part stays."""
    lengths = {"one": 1, "two": 2, "seven": 7, "eight": 8}
    items = [f"i{n}" for n in range(10)]
    data = build({user: dict.fromkeys(items[: n + 1], 5) for user, n in lengths.items()}, items)
    rows = [f"{user},{items[k]},{'test' if k == n else 'train'}" for user, n in lengths.items() for k in range(n + 1)]
    path = written(tmp_path, "\n".join(["user,item,split", *rows]) + "\n")
    split = file_split(data, path)
    assert Counter(user for user, _ in pairs(split, "validation")) == {"two": 1, "seven": 1, "eight": 2}
    assert pairs(split, "test") == {(user, items[n]) for user, n in lengths.items()}
    others = [file_split(data, path, seed=seed) for seed in range(5)]
    assert len({other.fingerprint for other in others}) > 1
    assert {frozenset(pairs(other, "test")) for other in others} == {frozenset(pairs(split, "test"))}
    assert others[0].fingerprint == split.fingerprint
    half = file_split(data, path, validation=0.5)
    assert Counter(user for user, _ in pairs(half, "validation")) == {"two": 1, "seven": 4, "eight": 4}
    assert not pairs(file_split(data, path, validation=0), "validation")
    most = file_split(data, path, validation=0.99)
    assert Counter(user for user, _ in pairs(most, "train")) == dict.fromkeys(lengths, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT + "u,d,tets\n", r"split is none of train, .*positives\.csv, line 8"),
        ("user,item,split\n\nu,a,train\n\nu,b,\n", r"line 5"),
        (TEXT.replace("v,a", ",a"), r"user is empty.*line 6"),
        (TEXT + "u,a,test\n", "named twice: user 'u', item 'a'"),
        (TEXT + "u,d,train\n", r"1 of 7 pairs are no positive interactions of the data \(rating>=3\).*item 'd'"),
        (TEXT + "v,b,train\n", r"no positive interactions.*user 'v', item 'b'"),
        (TEXT + "x,b,train\n", r"1 pair of 7 is of users or items that the data does not have.*user 'x'"),
        ("user,item,split\nx,y,train\n", "1 pair of 1 is of users or items"),
        ("user,item,split\nu,a,train\nw,b,train\n", "the test part would be empty"),
        ("user,item\nu,a\n", "the column 'split' is missing"),
    ],
)
def test_what_is_no_such_file(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(InputError, match=f"(?s){said}"):
        file_split(DATA, written(tmp_path, text))


def test_one_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such file"):
        file_split(DATA, tmp_path / "none.csv")


def test_a_sample_of_the_data_skips_what_it_lacks(tmp_path: Path) -> None:
    text = TEXT + "x,b,train\nu,z,test\n"
    with pytest.raises(InputError, match="2 pairs of 8 are of users"):
        file_split(DATA, written(tmp_path, text))
    split = file_split(DATA, written(tmp_path, text), unknown="skip")
    assert split.fingerprint == file_split(DATA, written(tmp_path)).fingerprint


def test_numbers_and_words_out_of_range(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="validation share is 1"):
        file_split(DATA, written(tmp_path), validation=1)
    with pytest.raises(UsageError, match="refuse or skip"):
        file_split(DATA, written(tmp_path), unknown="ignore")


FOLDERS = ("musical-instruments", "instant-video", "digital-music", "beauty", "clothing")


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_real_files_test_a_fifth_of_who_has_two(data: Path, folder: str) -> None:
    """Every user with n ≥ 2 positives is tested on max(1, ⌊n / 5⌉) of them, who has one on none."""
    rows = pd.read_csv(data / "amazon-2014-features" / folder / "positives.csv", dtype=str)
    counts = rows.groupby("user").size()
    tested = rows[rows["split"] == "test"].groupby("user").size().reindex(counts.index, fill_value=0)
    expected = np.where(counts >= 2, np.maximum(1, np.rint(counts / 5)), 0)
    np.testing.assert_array_equal(tested, expected)
    assert set(rows["split"]) == {"train", "test"}


@pytest.mark.parametrize(
    ("folder", "hit_rate", "ndcg"),
    [
        ("musical-instruments", 0.312, 0.172),
        ("instant-video", 0.515, 0.297),
        ("digital-music", 0.465, 0.229),
        ("beauty", 0.404, 0.212),
    ],
)
def test_popularity_reaches_the_paper_s_first_row(data: Path, folder: str, hit_rate: float, ndcg: float) -> None:
    """All test positives of a user in one pool with 100 negatives, means over users, three draws."""
    path = data / "amazon-2014-features" / folder
    loaded = registry.read("amazon", path)
    dataset = Dataset.from_tables(loaded.tables, loaded.info)
    cut = file_split(dataset, path / "positives.csv").refitting.apply(dataset)
    model = gr.models.Popularity().fit(cut.train)
    draws = [
        gr.evaluate(model, cut, ["hit_rate@10", "ndcg@10"], candidates=Sampled(100, seed=seed)) for seed in range(3)
    ]
    assert np.mean([draw.means["hit_rate@10"] for draw in draws]) == pytest.approx(hit_rate, abs=0.01)
    assert np.mean([draw.means["ndcg@10"] for draw in draws]) == pytest.approx(ndcg, abs=0.01)


def test_the_real_instrument_reviews_with_everybody_s_opinions(data: Path) -> None:
    """All 10,261 reviews are read; the paper's users and items stay, and its parts are positive reviews of theirs."""
    loaded = registry.read("amazon", data / "amazon-musical-instruments" / "reviews_Musical_Instruments_5.json.gz")
    everybody = Dataset.from_tables(loaded.tables, loaded.info, "rating>=4")
    path = data / "amazon-2014-features" / "musical-instruments" / "positives.csv"
    kept = gr.filter_dataset(everybody, [{"pairs": str(path)}])
    assert [(count.users, count.items) for count in kept.account] == [(1_429, 900), (1_276, 843)]
    split = file_split(kept.dataset, path)
    assert split.sizes == {"train": 1_967, "validation": 613, "test": 1_001}
    assert len(split.apply(kept.dataset).train.interactions) == 1_967
