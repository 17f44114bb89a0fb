"""Splits: sizes by hand, parts that never overlap, and files that can be used again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrec.dataset.splitting import Split, random_split
from graphrec.errors import InputError, UnknownIdError, UsageError
from tests.models.toy import build, toy

if TYPE_CHECKING:
    from pathlib import Path


def sizes(split: Split) -> dict[str, dict[str, int]]:
    counted = split.table.to_pandas().groupby(["user", "part"]).size()
    return {user: counted[user].to_dict() for user in counted.index.unique(0)}


def test_sizes_by_hand() -> None:
    items = [f"i{n:02}" for n in range(10)]
    data = build({f"u{n:02}": dict.fromkeys(items[:n], 5.0) for n in (1, 2, 3, 5, 10)}, items)
    assert sizes(random_split(data)) == {
        "u01": {"train": 1},
        "u02": {"train": 2},
        "u03": {"train": 1, "validation": 1, "test": 1},
        "u05": {"train": 3, "validation": 1, "test": 1},
        "u10": {"train": 6, "validation": 2, "test": 2},
    }


def test_the_parts_are_the_positives_and_never_overlap() -> None:
    data = toy()
    cut = random_split(data, seed=3).apply(data)
    parts = [part.csr().toarray() for part in (cut.train.positives, cut.validation, cut.test)]
    np.testing.assert_array_equal(sum(parts), data.positives.csr().toarray())
    assert len(cut.train.interactions) == cut.train.positives.n_entries
    assert (cut.train.history, data.history) == ("train", "all")
    assert cut.train.split == random_split(data, seed=3).fingerprint


def test_a_split_is_its_seed() -> None:
    data = toy()
    prints = {random_split(data, seed=seed).fingerprint for seed in (0, 1, 2)}
    assert len(prints) == 3
    assert random_split(data, seed=0).fingerprint in prints


@pytest.mark.parametrize("ratios", [(float("nan"), 1, 1), (float("nan"),) * 3, (0.5, float("nan"), 0.5)])
def test_ratios_that_are_no_numbers_are_refused(ratios: tuple[float, ...]) -> None:
    with pytest.raises(UsageError, match="do not divide a whole"):
        random_split(toy(), ratios)


def test_a_negative_seed_is_refused() -> None:
    with pytest.raises(UsageError, match="the seed of a split is -1"):
        random_split(toy(), seed=-1)


def test_a_split_is_not_written_over_a_folder_or_into_none(tmp_path: Path) -> None:
    split = random_split(toy())
    for path, said in (
        (tmp_path, "this is a folder"),
        (tmp_path / "none" / "s", "the folder of the file is not there"),
    ):
        with pytest.raises(InputError, match=said):
            split.save(path)
    assert list(tmp_path.iterdir()) == []


def test_every_item_is_held_out_alike() -> None:
    items = [f"i{n}" for n in range(10)]
    data = build({"u": dict.fromkeys(items, 5.0)}, items)
    held_out = sum(random_split(data, seed=seed).apply(data).test.csr().toarray()[0] for seed in range(400))
    assert held_out.sum() == 400 * 2
    assert (abs(held_out - 80) < 5 * np.sqrt(400 * 0.2 * 0.8)).all()


def test_saved_and_loaded(tmp_path: Path) -> None:
    split = random_split(toy(), seed=1)
    split.save(tmp_path / "split.parquet")
    assert Split.load(tmp_path / "split.parquet").fingerprint == split.fingerprint


def test_what_is_no_split(tmp_path: Path) -> None:
    pq.write_table(pa.table({"user": ["u"]}), tmp_path / "other.parquet")
    (tmp_path / "text.parquet").write_text("no")
    for name in ("other", "text", "absent"):
        with pytest.raises(InputError, match="not a split"):
            Split.load(tmp_path / f"{name}.parquet")


def test_a_split_of_other_data_is_refused() -> None:
    data = build({"u": {"a": 5}}, ["a", "b"])
    with pytest.raises(InputError, match="user 'u', item 'b'"):
        Split(pa.table({"user": ["u"], "item": ["b"], "part": ["train"]})).apply(data)
    with pytest.raises(UnknownIdError, match="'v'"):
        Split(pa.table({"user": ["v"], "item": ["b"], "part": ["train"]})).apply(data)


@pytest.mark.parametrize("ratios", [(0.5, 0.5), (0.5, 0.2, 0.2), (0.0, 0.5, 0.5), (1.2, -0.1, -0.1)])
def test_ratios_that_do_not_divide(ratios: tuple[float, ...]) -> None:
    with pytest.raises(UsageError, match="sum to 1"):
        random_split(toy(), ratios)
