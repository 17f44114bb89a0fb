"""Folders of RecBole's atomic files, with tables worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import graphrec as gr
from graphrec.errors import InputError, SchemaError, UsageError
from graphrec.loaders.recbole import load
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set

if TYPE_CHECKING:
    from pathlib import Path

ITEM_HAS = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
USER_HAS = EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")
HAS_ENTITY = EdgeKind("HAS_ENTITY", "Item", "Entity")
ITEMS = EdgeKind("RELATED_TO", "Item", "Item")
ENTITY_ITEM = EdgeKind("RELATED_TO", "Entity", "Item")

FILES = {
    "shop.inter": (
        "user_id:token\titem_id:token\trating:float\ttimestamp:float\tdevice:token\tprice:float\thistory:token_seq\n"
        "ann\tA\t5\t100\tphone\t1.5\tB C\n"
        "ann\tB\t3.5\t200.25\t\t\t\n"
        "bob\tA\t\t300\tdesk\tx\tA\n"
        "bob\tC\tfive\t300\tdesk\t2\tA\n"
        "cid\tD\t-1\t300\tdesk\t2\tA\n"
    ),
    "shop.item": (
        "item_id:token\tclass:token_seq\tmovie_title:token_seq\tbrand:token\tyear:float\tvec:float_seq\n"
        'A\tsea  travel\tThe "Sea"\tBee\t1999\t0.1 0.2\n'
        "B\tsea\tIce Cold\t\t\t\n"
        "C\t\t\tCee\t2001.5\t1\n"
    ),
    "shop.user": "user_id:token\tage:token\tzip_code:token\tincome:float\nann\t24\t85711\t10\nbob\t24\t\t\n",
    "shop.kg": (
        "head_id:token\trelation_id:token\ttail_id:token\nm.a\tby\tm.x\nm.b\tby\tm.x\nm.x\twrote\tm.a\nm.a\tlike\tm.b\n"
    ),
    "shop.link": "item_id:token\tentity_id:token\nA\tm.a\nB\tm.b\nA\tm.a\nZ\tm.x\n",
}


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_a_folder_worked_out_by_hand(tmp_path: Path) -> None:
    loaded = load(written(tmp_path / "shop", FILES), verb="bought")
    tables = assert_sound(loaded)
    assert (loaded.info.id, loaded.info.verb) == ("shop", "bought")
    values = ("rating", "timestamp", "microsecond", "device", "price")
    assert edge_set(tables.edges[INTERACTED], *values) == {
        ("ann", "A", 5.0, 100, 0, "phone", 1.5),
        ("ann", "B", 3.5, 200, 250_000, None, None),
        ("bob", "A", None, 300, 0, "desk", None),
    }
    inter = next(file for file in loaded.report.files if file.path.endswith("shop.inter"))
    assert inter.examples == {
        "rating:float is not a number": [5],
        "rating:float is negative": [6],
        "price:float is not a number": [4],
    }
    assert tables.nodes["Item"].to_pydict() == {
        "id": ["A", "B", "C"],
        "name": ['The "Sea"', "Ice Cold", "item C"],
        "year": [1999.0, None, 2001.5],
    }
    assert tables.nodes["User"].to_pydict() == {
        "id": ["ann", "bob"],
        "name": ["user ann", "user bob"],
        "income": [10.0, None],
    }
    assert edge_set(tables.edges[ITEM_HAS]) == {
        ("A", "item.class=sea"),
        ("A", "item.class=travel"),
        ("B", "item.class=sea"),
        ("A", "item.brand=Bee"),
        ("C", "item.brand=Cee"),
    }
    assert edge_set(tables.edges[USER_HAS]) == {
        ("ann", "user.age=24"),
        ("bob", "user.age=24"),
        ("ann", "user.zip_code=85711"),
    }
    assert edge_set(tables.edges[HAS_ENTITY], "relation") == {("A", "m.x", "by"), ("B", "m.x", "by")}
    assert edge_set(tables.edges[ITEMS], "relation") == {("A", "B", "like")}
    assert edge_set(tables.edges[ENTITY_ITEM], "relation") == {("m.x", "A", "wrote")}
    assert {
        "shop.inter: columns dropped: history:token_seq",
        "shop.item: columns dropped: vec:float_seq",
        "shop.item: 'movie_title' names the items",
        "shop.link: 1 repeated link left out",
        "shop.link: 1 of 3 (33 %) linked items is not in the data set, such as Z; their entities stay entities",
    } <= set(loaded.report.remarks)


def test_fields_by_their_place_and_by_options(tmp_path: Path) -> None:
    """LastFM's fields are called otherwise: the first two tokens are user and item."""
    files = {
        "fm.inter": (
            "weight:float,who:token,artist_id:token,stars:float,day:token\n2,u,a,4,2024-01-03\n3,u,b,1,2024-01-04\n"
        ),
        "fm.item": "artist_id:token,name:token,tag:token_seq\na,The X,rock|hard rock\n",
        "fm.kg": "h:token,r:token,t:token\ne,is,f\n",
        "fm.link": "artist_id:token,e:token\na,e\n",
    }
    options: dict[str, Any] = {
        "separator": ",", "sequence_separator": "|", "rating": "stars", "timestamp": "day", "time_unit": "iso",
        "lowest_rating": 2,
    }  # fmt: skip
    loaded = load(written(tmp_path, files), **options)
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[INTERACTED], "rating", "weight", "timestamp") == {("u", "a", 4.0, 2.0, 1704240000)}
    assert edge_set(tables.edges[ITEM_HAS]) == {("a", "item.tag=rock"), ("a", "item.tag=hard rock")}
    assert edge_set(tables.edges[HAS_ENTITY], "relation") == {("a", "f", "is")}
    assert tables.nodes["Item"].column("name").to_pylist() == ["The X"]
    assert "fm.inter: no field is called 'user_id', and 'who' stands at its place" in loaded.report.remarks
    assert "fm.inter: no field is called 'item_id', and 'artist_id' stands at its place" in loaded.report.remarks
    swapped = load(tmp_path, user="artist_id", item="who", **options)
    assert edge_set(swapped.tables.edges[INTERACTED]) == {("a", "u")}


def test_what_is_left_out_becomes_nothing(tmp_path: Path) -> None:
    loaded = load(written(tmp_path, FILES), leave_out="zip_code, device,rating,year")
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[USER_HAS]) == {("ann", "user.age=24"), ("bob", "user.age=24")}
    assert "device" not in tables.edges[INTERACTED].column_names
    assert len(edge_set(tables.edges[INTERACTED], "rating")) == 5
    assert set(tables.edges[INTERACTED].column("rating").to_pylist()) == {None}
    with pytest.raises(UsageError, match="no file has a field 'zipcode' to leave out"):
        load(tmp_path, leave_out="zipcode")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ("brand_name:token\tname:token\ttitle:token", "t"),
        ("brand_name:token\tname:token", "n"),
        ("brand_name:token\titem_name:token_seq", "i"),
        ("brand_name:token\tx:token", "item A"),
        ("title:float\tx:token", "item A"),
    ],
)
def test_the_rule_of_names(tmp_path: Path, fields: str, named: str) -> None:
    row = "\t".join(field[0] if not field.endswith("float") else "1" for field in fields.split("\t"))
    files = {"x.inter": "user_id:token\titem_id:token\nu\tA\n", "x.item": f"item_id:token\t{fields}\nA\t{row}\n"}
    assert load(written(tmp_path, files)).tables.nodes["Item"].column("name").to_pylist() == [named]


def test_parts_that_the_authors_cut(tmp_path: Path) -> None:
    """A pair of several parts is for training, whatever its times; the whole file, where it is there, counts alone."""
    header = "user_id:token\titem_id:token\ttimestamp:float\n"
    files = {
        "x.train.inter": f"{header}u\tA\t1\nv\tA\t1\n",
        "x.valid.inter": f"{header}u\tB\t2\n",
        "x.test.inter": f"{header}u\tC\t3\nu\tA\t9\n",
    }
    loaded = load(written(tmp_path / "x", files))
    assert edge_set(assert_sound(loaded).edges[INTERACTED], "split", "timestamp", "weight") == {
        ("u", "A", "train", 9, 2.0),
        ("v", "A", "train", 1, 1.0),
        ("u", "B", "valid", 2, 1.0),
        ("u", "C", "test", 3, 1.0),
    }
    assert "1 repeat of pairs across train, valid, test: each pair belongs to the first" in loaded.report.remarks
    with gr.open_store(tmp_path / "store") as store:
        gr.load(store, "recbole", tmp_path / "x")
        split = gr.split(gr.Dataset.from_store(store), "given", store=store)
    assert split.sizes == {"train": 2, "validation": 1, "test": 1}
    assert split.made["validation"] == "as given"
    (tmp_path / "x" / "x.inter").write_text(f"{header}u\tD\t1\n")
    whole = load(tmp_path / "x")
    assert edge_set(whole.tables.edges[INTERACTED]) == {("u", "D")}
    assert "files not read: x.test.inter, x.train.inter, x.valid.inter" in whole.report.remarks


def test_one_of_several_data_sets_of_a_folder(tmp_path: Path) -> None:
    inter = "user_id:token\titem_id:token\nu\tA\n"
    written(tmp_path / "b", {"a.inter": inter, "b.inter": inter, "b.net": "x"})
    assert load(tmp_path / "b").info.id == "b", "the one of the folder's name"
    assert load(tmp_path / "b" / "a.inter").info.id == "a"
    assert load(tmp_path / "b").report.remarks == ["files not read: b.net"]
    (tmp_path / "b").rename(tmp_path / "c")
    with pytest.raises(InputError, match=r"there are \.inter files of 2 data sets: a, b"):
        load(tmp_path / "c")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"there is no NAME\.inter"):
        load(tmp_path / "empty")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("shop.inter", "user_id\titem_id\nu\tA\n", r"'user_id' in the header is no FIELD:TYPE.*shop\.inter, line 1"),
        ("shop.inter", "user_id:token\titem_id:int\nu\tA\n", "'item_id:int' in the header is no FIELD:TYPE"),
        ("shop.inter", "user_id:token,item_id:token\nu,A\n", "'user_id:token,item_id:token'.*separator=,"),
        ("shop.inter", "user_id:float\titem_id:token\n1\tA\n", "the field 'user_id' is float, not token"),
        ("shop.inter", "user_id:token\titem_id:token\trating:token\nu\tA\t5\n", "'rating' is token, not float"),
        ("shop.inter", "user_id:token\tn:float\nu\t1\n", "the field 'item_id' is missing.*Fields found: user_id:token"),
        ("shop.inter", "a:token\ta:token\nu\tA\n", "two fields are called 'a'"),
        ("shop.kg", "head_id:token\trelation_id:token\nm.a\tby\n", "the field 'tail_id' is missing.*shop.kg"),
        ("shop.link", "item_id:token\nA\n", "the field 'entity_id' is missing.*shop.link"),
    ],
)
def test_headers_that_say_something_else_are_refused(tmp_path: Path, name: str, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load(written(tmp_path, FILES | {name: content}))


def test_triples_need_links(tmp_path: Path) -> None:
    written(tmp_path, {name: text for name, text in FILES.items() if name != "shop.link"})
    with pytest.raises(InputError, match=r"there is no shop\.link.*shop\.kg.*Put it beside"):
        load(tmp_path)


def test_a_graph_that_touches_no_item_is_told(tmp_path: Path) -> None:
    files = FILES | {"shop.link": "item_id:token\tentity_id:token\nA\tm.zzz\n"}
    remarks = load(written(tmp_path, files)).report.remarks
    assert any(remark.startswith("no triple touches an item") for remark in remarks)


@pytest.mark.parametrize(
    "options", [{"separator": ""}, {"separator": "::"}, {"sequence_separator": ""}, {"time_unit": "d"}]
)
def test_options_that_mean_nothing_are_refused(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        load(written(tmp_path, FILES), **options)


def test_a_property_that_no_engine_can_hold_is_refused_before_anything_is_stored(tmp_path: Path) -> None:
    files = {"x.inter": "user_id:token\titem_id:token\tfrom:token\nu\tA\tshop\n"}
    written(tmp_path / "x", files)
    with gr.open_store(tmp_path / "store") as store:
        with pytest.raises(SchemaError, match="'from'"):
            gr.load(store, "recbole", tmp_path / "x")
        gr.load(store, "recbole", tmp_path / "x", leave_out="from")
        assert len(gr.Dataset.from_store(store).interactions) == 1
