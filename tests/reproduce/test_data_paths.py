"""Files beside the folder of a recipe, as options of its loader."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphrec.errors import InputError
from graphrec.reproduce.data import dataset_of, find_folder
from graphrec.reproduce.recipe_files import read_recipe
from tests.reproduce.tiny import TINY, write_recipe

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset

MUSIC = """
[data]
name = "Digital Music"
loader = "amazon"
folder = "amazon-2014-features/digital-music"
files = ["positives.csv"]
paths = { metadata = "amazon-digital-music/meta_recovered.jsonl.gz", genres = "amazon-digital-music/with_genres.csv" }
keep = [{ item_attributes = ["genre", "year"] }]
source = "https://example.org/music"
"""


def text() -> str:
    start, end = TINY.index("[data]"), TINY.index("[protocol]")
    return (TINY[:start] + MUSIC + TINY[end:]).replace('positive_if = "rating>=3"', 'positive_if = ""')


def kinds_of_items(dataset: Dataset) -> dict[str, int]:
    """Return how many items have each kind of attribute."""
    carried = dataset.item_attributes
    kinds = np.array(dataset.attributes.columns["kind"].to_pylist())[carried.indices]
    return {str(kind): len(np.unique(carried.row_of_entry[kinds == kind])) for kind in np.unique(kinds)}


def small(folder: Path) -> None:
    """Write three purchases, and the two files beside them."""
    files = {
        "amazon-2014-features/digital-music/positives.csv": "user,item,split\nU,A,train\nU,B,train\nV,A,test\n",
        "amazon-2014-features/digital-music/user_feature.csv": "user,feature,mean_sentiment,mentions\nU,sound,1,1\n",
        "amazon-digital-music/meta_recovered.jsonl.gz": "",
        "amazon-digital-music/with_genres.csv": "title,asin,year,genre\nBall,A,1990,Pop\n",
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if name.endswith(".gz"):
            (folder / name).write_bytes(gzip.compress(b'{"asin": "A", "price": 9.5, "brand": "Bee"}\n'))
        else:
            (folder / name).write_text(content, encoding="utf-8")


@pytest.mark.parametrize("named", ["", "amazon-2014-features/digital-music"])
def test_they_are_found_from_the_folder_and_from_the_one_around_it(tmp_path: Path, named: str) -> None:
    small(tmp_path / "data")
    recipe = read_recipe(str(write_recipe(tmp_path, text())))
    folder = find_folder(recipe.data, tmp_path / "data" / named)
    kept = dataset_of(recipe, folder, tmp_path / "out")
    assert kinds_of_items(kept.dataset) == {"genre": 1, "year": 1, "price": 1, "brand": 1}
    assert [(count.users, count.items, count.interactions) for count in kept.account] == [(2, 2, 3), (2, 1, 2)]


def test_another_file_is_another_store(tmp_path: Path) -> None:
    small(tmp_path / "data")
    recipe = read_recipe(str(write_recipe(tmp_path, text())))
    folder = find_folder(recipe.data, tmp_path / "data")
    dataset_of(recipe, folder, tmp_path / "out")
    genres = tmp_path / "data" / "amazon-digital-music" / "with_genres.csv"
    genres.write_text("title,asin,year,genre\nBall,A,1990,Pop\nBat,B,1991,Jazz\n", encoding="utf-8")
    assert dataset_of(recipe, folder, tmp_path / "out").account[-1].items == 2


def test_one_that_is_not_there_is_named(tmp_path: Path) -> None:
    small(tmp_path / "data")
    (tmp_path / "data" / "amazon-digital-music" / "with_genres.csv").unlink()
    recipe = read_recipe(str(write_recipe(tmp_path, text())))
    with pytest.raises(InputError, match=r"lacks amazon-digital-music/with_genres\.csv.*beside it there should be"):
        find_folder(recipe.data, tmp_path / "data")


def test_a_recipe_looks_only_below_the_folder_of_data(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not lie below the folder of data"):
        read_recipe(str(write_recipe(tmp_path, text().replace('"amazon-digital-music/with', '"../with', 1))))


def test_the_real_digital_music(data: Path, tmp_path: Path) -> None:
    """3,537 of 3,538 items have genre and year; of these, 2,692 a price and 429 a brand."""
    recipe = read_recipe(str(write_recipe(tmp_path, text())))
    kept = dataset_of(recipe, find_folder(recipe.data, data), tmp_path / "out")
    assert (kept.account[0].users, kept.account[0].items, kept.account[0].interactions) == (5_339, 3_538, 40_315)
    found = kinds_of_items(kept.dataset)
    assert {kind: found[kind] for kind in ("genre", "year", "price", "brand")} == {
        "genre": 3_537, "year": 3_537, "price": 2_692, "brand": 429,
    }  # fmt: skip
