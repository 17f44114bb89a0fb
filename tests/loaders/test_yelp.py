"""Yelp's files in their owner's format, with tables worked out by hand."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError
from graphrec.loaders.yelp import load
from graphrec.loaders.yelp.business_attributes import words
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set
from tests.loaders.folders import YELP, write_folder

if TYPE_CHECKING:
    from pathlib import Path

CARRIED = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
FRIENDS = EdgeKind("FRIEND_OF", "User", "User")
SAID = EdgeKind("MENTIONED", "User", "Feature")
REVIEWED = {
    ("uA", "b1", 5.0, 1531001351, 1.0),
    ("uB", "b1", 2.0, 1391632230, 1.0),
    ("uB", "b2", 4.0, 1457481600, 1.0),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(tmp_path, YELP)
    return tmp_path


def test_reviews_and_businesses_worked_out_by_hand(folder: Path) -> None:
    loaded = load(folder)
    tables = assert_sound(loaded)
    assert (loaded.info.id, loaded.info.verb) == ("yelp", "reviewed")
    assert edge_set(tables.edges[INTERACTED], "rating", "timestamp", "weight") == REVIEWED
    assert [tuple(row.values()) for row in tables.nodes["Item"].to_pylist()] == [
        ("b1", "Café Uno", True, 39.95, -75.16),
        ("b2", "Books", False, 39.9, -75.2),
        ("b3", "Far", True, 32.2, -110.9),
    ]
    assert tables.nodes["User"].to_pydict() == {"id": ["uA", "uB"], "name": ["user uA", "user uB"]}
    assert edge_set(tables.edges[CARRIED]) == {
        ("b1", "item.category=Restaurants"), ("b1", "item.category=Cafes"),
        ("b1", "item.category=Beer, Wine & Spirits"),
        ("b3", "item.category=Restaurants"), ("b3", "item.category=Bars"),
        ("b1", "item.city=Philadelphia"), ("b2", "item.city=philadelphia"), ("b3", "item.city=Tucson"),
        ("b1", "item.state=PA"), ("b2", "item.state=PA"), ("b3", "item.state=AZ"),
        ("b1", "item.price range=2"), ("b1", "item.wifi=free"), ("b1", "item.amenity=outdoor seating"),
        ("b1", "item.parking=street"), ("b1", "item.alcohol=beer and wine"),
        ("b3", "item.ambience=romantic"), ("b3", "item.amenity=bike parking"), ("b3", "item.noise level=average"),
    }  # fmt: skip
    assert FRIENDS not in tables.edges


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("RestaurantsPriceRange2", "price range"),
        ("BusinessAcceptsCreditCards", "accepts credit cards"),
        ("HasTV", "has TV"),
        ("BYOBCorkage", "BYOB corkage"),
        ("Open24Hours", "open 24 hours"),
        ("WiFi", "wifi"),
        ("romantic", "romantic"),
        ("Restaurants", "restaurants"),
    ],
)
def test_names_of_attributes_as_words(name: str, text: str) -> None:
    assert words(name) == text


def test_tips_names_and_friends_where_asked(folder: Path) -> None:
    loaded = load(folder, tips=True, names=True, friends=True)
    tables = assert_sound(loaded)
    tip = ("uA", "b2", None, 1546423200, 1.0)  # that on b1 is of a business which uA reviewed
    assert edge_set(tables.edges[INTERACTED], "rating", "timestamp", "weight") == REVIEWED | {tip}
    assert tables.nodes["User"].to_pydict() == {"id": ["uA", "uB"], "name": ["Ann", "Bob"]}
    assert edge_set(tables.edges[FRIENDS]) == {("uA", "uB")}
    told = "yelp_academic_dataset_user.json: 3 friends are named; 1 friendships are among users who are here"
    assert told in loaded.report.remarks


def test_a_part_of_the_businesses(folder: Path) -> None:
    loaded = load(folder, city="Philadelphia", category="cafes|bars")
    tables = assert_sound(loaded)
    assert loaded.info.name == "Yelp Philadelphia cafes bars"
    assert edge_set(tables.edges[INTERACTED], "rating") == {("uA", "b1", 5.0), ("uB", "b1", 2.0)}
    assert tables.nodes["Item"].column("id").to_pylist() == ["b1"]
    assert (
        edge_set(load(folder, city="philadelphia").tables.edges[INTERACTED], "rating", "timestamp", "weight")
        == REVIEWED
    )
    assert load(folder, state="pa", friends=True).tables.edges[FRIENDS].num_rows == 1
    for options, message in (
        ({"city": "Tucson"}, "no review is of a business that is taken"),
        ({"city": "Paris"}, r"no business has the city 'Paris'.*Frequent: "),
        ({"city": "Tucson", "category": "Cafes"}, "no business fits Tucson, Cafes together"),
    ):
        with pytest.raises(InputError, match=message):
            load(folder, **options)


def test_the_tar_as_it_is_downloaded(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("tar") / "yelp_dataset.tar"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(folder, "../../yelp")
    loaded = load(path, tips=True)
    assert loaded.tables.edges[INTERACTED].num_rows == 4
    assert [file.path for file in loaded.report.files] == [
        f"{path}/yelp_academic_dataset_{what}.json" for what in ("business", "review", "tip")
    ]
    with pytest.raises(InputError) as caught:
        load(path, city="Paris")
    assert caught.value.where == f"{path}/yelp_academic_dataset_business.json"
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match="the archive is damaged or ends early"):
        load(path)


def test_older_names_without_a_prefix(folder: Path) -> None:
    for file in folder.iterdir():
        file.rename(file.with_name(file.name.removeprefix("yelp_academic_dataset_")))
    assert load(folder).tables.edges[INTERACTED].num_rows == 3
    (folder / "yelp_academic_dataset_tip.json").write_text("")
    with pytest.raises(InputError, match=r"tip\.json and yelp_academic_dataset_tip\.json hold the same"):
        load(folder)
    (folder / "tip.json").unlink()
    (folder / "business.json").unlink()
    with pytest.raises(InputError, match=r"there is neither yelp_academic_dataset_business\.json nor business\.json"):
        load(folder)


def test_features_of_reviews(folder: Path) -> None:
    (folder / "features").mkdir()
    (folder / "features" / "user_feature.csv").write_text(
        "user,feature,mean_sentiment,mentions\nuA,wine,0.5,1\nuB,wine,-0.5,1\n"
    )
    tables = assert_sound(load(folder, features=str(folder / "features")))
    assert edge_set(tables.edges[SAID], "item", "sentiment") == {("uA", "wine", "b1", 0.5), ("uB", "wine", "b1", -0.5)}
    (folder / "mentions.csv").write_text("user,item,feature\nuA,b1,wine\n")
    tables = assert_sound(load(folder, mentions=str(folder / "mentions.csv")))
    assert edge_set(tables.edges[SAID], "item") == {("uA", "wine", "b1")}


def test_attributes_of_another_form_are_told(folder: Path) -> None:
    business = '{"business_id": "b1", "name": "A", "city": "P", "state": "PA", "attributes": ["Alcohol: none"]}\n'
    (folder / "yelp_academic_dataset_business.json").write_text(business)
    remarks = load(folder).report.remarks
    assert any("the attributes of 1 businesses are no object and left out" in remark for remark in remarks)
