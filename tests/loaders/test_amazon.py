from __future__ import annotations

import csv
import gzip
import json
import re
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec.errors import InputError, UsageError
from graphrec.loaders.amazon import load
from graphrec.loaders.amazon.prices import price_bands
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set

if TYPE_CHECKING:
    from pathlib import Path

CO_PURCHASED = EdgeKind("CO_PURCHASED", "Item", "Item")
USER_SAID = EdgeKind("MENTIONED", "User", "Feature")
ITEM_SAID = EdgeKind("MENTIONED", "Item", "Feature")


def review(user: str, item: str, rating: object, time: int = 100, **more: object) -> str:
    return json.dumps(
        {"reviewerID": user, "asin": item, "overall": rating, "unixReviewTime": time, "reviewText": "x", **more}
    )


@pytest.fixture
def reviews(tmp_path: Path) -> Path:
    path = tmp_path / "reviews_Toys_and_Games_5.json"
    lines = [
        review("U", "A", 5.0, 100, reviewerName="Ann"),
        review("U", "B", 4.0, 90),
        review("V", "A", 2.0, 80, reviewerName="Vic"),
        review("V", "A", 3.0, 70),
        review("V", "C", None),
    ]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_reviews_worked_out_by_hand(reviews: Path) -> None:
    loaded = load(reviews)
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[INTERACTED], "rating", "weight", "timestamp") == {
        ("U", "A", 5.0, 1.0, 100),
        ("U", "B", 4.0, 1.0, 90),
        ("V", "A", 2.0, 2.0, 80),
    }
    assert tables.nodes["User"].to_pydict() == {"id": ["U", "V"], "name": ["Ann", "Vic"]}
    assert tables.nodes["Item"].to_pydict() == {"id": ["A", "B"], "name": ["A", "B"]}
    assert (loaded.info.id, loaded.info.verb) == ("amazon-toys-and-games", "bought")
    assert loaded.report.files[0].examples == {"overall is empty": [5]}


def test_metadata_in_either_notation(reviews: Path, tmp_path: Path) -> None:
    about = [
        {"asin": "A", "title": "Ball", "brand": "Bee", "price": 9.99, "categories": [["Toys", "Balls"], ["Sport"]],
         "related": {"also_bought": ["B", "Z", "A"], "bought_together": ["B"]}},
        {"asin": "B", "title": "Bat", "related": {"also_bought": ["A"]}},
        {"asin": "Z", "title": "Not reviewed", "brand": "Zed"},
    ]  # fmt: skip
    for name, lines in (("meta.json", map(json.dumps, about)), ("meta_loose.json", map(repr, about))):
        path = tmp_path / name
        path.write_text("\n".join(lines))
        loaded = load(reviews, metadata=str(path))
        tables = assert_sound(loaded)
        assert tables.nodes["Item"].to_pydict() == {"id": ["A", "B"], "name": ["Ball", "Bat"], "price": [9.99, None]}
        assert edge_set(tables.edges[EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")]) == {
            ("A", "item.brand=Bee"),
            ("A", "item.category=Toys"),
            ("A", "item.category=Balls"),
            ("A", "item.category=Sport"),
            ("A", "item.price=under 10"),
        }
        assert edge_set(tables.edges[CO_PURCHASED], "count", "source") == {
            ("A", "B", None, "also_bought"),
            ("A", "B", None, "bought_together"),
        }
        assert "also_bought: 3 of 4 lead to a product that is here" in loaded.report.remarks


def test_genres_beside_metadata(reviews: Path, tmp_path: Path) -> None:
    """A has a title in both files, B in the second alone; attributes come of both."""
    about = [{"asin": "B", "price": 12.5, "brand": "Bee"}, {"asin": "A", "title": "Ball", "price": 30}]
    (tmp_path / "meta.json").write_text("\n".join(map(json.dumps, about)))
    (tmp_path / "genres.csv").write_text('"","title","asin","year","genre"\n1,Bat,B,1990,Pop\n2,Else,A,2001,Jazz\n')
    loaded = load(reviews, metadata=str(tmp_path / "meta.json"), genres=str(tmp_path / "genres.csv"))
    tables = assert_sound(loaded)
    nodes = {row["id"]: (row["name"], row["price"]) for row in tables.nodes["Item"].to_pylist()}
    assert nodes == {"A": ("Ball", 30.0), "B": ("Bat", 12.5)}
    assert edge_set(tables.edges[EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")]) == {
        ("A", "item.price=25-50"), ("A", "item.year=2001"), ("A", "item.genre=Jazz"),
        ("B", "item.price=10-25"), ("B", "item.year=1990"), ("B", "item.genre=Pop"), ("B", "item.brand=Bee"),
    }  # fmt: skip
    assert not any("repeats Item ids" in remark for remark in loaded.report.remarks)
    alone = assert_sound(load(reviews, genres=str(tmp_path / "genres.csv")))
    assert {row["id"]: row["name"] for row in alone.nodes["Item"].to_pylist()} == {"A": "Else", "B": "Bat"}


def test_price_bands_at_their_edges() -> None:
    prices = pa.chunked_array([[0.0, 9.99, 10.0, 24.99, 250.0, 1e6, None]])
    assert price_bands(prices).to_pylist() == [
        "under 10", "under 10", "10-25", "10-25", "250 and more", "250 and more", "",
    ]  # fmt: skip


def test_a_folder_of_extracted_features(tmp_path: Path) -> None:
    folder = tmp_path / "board-games"
    folder.mkdir()
    (folder / "positives.csv").write_text("user,item,split\nU,A,train\nU,B,test\nV,A,train\n")
    (folder / "user_feature.csv").write_text(
        "user,feature,mean_sentiment,mentions\nU,price,0.5,4\nV,7,-1,\nW,price,1,1\nU,rules,1,1\nU,dice,-2,1\n"
        "U,box,1.5,1\nU,lid,1,3000000000\n"
    )
    (folder / "item_feature.csv").write_text(
        "item,feature,net_sentiment_sum\nA,price,2.5\nB,price,-0.5\nB,box,0\nB,lid,1e30\n"
    )
    loaded = load(folder)
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[INTERACTED], "rating", "split") == {
        ("U", "A", None, "train"), ("U", "B", None, "test"), ("V", "A", None, "train"),
    }  # fmt: skip
    assert edge_set(tables.edges[USER_SAID], "item", "sentiment", "count") == {
        ("U", "price", "", 0.5, 4), ("V", "7", "", -1.0, 1), ("U", "rules", "", 1.0, 1),
    }  # fmt: skip
    assert edge_set(tables.edges[ITEM_SAID], "sentiment", "count") == {
        ("A", "price", 2.5 / 3, 3), ("B", "price", -0.5, 1), ("B", "box", 0.0, 1),
    }  # fmt: skip
    names = dict(zip(*(tables.nodes["Feature"].column(c).to_pylist() for c in ("id", "name")), strict=True))
    assert names == {"price": "price", "7": "feature 7", "rules": "rules", "box": "box"}
    assert loaded.info.id == "amazon-board-games-with-features"
    assert loaded.report.files[1].examples == {
        "mean_sentiment is below -1": [6],
        "mean_sentiment is above 1": [7],
        "mentions is above 2,147,483,647": [8],
    }
    assert loaded.report.files[2].examples == {"net_sentiment_sum is above 2,147,483,647": [5]}
    assert "user_feature.csv: 1 rows are of users without interactions and left out" in loaded.report.remarks


def test_a_folder_without_positives_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no positives\.csv"):
        load(tmp_path)


def spoken(tmp_path: Path) -> Path:
    path = tmp_path / "reviews_Toys_5.json"
    lines = [
        review("U", "A", 5.0, reviewText="The sound is good. A good sound!"),
        review("U", "A", 4.0, reviewText="A horrible sound."),
        review("U", "B", 4.0, reviewText="A good bag"),
        review("V", "A", 2.0, reviewText="The sound is not good, the price is good"),
        review("W", "A", None, reviewText="A good sound"),
        review("V", "B", 1.0, reviewText=""),
    ]
    lines += [review(user, "C", 5.0, reviewText="A good chair.") for user in ("K", "L", "M", "N", "O")]
    path.write_text("\n".join(lines) + "\n")
    return path


def test_features_extracted_while_loading(tmp_path: Path) -> None:
    pytest.importorskip("textblob")
    loaded = load(spoken(tmp_path), features="extract")
    tables = assert_sound(loaded)
    said = edge_set(tables.edges[USER_SAID], "item", "sentiment", "count")
    assert {row for row in said if row[1] == "sound"} == {("U", "sound", "A", 1 / 3, 3), ("V", "sound", "A", -1.0, 1)}
    assert {row[1] for row in said} == {"sound", "chair"}  # bag and price are in fewer than three reviews
    assert ITEM_SAID not in tables.edges
    assert loaded.report.files[1].skipped == {"a review without text": 1}
    assert any("1 of 8 (12 %) mentions are of no user and item that interact" in r for r in loaded.report.remarks)
    assert not any("reviewText" in remark for remark in loaded.report.remarks)


def test_given_profiles_are_attributed_to_reviews(tmp_path: Path) -> None:
    folder = tmp_path / "features"
    folder.mkdir()
    (folder / "user_feature.csv").write_text("user,feature,mean_sentiment,mentions\nU,sound,0.5,4\nV,price,1,1\n")
    (folder / "item_feature.csv").write_text("item,feature,net_sentiment_sum\nA,price,2.5\n")
    loaded = load(spoken(tmp_path), features=str(folder))
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[USER_SAID], "item", "sentiment", "count") == {
        ("U", "sound", "A", 0.5, 3), ("V", "price", "A", 1.0, 1),
    }  # fmt: skip
    assert ITEM_SAID not in tables.edges
    pytest.importorskip("textblob")
    tables = assert_sound(load(spoken(tmp_path), features=str(folder), match="vocabulary"))
    assert edge_set(tables.edges[USER_SAID], "item", "sentiment", "count") == {
        ("U", "sound", "A", 0.5, 3), ("V", "price", "A", 1.0, 1), ("V", "sound", "A", -1.0, 1),
    }  # fmt: skip


def test_profiles_beside_reviews_without_text_are_said_to_leak(reviews: Path, tmp_path: Path) -> None:
    lines = [json.loads(line) for line in reviews.read_text().splitlines()]
    reviews.write_text("\n".join(json.dumps({**line, "reviewText": ""}) for line in lines))
    (tmp_path / "user_feature.csv").write_text("user,feature,mean_sentiment,mentions\nU,sound,0.5,4\nZ,sound,1,1\n")
    loaded = load(reviews, features=str(tmp_path))
    assert edge_set(assert_sound(loaded).edges[USER_SAID], "item") == {("U", "sound", "")}
    leaks = "user_feature.csv: profiles over all reviews, which no split can cut: beside one they tell of its test part"
    assert leaks in loaded.report.remarks


def test_mentions_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(
        "user,item,feature,sentiment,count\nU,A,sound,1,2\nU,A,sound,-1,2\nU,Z,sound,1,1\nV,A,7,1,1\n"
    )
    loaded = load(spoken(tmp_path), mentions=str(tmp_path / "m.csv"), id_prefix="x:")
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[USER_SAID], "item", "sentiment", "count") == {
        ("x:U", "x:sound", "x:A", 0.0, 4), ("x:V", "x:7", "x:A", 1.0, 1),
    }  # fmt: skip
    assert set(tables.nodes["Feature"].column("name").to_pylist()) == {"sound", "feature 7"}
    (tmp_path / "m.csv").write_text("user,item,feature\nnobody,A,sound\n")
    with pytest.raises(InputError, match="none of 1 mention is of a user and an item that interact"):
        load(spoken(tmp_path), mentions=str(tmp_path / "m.csv"))
    (tmp_path / "m.csv").write_text("user,item,feature,sentiment,count\n" + 2 * f"U,A,sound,1,{2**30}\n")
    with pytest.raises(InputError, match="more than can be stored"):
        load(spoken(tmp_path), mentions=str(tmp_path / "m.csv"))


def test_options_that_contradict_each_other(reviews: Path, tmp_path: Path) -> None:
    for options, message in (
        ({"features": "extract", "mentions": "m.csv"}, "either is enough"),
        ({"match": "all", "features": "f"}, "match is 'all'"),
        ({"match": "vocabulary"}, "how a folder of features is used"),
        ({"match": "vocabulary", "features": "extract"}, "how a folder of features is used"),
    ):
        with pytest.raises(UsageError, match=message):
            load(reviews, **options)
    (tmp_path / "positives.csv").write_text("user,item,split\nU,A,train\n")
    with pytest.raises(UsageError, match="has its features in it"):
        load(tmp_path, features="extract")


def test_the_real_instrument_reviews_with_features(data: Path) -> None:
    """3,968 of 4,120 pairs: counted with the json, csv and re modules alone."""
    path = data / "amazon-musical-instruments" / "reviews_Musical_Instruments_5.json.gz"
    folder = data / "amazon-2014-features" / "musical-instruments"
    tables = assert_sound(load(path, features=str(folder)))
    assert (tables.nodes["User"].num_rows, tables.nodes["Item"].num_rows) == (1429, 900)
    assert tables.edges[INTERACTED].num_rows == 10_261
    said = edge_set(tables.edges[USER_SAID], "item", "sentiment", "count")
    with (folder / "user_feature.csv").open() as file:
        given = {(row["user"], row["feature"]): float(row["mean_sentiment"]) for row in csv.DictReader(file)}
    of_user: dict[str, list[str]] = {}
    for user, feature in given:
        of_user.setdefault(user, []).append(feature)
    expected = {}
    with gzip.open(path, "rt") as file:
        for line in map(json.loads, file):
            words = " ".join(["", *re.findall(r"[^\W_]+", line["reviewText"].lower()), ""]).replace(" ", "  ")
            for feature in of_user.get(line["reviewerID"], []):
                count = words.count(f" {feature.replace(' ', '  ')} ")
                if count:
                    expected[line["reviewerID"], feature, line["asin"]] = (given[line["reviewerID"], feature], count)
    assert {row[:3]: row[3:] for row in said} == expected
    assert len({row[:2] for row in said}) == 3968


def test_the_real_reviews_extracted(data: Path) -> None:
    pytest.importorskip("textblob")
    path = data / "amazon-musical-instruments" / "reviews_Musical_Instruments_5.json.gz"
    tables = assert_sound(load(path, features="extract"))
    assert 30_000 < tables.edges[USER_SAID].num_rows < 60_000
    items = set(tables.edges[USER_SAID].column("item").to_pylist())
    assert "" not in items
    assert items <= set(tables.nodes["Item"].column("id").to_pylist())


@pytest.mark.parametrize(
    ("folder", "counts"),
    [
        ("musical-instruments", (1276, 843, 3581)),
        ("instant-video", (4333, 1486, 11_759)),
        ("digital-music", (5339, 3538, 40_315)),
        ("beauty", (21_472, 11_897, 105_659)),
        ("clothing", (37_703, 22_647, 142_553)),
    ],
)
def test_the_real_feature_folders(data: Path, folder: str, counts: tuple[int, int, int]) -> None:
    tables = assert_sound(load(data / "amazon-2014-features" / folder))
    assert (tables.nodes["User"].num_rows, tables.nodes["Item"].num_rows, tables.edges[INTERACTED].num_rows) == counts


def test_the_real_music_metadata(data: Path) -> None:
    positives = data / "amazon-2014-features" / "digital-music"
    genres = assert_sound(load(positives, metadata=str(data / "amazon-digital-music" / "with_genres.csv")))
    assert "item.genre=Pop" in genres.nodes["Attribute"].column("id").to_pylist()
    recovered = assert_sound(load(positives, metadata=str(data / "amazon-digital-music" / "meta_recovered.jsonl.gz")))
    sources = set(recovered.edges[CO_PURCHASED].column("source").to_pylist())
    assert sources == {"also_bought", "also_viewed", "bought_together"}


def test_the_real_music_has_genre_year_price_and_brand(data: Path) -> None:
    """Of 3,538 items: counted with the csv and json modules alone."""
    music = data / "amazon-digital-music"
    loaded = load(
        data / "amazon-2014-features" / "digital-music",
        metadata=str(music / "meta_recovered.jsonl.gz"),
        genres=str(music / "with_genres.csv"),
    )
    tables = assert_sound(loaded)
    carried = tables.edges[EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")]
    items_of: dict[str, set[str]] = {}
    for item, attribute in zip(carried["from"].to_pylist(), carried["to"].to_pylist(), strict=True):
        items_of.setdefault(attribute.partition("=")[0], set()).add(item)
    wanted = {kind: len(items_of[f"item.{kind}"]) for kind in ("genre", "year", "price", "brand")}
    assert wanted == {"genre": 3537, "year": 3537, "price": 2693, "brand": 429}
    named = sum(row["name"] != row["id"] for row in tables.nodes["Item"].to_pylist())
    assert named >= 3537
