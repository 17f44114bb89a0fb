from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError
from graphrec.loaders.movielens import load
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set
from tests.loaders.folders import MOVIELENS_100K, write_folder

if TYPE_CHECKING:
    from pathlib import Path

ITEM_ATTRIBUTE = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
USER_ATTRIBUTE = EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path, MOVIELENS_100K)
    return tmp_path


def test_a_small_folder_worked_out_by_hand(folder: Path) -> None:
    loaded = load(folder)
    tables = assert_sound(loaded)
    assert (loaded.info.id, loaded.info.name) == ("movielens-100k", "MovieLens 100k")
    assert edge_set(tables.edges[INTERACTED], "rating", "timestamp") == {
        ("196", "242", 3.0, 881250949),
        ("186", "302", 5.0, 891717742),
        ("196", "267", 1.0, 881251000),
    }
    # The year is that of the title; where the title has none, that of the release date.
    assert tables.nodes["Item"].select(["id", "name", "year"]).to_pydict() == {
        "id": ["242", "267", "302"],
        "name": ["Kolya (1996)", "unknown", 'L.A. Confidential: "Noir"'],
        "year": [1996, None, 1997],
    }
    assert edge_set(tables.edges[ITEM_ATTRIBUTE]) == {
        ("242", "item.genre=Comedy"),
        ("302", "item.genre=Crime"),
        ("302", "item.genre=Film-Noir"),
        ("302", "item.genre=Thriller"),
    }
    assert edge_set(tables.edges[USER_ATTRIBUTE]) == {
        ("186", "user.age=35-44"), ("186", "user.gender=F"), ("186", "user.occupation=executive"),
        ("196", "user.age=45-49"), ("196", "user.gender=M"), ("196", "user.occupation=writer"),
        ("7", "user.age=56+"), ("7", "user.gender=M"), ("7", "user.occupation=none"),
        ("8", "user.gender=M"), ("8", "user.occupation=other"),
    }  # fmt: skip
    unread = {file.path.rpartition("/")[2]: file.unread for file in loaded.report.files if file.unread}
    assert unread == {"u.user": {"age is not a whole number": 1}}
    assert "u.item: the genre unknown of 1 movie is left out" in loaded.report.remarks


def test_titles_are_latin_1(folder: Path) -> None:
    text = MOVIELENS_100K["u.item"].replace("Kolya", "Misérables, Les")
    (folder / "u.item").write_bytes(text.encode("latin-1"))
    assert load(folder).tables.nodes["Item"]["name"][0].as_py() == "Misérables, Les (1996)"


def test_genres_are_those_of_u_genre_in_the_order_of_their_numbers(folder: Path) -> None:
    known = edge_set(load(folder).tables.edges[ITEM_ATTRIBUTE])
    lines = MOVIELENS_100K["u.genre"].splitlines(keepends=True)
    (folder / "u.genre").write_text("".join(reversed(lines)))
    assert edge_set(load(folder).tables.edges[ITEM_ATTRIBUTE]) == known
    (folder / "u.genre").unlink()
    assert edge_set(load(folder).tables.edges[ITEM_ATTRIBUTE]) == known
    (folder / "u.genre").write_text(MOVIELENS_100K["u.genre"].replace("Comedy|5", "Humour|5"))
    assert ("242", "item.genre=Humour") in edge_set(load(folder).tables.edges[ITEM_ATTRIBUTE])


@pytest.mark.parametrize(("old", "new"), [("Comedy|5", "Comedy|4"), ("Comedy|5", "Comedy|25"), ("Comedy|", "Crime|")])
def test_genres_with_wrong_numbers_are_refused(folder: Path, old: str, new: str) -> None:
    (folder / "u.genre").write_text(MOVIELENS_100K["u.genre"].replace(old, new))
    with pytest.raises(InputError, match=r"19 genres are not numbered from 0 to 18, each once .*u\.genre"):
        load(folder)


def test_a_movie_of_another_number_of_columns_is_skipped(folder: Path) -> None:
    (folder / "u.item").write_text(MOVIELENS_100K["u.item"] + "5|Copycat (1995)|01-Jan-1995||url|0|1\n")
    loaded = load(folder)
    (account,) = (file for file in loaded.report.files if file.path.endswith("u.item"))
    assert (account.skipped, account.examples) == ({"not 24 columns": 1}, {"not 24 columns": [4]})
    assert "5" not in loaded.tables.nodes["Item"]["id"].to_pylist()


def test_ratings_and_movies_alone_are_enough(folder: Path) -> None:
    for name in ("u.user", "u.genre", "u.occupation", "u.info"):
        (folder / name).unlink()
    tables = assert_sound(load(folder))
    assert tables.nodes["User"]["id"].to_pylist() == ["196", "186"]
    assert USER_ATTRIBUTE not in tables.edges
