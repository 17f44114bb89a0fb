"""Amazon's releases of 2014, 2018 and 2023, each in its owners' format, with tables worked out by hand."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pyarrow as pa
import pytest

from graphrec.dataset.splitting.named_parts import WORDS
from graphrec.errors import InputError, UsageError
from graphrec.loaders.amazon import load
from graphrec.loaders.amazon.prices import amounts
from graphrec.loaders.amazon.sources import PARTS
from graphrec.loading.contract import LoaderReport
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set
from tests.loaders.folders import AMAZON_2018, AMAZON_2023, AMAZON_PARTS, write_folder

CO_PURCHASED = EdgeKind("CO_PURCHASED", "Item", "Item")
CARRIED = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
BALL, BAT = "B000000001", "0615553605"


def test_reviews_and_metadata_of_2018(tmp_path: Path) -> None:
    write_folder(tmp_path, AMAZON_2018)
    loaded = load(tmp_path)
    tables = assert_sound(loaded)
    assert (loaded.info.id, loaded.info.name) == ("amazon-toys-and-games-2018", "Amazon Toys And Games 2018")
    assert edge_set(tables.edges[INTERACTED], "rating", "timestamp", "verified") == {
        ("A3478QRKQDOPQ2", BALL, 5.0, 1316649600, True),
        ("A3478QRKQDOPQ2", BAT, 2.0, 1316649601, False),
        ("AO94DHGC771SJ", BALL, 4.0, 1316649602, None),
    }
    assert tables.nodes["User"].to_pydict() == {
        "id": ["A3478QRKQDOPQ2", "AO94DHGC771SJ"], "name": ["Ann", "AO94DHGC771SJ"],
    }  # fmt: skip
    assert tables.nodes["Item"].to_pydict() == {
        "id": [BALL, BAT], "name": ["Ball & Net", BAT], "price": [1234.5, None],
    }  # fmt: skip
    assert edge_set(tables.edges[CARRIED]) == {
        (BALL, "item.brand=Bee"),
        (BALL, "item.category=Toys & Games"),
        (BALL, "item.category=Balls"),
        (BALL, "item.main category=Toys & Games"),
        (BALL, "item.price=250 and more"),
        (BAT, "item.main category=AMAZON FASHION"),
    }
    assert edge_set(tables.edges[CO_PURCHASED], "source") == {(BAT, BALL, "also_buy"), (BAT, BALL, "also_view")}
    assert (
        "meta_Toys_and_Games.json.gz: 1 titles are parts of the page's program and left empty" in loaded.report.remarks
    )
    assert any("1 of 2 prices are no single amount, such as '$9.99 - $19.99'" in r for r in loaded.report.remarks)


def test_prices_written_as_texts() -> None:
    texts = pa.chunked_array([["$12.50", " $1,234 ", "", "$9.99 - $19.99", ".a-box{", "$1,23", "$0.99", "12.50"]])
    report = LoaderReport()
    assert amounts(texts, Path("meta.json"), report).to_pylist() == [12.5, 1234.0, *[None] * 4, 0.99, None]
    told = "meta.json: 4 of 8 prices are no single amount, such as '$9.99 - $19.99', and left empty"
    assert report.remarks == [told]


def test_reviews_and_metadata_of_2023(tmp_path: Path) -> None:
    write_folder(tmp_path, AMAZON_2023)
    loaded = load(tmp_path)
    tables = assert_sound(loaded)
    assert loaded.info.id == "amazon-all-beauty-2023"
    assert edge_set(tables.edges[INTERACTED], "rating", "timestamp", "microsecond", "verified") == {
        ("AGKHLEW2SOWHNMFQIJGBECAF7INQ", "B00YQ6X8EO", 5.0, 1588687728, 923_000, True),
        ("AGKHLEW2SOWHNMFQIJGBECAF7INQ", "B081TJ8YS3", 4.0, 1588615855, 70_000, False),
        ("AE74DYR3QUGVPZJ3P7RFWBGIX7XQ", "B00YQ6X8EO", 1.0, 1589665266, 0, True),
    }
    assert [tuple(row.values()) for row in tables.nodes["Item"].to_pylist()] == [
        ("B00YQ6X8EO", "Hair Mask", 10.0), ("B081TJ8YS3", "Brush", None),
    ]  # fmt: skip
    assert edge_set(tables.edges[CARRIED]) == {
        ("B00YQ6X8EO", "item.brand=Herbivore"),
        ("B00YQ6X8EO", "item.main category=All Beauty"),
        ("B00YQ6X8EO", "item.category=Hair Care"),
        ("B00YQ6X8EO", "item.price=10-25"),
        ("B081TJ8YS3", "item.main category=All Beauty"),
    }
    assert edge_set(tables.edges[CO_PURCHASED], "source", "count") == {
        ("B00YQ6X8EO", "B081TJ8YS3", "bought_together", None)
    }
    assert loaded.report.files[1].unread == {"price is not a number": 1}  # “from 14.99”
    assert any("columns dropped: title, text, images, asin, helpful_vote" in r for r in loaded.report.remarks)


def test_a_verified_purchase_and_text_are_read_where_asked(tmp_path: Path) -> None:
    write_folder(tmp_path, AMAZON_2023)
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "user_feature.csv").write_text(
        "user,feature,mean_sentiment,mentions\nAGKHLEW2SOWHNMFQIJGBECAF7INQ,smell,0.5,1\n"
    )
    loaded = load(tmp_path / "All_Beauty.jsonl.gz", features=str(tmp_path / "features"))
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[EdgeKind("MENTIONED", "User", "Feature")], "item", "count") == {
        ("AGKHLEW2SOWHNMFQIJGBECAF7INQ", "smell", "B00YQ6X8EO", 2)
    }
    assert "HAS_ATTRIBUTE" not in {kind.type for kind in tables.edges}  # metadata beside a file are not taken unasked


RATED = {
    ("A3478QRKQDOPQ2", BALL, 5.0, 1316649600),
    ("A3478QRKQDOPQ2", BAT, 2.0, 1316649601),
    ("AO94DHGC771SJ", BALL, 4.0, 1316649602),
}


@pytest.mark.parametrize("release", ["2014", "2018"])
def test_ratings_without_a_header_differ_in_their_order(tmp_path: Path, release: str) -> None:
    path = tmp_path / "ratings_Toys_and_Games.csv"
    rows = [(user, item) if release == "2014" else (item, user) for user, item, *_ in sorted(RATED)]
    ends = [f",{rating},{time}" for *_, rating, time in sorted(RATED)]
    path.write_text("".join(f"{one},{other}{end}\n" for (one, other), end in zip(rows, ends, strict=True)))
    loaded = load(path)
    assert edge_set(assert_sound(loaded).edges[INTERACTED], "rating", "timestamp") == RATED
    assert loaded.info.id == "amazon-toys-and-games" + ("" if release == "2014" else "-2018")
    first = "user and item" if release == "2014" else "item and user"
    assert (
        f"ratings_Toys_and_Games.csv: the columns are {first}, rating and time, as in {release}"
        in loaded.report.remarks
    )
    assert load(tmp_path).info.id == loaded.info.id  # the folder's only file


@pytest.mark.parametrize("line", ["B000000001,B000000002,5.0,1\n", "ann,bob,5.0,1\n", "A1,B000000001,5\n", "a,b\n"])
def test_ratings_that_leave_users_and_products_open_are_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "ratings_Toys.csv").write_text(line)
    with pytest.raises(InputError, match="the columns are not those of Amazon's ratings"):
        load(tmp_path / "ratings_Toys.csv")
    with pytest.raises(InputError, match="no file of reviews and none of ratings"):
        load(tmp_path)


def test_parts_of_a_benchmark_become_a_split(tmp_path: Path) -> None:
    write_folder(tmp_path, AMAZON_PARTS)
    loaded = load(tmp_path)
    assert edge_set(assert_sound(loaded).edges[INTERACTED], "split", "rating", "timestamp") == {
        ("AU", "B000000001", "train", 5.0, 1_500_000_000),
        ("AV", "B000000002", "train", 3.0, 1_500_000_001),
        ("AU", "B000000002", "valid", 4.0, 1_500_000_002),
        ("AU", "B000000003", "test", 1.0, 1_500_000_003),
    }
    assert loaded.info.id == "amazon-all-beauty-2023"
    assert [declared.name for declared in loaded.info.declared["INTERACTED"]] == ["split"]
    assert set(PARTS) <= set(WORDS)  # as graphrec split given reads them
    for name in AMAZON_PARTS:
        assert load(tmp_path / name).tables.edges[INTERACTED].num_rows == 4
    (tmp_path / "All_Beauty.valid.csv").unlink()
    assert load(tmp_path).tables.edges[INTERACTED].num_rows == 3
    (tmp_path / "All_Beauty.test.csv").unlink()
    with pytest.raises(InputError, match=r"there is no such file .*All_Beauty\.test\.csv"):
        load(tmp_path)


def test_compressed_parts_with_histories(tmp_path: Path) -> None:
    header = "user_id,parent_asin,rating,timestamp,history\n"
    for part, row in (
        ("train", "AU,B000000001,5.0,1500000000000,\n"),
        ("test", "AU,B000000002,5.0,1500000001000,B000000001\n"),
    ):
        (tmp_path / f"X.{part}.csv.gz").write_bytes(gzip.compress((header + row).encode()))
    loaded = load(tmp_path)
    assert loaded.info.id == "amazon-x-2023"
    assert "X.test.csv.gz: columns dropped: history" in loaded.report.remarks


def test_parts_of_another_kind_are_refused(tmp_path: Path) -> None:
    (tmp_path / "X.train.csv").write_text("A3478QRKQDOPQ2,B000000001,5.0,1316649600\n")
    with pytest.raises(InputError, match="user_id, parent_asin, rating are missing"):
        load(tmp_path / "X.train.csv")


def test_several_files_are_named(tmp_path: Path) -> None:
    write_folder(tmp_path, {**AMAZON_2018, **AMAZON_PARTS})
    with pytest.raises(InputError, match=r"there are 2 files of reviews or ratings, such as All_Beauty\.train\.csv"):
        load(tmp_path)


def test_features_of_ratings_are_refused(tmp_path: Path) -> None:
    write_folder(tmp_path, AMAZON_PARTS)
    with pytest.raises(UsageError, match="holds ratings without texts"):
        load(tmp_path, features="extract")


def test_nothing_in_python_s_notation_is_run(tmp_path: Path) -> None:
    write_folder(tmp_path, AMAZON_2018)
    spoiled = tmp_path / "spoiled"
    lines = [
        {"asin": BALL, "title": "Ball"},
        f"{{'asin': '{BAT}', 'title': open({str(spoiled)!r}, 'w').write('x')}}",
        f"__import__('pathlib').Path({str(spoiled)!r}).touch()",
    ]
    (tmp_path / "meta.json").write_text("\n".join(map(str, lines)))
    loaded = load(tmp_path / "Toys_and_Games_5.json.gz", metadata=str(tmp_path / "meta.json"))
    assert loaded.report.files[1].skipped == {"not a JSON object": 2}
    assert not spoiled.exists()


def test_a_rating_above_five_stars_is_none(tmp_path: Path) -> None:
    row = {"user_id": "AU", "parent_asin": "B1", "rating": 5.0, "timestamp": 1_500_000_000_000}
    lines = [json.dumps(row), json.dumps({**row, "parent_asin": "B2", "rating": 50.0})]
    (tmp_path / "X.jsonl").write_text("\n".join(lines))
    assert load(tmp_path).report.files[0].skipped == {"rating is above 5": 1}
