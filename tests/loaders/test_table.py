from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrec.errors import InputError
from graphrec.loaders.table import load
from graphrec.loading.interactions import INTERACTED
from graphrec.schema import Property, PropertyType
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set

if TYPE_CHECKING:
    from pathlib import Path

ITEM_ATTRIBUTE = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
USER_ATTRIBUTE = EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")
HAS_ENTITY = EdgeKind("HAS_ENTITY", "Item", "Entity")
MAPPING = """
[dataset]
id = "shop"
name = "Corner shop"

[interactions]
file = "bought.csv"
user = "who"
item = "what"
rating = "stars"
weight = "pieces"
timestamp = "when"
time_unit = "iso"
properties = { online = "boolean" }

[items]
file = "goods.tsv"
id = "sku"
name = "title"
attributes = { brand = "", colour = "|" }
properties = { price = "float", stock = "integer" }
entities.maker = { relation = "made_by", separator = ";", kind = "company" }

[users]
file = "people.jsonl"
id = "id"
attributes = ["country", "hobbies"]

[triples]
file = "facts.csv"
head = "h"
relation = "r"
tail = "t"
"""
BOUGHT = """who,what,stars,pieces,when,online,till
ann,a,5,1,1970-01-02,true,1
bob,a,,2,1970-01-01T00:00:10Z,false,2
ann,b,2,1,,,3
ann,a,4,3,1970-01-01 12:00:00,0,4
cid,a,3,1,yesterday,1,5
cid,a,3,1,1970-01-01,perhaps,6
"""
GOODS = (
    "sku\ttitle\tbrand\tcolour\tprice\tstock\tmaker\n"
    "a\tApple\tBee\tred|green\t1.5\t7\tAcme;Bolt\nb\tBall\t\t\t\t\tAcme\n"
)
PEOPLE = [{"id": "ann", "country": "Chad", "hobbies": ["chess", "golf"]}, {"id": "dan", "hobbies": []}]
FACTS = "h,r,t\nAcme,owns,Bolt\na,like,b\n"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "mapping.toml").write_text(MAPPING)
    (tmp_path / "bought.csv").write_text(BOUGHT)
    (tmp_path / "goods.tsv").write_text(GOODS)
    (tmp_path / "people.jsonl").write_text("\n".join(map(json.dumps, PEOPLE)))
    (tmp_path / "facts.csv").write_text(FACTS)
    return tmp_path


def test_a_shop_worked_out_by_hand(shop: Path) -> None:
    loaded = load(shop)
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[INTERACTED], "rating", "weight", "timestamp", "online") == {
        ("ann", "a", 5.0, 4.0, 86_400, True),
        ("bob", "a", None, 2.0, 10, False),
        ("ann", "b", 2.0, 1.0, None, None),
        ("cid", "a", 3.0, 2.0, 0, None),
    }
    assert tables.nodes["Item"].to_pylist() == [
        {"id": "a", "name": "Apple", "price": 1.5, "stock": 7},
        {"id": "b", "name": "Ball", "price": None, "stock": None},
    ]
    assert tables.nodes["User"].column("id").to_pylist() == ["ann", "dan", "bob", "cid"]
    assert edge_set(tables.edges[ITEM_ATTRIBUTE]) == {
        ("a", "item.brand=Bee"), ("a", "item.colour=red"), ("a", "item.colour=green"),
    }  # fmt: skip
    assert edge_set(tables.edges[USER_ATTRIBUTE]) == {
        ("ann", "user.country=Chad"), ("ann", "user.hobbies=chess"), ("ann", "user.hobbies=golf"),
    }  # fmt: skip
    assert edge_set(tables.edges[HAS_ENTITY], "relation") == {
        ("a", "Acme", "made_by"), ("a", "Bolt", "made_by"), ("b", "Acme", "made_by"),
    }  # fmt: skip
    assert tables.nodes["Entity"].to_pylist() == [
        {"id": "Acme", "name": "Acme", "kind": "company"},
        {"id": "Bolt", "name": "Bolt", "kind": "company"},
    ]
    assert edge_set(tables.edges[EdgeKind("RELATED_TO", "Entity", "Entity")], "relation") == {("Acme", "Bolt", "owns")}
    assert edge_set(tables.edges[EdgeKind("RELATED_TO", "Item", "Item")], "relation") == {("a", "b", "like")}


def test_the_account_of_the_shop(shop: Path) -> None:
    loaded = load(shop)
    account = next(file for file in loaded.report.files if file.path.endswith("bought.csv"))
    assert account.unread == {"when is not a time": 1, "online is not true or false": 1}
    assert account.examples == {"when is not a time": [6], "online is not true or false": [7]}
    assert (account.skipped, account.kept) == ({}, 6)
    assert "bought.csv: columns dropped: till" in loaded.report.remarks
    assert loaded.info.declared == {
        "INTERACTED": (Property("online", PropertyType.BOOLEAN),),
        "Item": (Property("price", PropertyType.FLOAT), Property("stock", PropertyType.INTEGER)),
    }
    assert (loaded.info.id, loaded.info.name) == ("shop", "Corner shop")


def test_one_file_with_a_mapping_that_names_none(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    mapping = tmp_path / "maps" / "m.toml"
    mapping.write_text('[dataset]\nid="x"\n[interactions]\nuser="u"\nitem="i"\n[items]\nid="i"\nattributes=["kind"]\n')
    rows = {"u": [1, 2, 2], "i": [7, 7, 8], "kind": ["a", "a", None]}
    for name, write in (
        ("r.parquet", lambda path: pq.write_table(pa.table(rows), path)),
        ("r.csv", lambda path: path.write_text("u,i,kind\n1,7,a\n2,7,a\n2,8,\n")),
        (
            "r.ndjson",
            lambda path: path.write_text('{"u":1,"i":7,"kind":"a"}\n{"u":2,"i":7,"kind":"a"}\n{"u":2,"i":8}\n'),
        ),
    ):
        write(tmp_path / name)
        tables = assert_sound(load(tmp_path / name, mapping=str(mapping)))
        assert edge_set(tables.edges[INTERACTED]) == {("1", "7"), ("2", "7"), ("2", "8")}
        assert edge_set(tables.edges[ITEM_ATTRIBUTE]) == {("7", "item.kind=a")}


@pytest.mark.parametrize(("unit", "text"), [("s", "86400"), ("ms", "86400999"), ("iso", "1970-01-02T02:00:00+02:00")])
def test_time_units(tmp_path: Path, unit: str, text: str) -> None:
    (tmp_path / "m.toml").write_text(
        f'[dataset]\nid="x"\n[interactions]\nfile="r.csv"\nuser="u"\nitem="i"\ntimestamp="t"\ntime_unit="{unit}"\n'
    )
    (tmp_path / "r.csv").write_text(f"u,i,t\n1,2,{text}\n")
    assert load(tmp_path / "m.toml").tables.edges[INTERACTED].column("timestamp").to_pylist() == [86_400]


def test_ratings_below_zero_where_the_mapping_says_so(tmp_path: Path) -> None:
    mapping = tmp_path / "m.toml"
    text = '[dataset]\nid="x"\n[interactions]\nfile="r.csv"\nuser="u"\nitem="i"\nrating="r"\n'
    (tmp_path / "r.csv").write_text("u,i,r\n1,2,-3\n1,3,-11\n1,4,1\n")
    mapping.write_text(text)
    assert load(mapping).report.files[0].skipped == {"r is negative": 2}
    mapping.write_text(text + "lowest_rating = -10\n")
    assert load(mapping).report.files[0].examples == {"r is below -10": [3]}


def test_the_mapping_says_what_users_do(shop: Path) -> None:
    mapping = shop / "mapping.toml"
    assert load(shop).info.verb == ""
    mapping.write_text(mapping.read_text(encoding="utf-8").replace("[dataset]\n", '[dataset]\nverb = "bought"\n'))
    assert load(shop).info.verb == "bought"
    (shop / "over.toml").write_text('[dataset]\nid="brands"\nbase="shop"\nverb="sold"\n[items]\nid="sku"\n')
    with pytest.raises(InputError, match="an overlay has the verb of its base"):
        load(shop / "over.toml")


def test_an_overlay_brings_attributes_only(shop: Path) -> None:
    items = '[items]\nfile="goods.tsv"\nid="sku"\nattributes=["brand"]\n'
    (shop / "over.toml").write_text(f'[dataset]\nid="brands"\nbase="shop"\n{items}')
    loaded = load(shop / "over.toml")
    assert loaded.info.base == "shop"
    assert loaded.tables.counts() == {"Attribute": 1, "(Item)-[:HAS_ATTRIBUTE]->(Attribute)": 1}
    (shop / "over.toml").write_text(f'[dataset]\nid="brands"\nbase="shop"\n{items}name="title"\n')
    with pytest.raises(InputError, match="an overlay brings attributes, entities and triples only"):
        load(shop / "over.toml")


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("[dataset\n", "the mapping is not TOML"),
        ('[dataset]\nid="x"\n', r"the mapping has no \[interactions\]"),
        ('[dataset]\nname="x"\n', "entry 'dataset.id': is missing"),
        ('[dataset]\nid="x"\n[interactions]\nuser="u"\n', "entry 'interactions.item': is missing"),
        (
            '[dataset]\nid="x"\n[interactions]\nuser="u"\nitem="i"\nscore="s"\n',
            "entry 'interactions.score': is not known",
        ),
        ('[dataset]\nid="x"\n[interactions]\nuser="u"\nitem="i"\nproperties={a="date"}\n', "interactions.properties.a"),
        (
            '[dataset]\nid="x"\n[interactions]\nfile="r.xls"\nuser="u"\nitem="i"\n',
            "files ending in '.xls' are not known",
        ),
        ('[dataset]\nid="x"\n[interactions]\nfile="r.csv"\nuser="u"\nitem="i"\n', "there is no such file"),
        ("", "the file is empty"),
        (
            '[dataset]\nid="x"\n[interactions]\nuser="u"\nitem="i"\nencoding="klingon"\n',
            "no encoding of text is called",
        ),
        ('[dataset]\nid="x"\n[interactions]\nuser="u"\nitem="i"\nencoding="base64"\n', "no encoding of text is called"),
        (
            '[dataset]\nid="x"\n[interactions]\nuser="u"\nitem="i"\nencoding="punycode"\n',
            "no encoding of text is called",
        ),
        ('[dataset]\nid="x"\n[interactions]\nuser="u"\nitem="i"\ndelimiter="a\\n"\n', "must be characters of ASCII"),
        ('[dataset]\nid="x"\n[interactions]\nuser="u"\nitem="u"\n', "gives the column 'u' two meanings"),
        (
            '[dataset]\nid="x"\n[interactions]\nuser="u"\nitem="i"\nrating="r"\nproperties={r="string"}\n',
            "gives the column 'r' two meanings",
        ),
    ],
)
def test_unusable_mappings_are_refused_with_the_entry(tmp_path: Path, mapping: str, message: str) -> None:
    path = tmp_path / "mapping.toml"
    path.write_text(mapping)
    with pytest.raises(InputError, match=message) as caught:
        load(tmp_path)
    assert str(tmp_path) in caught.value.where


@pytest.mark.parametrize(("column", "names"), [("user", {"id": "user"}), ("name", {"id": "item", "name": "name"})])
def test_lists_where_one_value_belongs_are_refused(tmp_path: Path, column: str, names: dict[str, str]) -> None:
    rows = pa.table({"user": ["u"], "item": ["i"], "name": ["n"]})
    place = rows.column_names.index(column)
    pq.write_table(rows.set_column(place, column, pa.array([["a", "b"]])), tmp_path / "d.parquet")
    pq.write_table(rows, tmp_path / "plain.parquet")
    section = "\n".join(f'{key}="{name}"' for key, name in names.items())
    taken = "d" if column == "user" else "plain"
    (tmp_path / "mapping.toml").write_text(
        f'[dataset]\nid="x"\n[interactions]\nfile="{taken}.parquet"\nuser="user"\nitem="item"\n'
        f'[items]\nfile="d.parquet"\n{section}\n'
    )
    with pytest.raises(InputError, match=f"the column '{column}' holds list<"):
        load(tmp_path)


def test_a_folder_without_a_mapping_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("u,i\n1,2\n")
    for path in (tmp_path, tmp_path / "r.csv"):
        with pytest.raises(InputError, match=r"nothing says what the columns are .*--option mapping=FILE"):
            load(path)
    with pytest.raises(InputError, match=r"no such file.*mapping\.toml"):
        load(tmp_path / "absent")


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), min_size=1), min_size=1, max_size=6, unique=True))
def test_nasty_ids_reach_the_tables_unchanged(tmp_path_factory: pytest.TempPathFactory, ids: list[str]) -> None:
    folder = tmp_path_factory.mktemp("ids")
    (folder / "mapping.toml").write_text(
        '[dataset]\nid="x"\n[interactions]\nfile="r.jsonl"\nuser="u"\nitem="i"\n[items]\nfile="r.jsonl"\nid="i"\nattributes=["u"]\n'
    )
    (folder / "r.jsonl").write_text("\n".join(json.dumps({"u": text, "i": text}) for text in ids))
    tables = assert_sound(load(folder, id_prefix="'"))
    assert edge_set(tables.edges[INTERACTED]) == {(f"'{text}", f"'{text}") for text in ids}
    assert {f"'item.u={text.strip()}" for text in ids if text.strip()} == set(
        tables.nodes["Attribute"].column("id").to_pylist() if "Attribute" in tables.nodes else []
    )


def test_mentions_of_a_file(shop: Path) -> None:
    said = EdgeKind("MENTIONED", "User", "Feature")
    whole = "user,item,feature,sentiment,count\nann,a,taste,1,2\nbob,a,gig bag,-0.5,\nzoe,a,taste,1,1\n"
    (shop / "said.csv").write_text(whole)
    mapping = (shop / "mapping.toml").read_text()
    (shop / "mapping.toml").write_text(mapping + '\n[mentions]\nfile = "said.csv"\n')
    loaded = load(shop)
    assert edge_set(assert_sound(loaded).edges[said], "item", "sentiment", "count") == {
        ("ann", "taste", "a", 1.0, 2), ("bob", "gig bag", "a", -0.5, 1),
    }  # fmt: skip
    assert any(r.startswith("said.csv: 1 of 3 (33 %) mentions are of no user") for r in loaded.report.remarks)
    (shop / "said.csv").write_text("who,item,aspect\nann,a,taste\n")
    own = 'file = "said.csv"\nuser = "who"\nfeature = "aspect"\nsentiment = ""\ncount = ""\n'
    (shop / "mapping.toml").write_text(mapping + "\n[mentions]\n" + own)
    assert edge_set(load(shop).tables.edges[said], "item", "sentiment", "count") == {("ann", "taste", "a", 0.0, 1)}
    (shop / "mapping.toml").write_text(mapping + '\n[mentions]\nfile = "said.csv"\ncount = "sentiment"\n')
    with pytest.raises(InputError, match=r"\[mentions\] gives the column 'sentiment' two meanings"):
        load(shop)
    (shop / "mapping.toml").write_text('[dataset]\nid = "more"\nbase = "shop"\n[mentions]\nfile = "said.csv"\n')
    with pytest.raises(InputError, match="an overlay brings attributes, entities and triples only"):
        load(shop)
