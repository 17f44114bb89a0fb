"""Every shipped loader with damaged and partial folders: a sound load, or one sentence that names the place."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrec.errors import GraphrecError
from graphrec.loading.registry import read
from tests.loaders.checks import assert_sound
from tests.loaders.folders import (
    AMAZON,
    AMAZON_2018,
    AMAZON_2023,
    AMAZON_PARTS,
    AMAZON_RATINGS,
    BEAUTY,
    BOOK_CROSSING,
    GOODBOOKS,
    KGAT,
    KGCN,
    LASTFM,
    LASTFM_1K,
    LASTFM_360K,
    MOVIELENS,
    MOVIELENS_100K,
    MOVIELENS_CSV,
    RECBOLE,
    YELP,
    write_file,
    write_folder,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FOLDERS: dict[str, tuple[str, dict[str, str], str, dict[str, str]]] = {
    "movielens": ("movielens", MOVIELENS, "", {}),
    "movielens-csv": ("movielens", MOVIELENS_CSV, "", {}),
    "movielens-100k": ("movielens", MOVIELENS_100K, "", {}),
    "movielens-people": ("movielens", MOVIELENS, "", {"overlay": "people"}),
    "movielens-dbpedia": ("movielens", MOVIELENS, "", {"overlay": "dbpedia"}),
    "book-crossing": ("book-crossing", BOOK_CROSSING, "", {}),
    "goodbooks": ("goodbooks", GOODBOOKS, "", {"to_read": "true", "min_taggers": "1"}),
    "lastfm": ("lastfm", LASTFM, "", {}),
    "lastfm-360k": ("lastfm", LASTFM_360K, "", {}),
    "lastfm-1k": ("lastfm", LASTFM_1K, "", {}),
    "lastfm-kgcn": ("lastfm", LASTFM, "", {"graph": "kgcn"}),
    "lastfm-overlay": ("lastfm", LASTFM, "", {"graph": "kgcn", "overlay": "true"}),
    "amazon": ("amazon", AMAZON, "reviews_Toys_5.json", {"metadata": "meta.json", "features": "features"}),
    "amazon-2018": ("amazon", AMAZON_2018, "", {}),
    "amazon-2023": ("amazon", AMAZON_2023, "", {}),
    "amazon-parts": ("amazon", AMAZON_PARTS, "", {}),
    "amazon-ratings": ("amazon", AMAZON_RATINGS, "ratings_Toys.csv", {}),
    "amazon-beauty": ("amazon-beauty", BEAUTY, "", {}),
    "yelp": ("yelp", YELP, "", {"tips": "true", "friends": "true", "names": "true"}),
    "recbole": ("recbole", RECBOLE, "", {}),
    "kgat": ("kgat", KGAT, "", {}),
    "kgcn": ("kgat", KGCN, "", {}),
}


KNOWN_ELSEWHERE = {
    "movielens": set(MOVIELENS) - {"dbpedia/starring.edgelist"},
    "movielens-csv": set(MOVIELENS_CSV),
    "movielens-100k": {"u.item", "u.user"},
    "book-crossing": set(BOOK_CROSSING),
    "goodbooks": {"books.csv", "book_tags.csv", "tags.csv"},
    "lastfm": {file for file in LASTFM if not file.startswith("kgcn/")},
    "lastfm-kgcn": {"kgcn/kg.txt"},
    "amazon": {"meta.json", "features/user_feature.csv", "features/item_feature.csv"},
    "amazon-2018": {"meta_Toys_and_Games.json.gz"},
    "amazon-2023": {"meta_All_Beauty.jsonl.gz"},
    "yelp": {"yelp_academic_dataset_business.json"},
    "recbole": set(RECBOLE),
}
"""Files whose ids other files have, so that other ids must be told."""


def _as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _nested(path: Path) -> None:
    write_file(path, "[" * 3000 + "\n{'asin': " + "[" * 3000 + "\n" + '{"a":' * 3000 + "\n")


def _other_ids(path: Path) -> None:
    """Replace every digit and capital letter, so that no id is known elsewhere."""
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    changed = content.decode().translate(str.maketrans("0123456789ABCUVZ", "9876543210KLMNOP"))
    write_file(path, changed)


DAMAGES: dict[str, Callable[[Path], Any]] = {
    "absent": lambda path: path.unlink(),
    "a folder": _as_folder,
    "empty": lambda path: path.write_bytes(b""),
    "blank": lambda path: write_file(path, "\n\n"),
    "first line alone": lambda path: write_file(path, _read(path).partition("\n")[0] + "\n"),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[: max(1, path.stat().st_size // 2)]),
    "bytes": lambda path: path.write_bytes(bytes(range(256)) * 8),
    "zeros": lambda path: write_file(path, "\0" * 100 + "\n"),
    "another format": lambda path: write_file(path, '{"a": [1, 2]}\n[]\nnull\n'),
    "a number": lambda path: write_file(path, "5\n"),
    "one list": lambda path: write_file(path, "[1, 2]"),
    "nested": _nested,
    "doubled": lambda path: write_file(path, _read(path) * 2),
    "other ids": _other_ids,
    "more columns": lambda path: write_file(path, _read(path).replace("\n", "::x\ty,z\n")),
}


def _read(path: Path) -> str:
    content = path.read_bytes()
    return (gzip.decompress(content) if path.suffix == ".gz" else content).decode()


def _folder(tmp_path: Path, name: str) -> tuple[str, Path, dict[str, str]]:
    loader, files, entry, options = FOLDERS[name]
    write_folder(tmp_path, files)
    paths = {key: str(tmp_path / value) if key in ("metadata", "features") else value for key, value in options.items()}
    return loader, tmp_path / entry, paths


@pytest.mark.parametrize("name", FOLDERS)
def test_the_whole_folders_load(tmp_path: Path, name: str) -> None:
    loader, path, options = _folder(tmp_path, name)
    loaded = read(loader, path, options)
    assert_sound(loaded)
    assert not any("none of" in remark or "no triple" in remark for remark in loaded.report.remarks)


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", FOLDERS)
def test_a_damaged_file_is_a_load_or_one_sentence(tmp_path: Path, name: str, damage: str) -> None:
    for number, file in enumerate(FOLDERS[name][1]):
        folder = tmp_path / str(number)
        loader, path, options = _folder(folder, name)
        DAMAGES[damage](folder / file)
        sentence, loaded = "", None
        try:
            loaded = read(loader, path, options)
        except GraphrecError as error:
            sentence = str(error)
        if loaded is None:
            assert str(folder) in sentence, file
            assert "\n" not in sentence
            continue
        assert_sound(loaded)
        if damage == "other ids" and file in KNOWN_ELSEWHERE.get(name, ()):
            told = " ".join(loaded.report.remarks)
            assert any(words in told for words in ("none of", "no triple")), file


@pytest.mark.parametrize(
    ("name", "file", "sentence"),
    [
        ("movielens", "dbpedia/starring.edgelist", "there is no file RELATION.edgelist in the folder"),
        ("movielens", "dbpedia/mappings.tsv", "there is no such file .*mappings.tsv"),
        ("movielens-people", "movies_extra.dat", "there is no such file .*movies_extra.dat"),
        ("lastfm-kgcn", "kgcn/kg.txt", "there is no such file .*kg.txt"),
        ("lastfm-kgcn", "kgcn/item_index2entity_id.txt", "there is no such file .*item_index2entity_id.txt"),
        ("lastfm", "tags.dat", "there is no such file .*tags.dat"),
    ],
)
def test_half_a_graph(tmp_path: Path, name: str, file: str, sentence: str) -> None:
    loader, path, options = _folder(tmp_path, name)
    (tmp_path / file).unlink()
    with pytest.raises(GraphrecError, match=sentence):
        read(loader, path, options)


NO_TRIPLE = (
    "no triple touches an item: none of 1 has an item's id as head or tail; they have ids such as "
    "'http://dbpedia.org/resource/Heat', items such as 'http://dbpedia.org/resource/Cold'"
)


@pytest.mark.parametrize(
    ("name", "file", "content", "told"),
    [
        (
            "movielens",
            "dbpedia/mappings.tsv",
            "9\tOther\thttp://dbpedia.org/resource/Heat\n",
            "items of the graph: none of 1 is in the data set; here ids are such as '9', there such as '1'",
        ),
        (
            "movielens",
            "dbpedia/mappings.tsv",
            "1\tHeat\thttp://dbpedia.org/resource/Cold\n",
            NO_TRIPLE,
        ),
        (
            "movielens",
            "movies_extra.dat",
            MOVIELENS["movies_extra.dat"].replace("1::", "tt1::", 1),
            "movies_extra.dat: none of 1 is in the movies; here ids are such as 'tt1', there such as '1'",
        ),
        (
            "amazon",
            "meta.json",
            "{'asin': 'X'}\n",
            "meta.json: none of 1 is in the reviews; here ids are such as 'X', there such as 'A'",
        ),
        (
            "amazon",
            "features/user_feature.csv",
            "user,feature,mean_sentiment,mentions\nW,price,0.5,2\n",
            "user_feature.csv: none of 1 is in the interactions; here ids are such as 'W', there such as 'U'",
        ),
        (
            "lastfm",
            "user_friends.dat",
            "userID\tfriendID\n8\t9\n",
            "user_friends.dat: none of 2 is in the plays; here ids are such as '8', there such as '1'",
        ),
    ],
)
def test_files_that_match_nothing_are_told(tmp_path: Path, name: str, file: str, content: str, told: str) -> None:
    loader, path, options = _folder(tmp_path, name)
    write_file(tmp_path / file, content)
    loaded = read(loader, path, options)
    assert_sound(loaded)
    assert told in loaded.report.remarks


def test_taggings_in_parquet(tmp_path: Path) -> None:
    loader, path, options = _folder(tmp_path, "lastfm")
    (tmp_path / "user_taggedartists.dat").unlink()
    file = tmp_path / "user_tagged_artists.parquet"
    columns = {"sourceNodeId": [1, 2], "targetNodeId": [10_010, 10_010], "tagID": [1, 1]}
    pq.write_table(pa.table(columns), file)
    assert read(loader, path, options).tables.nodes["Attribute"].num_rows == 1
    for wrong in ({"sourceNodeId": [1]}, {**columns, "tagID": [[1], [2]]}, {**columns, "targetNodeId": ["a", "b"]}):
        pq.write_table(pa.table(wrong), file)
        with pytest.raises(GraphrecError, match=r"user_tagged_artists\.parquet"):
            read(loader, path, options)
    file.write_bytes(b"PAR1")
    with pytest.raises(GraphrecError, match="this is no Parquet file"):
        read(loader, path, options)
