"""A split as a value: cut, saved, refused. The ways to make one have tests of their own beside this."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrec.dataset.splitting import SPLITS, Split, random_split, user_split
from graphrec.errors import InputError, UnknownIdError
from graphrec.testing.toy import build, toy
from tests.dataset.splitting.timed import timed

if TYPE_CHECKING:
    from pathlib import Path


def named(*rows: tuple[str, str, str]) -> Split:
    users, items, parts = zip(*rows, strict=True)
    return Split(pa.table({"user": users, "item": items, "part": parts}))


@pytest.mark.parametrize("kind", [kind for kind in SPLITS if kind != "file"])
def test_parts_are_disjoint_positives_and_the_same_again(kind: str) -> None:
    data = timed(toy(5))
    split = SPLITS[kind](data)
    assert split.fingerprint == SPLITS[kind](data).fingerprint
    assert split.made["kind"] == kind
    assert split.made["positive_if"] == "rating>=3"
    pairs = list(zip(split.table["user"].to_pylist(), split.table["item"].to_pylist(), strict=True))
    assert len(set(pairs)) == len(pairs)
    cut = split.apply(data)
    parts = [part.csr().toarray() for part in (cut.train.positives, cut.validation, cut.test)]
    assert (sum(parts) <= data.positives.csr().toarray()).all()
    seen = cut.seen.positives.csr().toarray()
    assert ((seen + parts[1] + parts[2]) <= 1).all()
    assert (parts[0] <= seen).all()
    assert {part: int(of.sum()) for part, of in zip(("train", "validation", "test"), parts, strict=True)} == {
        part: size for part, size in split.sizes.items() if part != "input"
    }
    assert cut.train.split == cut.seen.split == split.fingerprint
    assert len(cut.train.interactions) == cut.train.positives.n_entries  # low ratings are seen by nobody
    assert (cut.train.history, data.history) == ("train", "all")


def test_a_part_by_hand() -> None:
    data = build({"u": {"a": 5, "b": 5, "c": 5, "d": 5}, "v": {"a": 5}}, ["a", "b", "c", "d"])
    cut = named(("u", "a", "input"), ("u", "b", "test"), ("u", "c", "validation"), ("v", "a", "train")).apply(data)
    assert cut.train.taken.csr().toarray().tolist() == [[0, 0, 0, 0], [1, 0, 0, 0]]
    assert cut.seen.taken.csr().toarray().tolist() == [[1, 0, 0, 0], [1, 0, 0, 0]]
    assert cut.validation.row(0).tolist() == [2]
    assert cut.test.row(0).tolist() == [1]
    assert cut.fold_in is cut.seen


def test_without_input_what_is_seen_is_what_is_learned_from() -> None:
    cut = random_split(toy()).apply(toy())
    assert cut.fold_in is None
    assert cut.seen is cut.train


def test_saved_and_loaded(tmp_path: Path) -> None:
    for split in (random_split(toy(), seed=1), user_split(toy(), seed=1)):
        split.save(tmp_path / "split.parquet")
        loaded = Split.load(tmp_path / "split.parquet")
        assert loaded.fingerprint == split.fingerprint
        assert loaded.made == split.made
        assert loaded.table.to_pydict() == split.table.to_pydict()
        assert loaded.sizes == split.sizes


def test_a_file_that_says_nothing_of_its_making_is_a_split_too(tmp_path: Path) -> None:
    split = random_split(toy())
    pq.write_table(split.table, tmp_path / "own.parquet")
    assert Split.load(tmp_path / "own.parquet").fingerprint == split.fingerprint


def test_a_split_is_not_written_over_a_folder_or_into_none(tmp_path: Path) -> None:
    split = random_split(toy())
    for path, said in (
        (tmp_path, "this is a folder"),
        (tmp_path / "none" / "s", "the folder of the file is not there"),
    ):
        with pytest.raises(InputError, match=said):
            split.save(path)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_split(tmp_path: Path) -> None:
    pq.write_table(pa.table({"user": ["u"]}), tmp_path / "other.parquet")
    (tmp_path / "text.parquet").write_text("no")
    for name, said in (("other", "not a split"), ("text", "not a split"), ("absent", "no such file")):
        with pytest.raises(InputError, match=said):
            Split.load(tmp_path / f"{name}.parquet")
    pq.write_table(named(("u", "a", "trial")).table, tmp_path / "trial.parquet")
    with pytest.raises(InputError, match="the split has a part 'trial'"):
        Split.load(tmp_path / "trial.parquet")


def test_a_split_of_other_data_is_refused() -> None:
    data = build({"u": {"a": 5}}, ["a", "b"])
    with pytest.raises(InputError, match="user 'u', item 'b'"):
        named(("u", "b", "train")).apply(data)
    with pytest.raises(UnknownIdError, match="'v'"):
        named(("v", "b", "train")).apply(data)


def test_an_interaction_in_two_parts_is_refused() -> None:
    with pytest.raises(InputError, match="names an interaction twice: user 'u', item 'a'"):
        named(("u", "a", "train"), ("u", "a", "test")).apply(build({"u": {"a": 5}}, ["a"]))


@pytest.mark.parametrize(
    ("rule", "said"), [("", "3 interactions"), ("rating>=9", "3 interactions, none with rating>=9")]
)
def test_nothing_to_divide(rule: str, said: str) -> None:
    data = build({"ada": {"a": 1, "b": 2, "c": 3}} if rule else {"ada": {}}, ["a", "b", "c"], positive_if=rule)
    with pytest.raises(InputError, match="no positive interaction to divide") as refused:
        random_split(data)
    assert str(refused.value).endswith(said.replace("3", str(len(data.interactions))))
