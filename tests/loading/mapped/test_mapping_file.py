from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrec.errors import GraphrecError, InputError
from graphrec.loaders.table import load
from graphrec.loading.interactions import INTERACTED
from graphrec.loading.mapped.mapping_file import read_mapping
from graphrec.schema import EdgeKind, Property, PropertyType
from tests.loaders.checks import assert_sound, edge_set

if TYPE_CHECKING:
    from pathlib import Path

CARRIES = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
ABOUT = EdgeKind("HAS_ENTITY", "Item", "Entity")
TAKEN = '[dataset]\nid = "d"\n[interactions]\nfile = "r.csv"\nuser = "u"\nitem = "i"\n'
ITEMS = '[items]\nfile = "i.csv"\nid = "id"\n'
TRIPLES = '[triples]\nfile = "kg.csv"\nhead = "h"\nrelation = "r"\ntail = "t"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "r.csv").write_text("u,i,from,to,rating,Rating,name\na,1,x,y,5,6,n\nb,2,x,z,4,3,m\na,2,v,y,3,1,o\n")
    (tmp_path / "i.csv").write_text(
        "id,title,ID,name,_id,by,year,tags\n1,One,p,n,q,e1,2008.0,a|b\n2,Two,r,m,s,e2,?,b\n"
    )
    (tmp_path / "kg.csv").write_text("h,r,t\n1,by,e1\n2,near,e1\n")
    return tmp_path


def written(folder: Path, mapping: str) -> Path:
    (folder / "mapping.toml").write_text(mapping)
    return folder


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        (TAKEN + 'rateing = "rating"\n', "'interactions.rateing': is not known.*Did you mean 'rating'"),
        (TAKEN + "[item]\n", "'item': is not known.*Did you mean 'items'"),
        (TAKEN + ITEMS + 'properties = { year = { typ = "integer" } }\n', "'items.properties.year.type': is missing"),
        (
            TAKEN + ITEMS + 'properties = { year = { type = "integer", nam = "y" } }\n',
            "'items.properties.year.nam': is not known.*Did you mean 'name'",
        ),
        (TAKEN + ITEMS + 'properties = { year = "int" }\n', "'items.properties.year.type': Input should be 'string'"),
        (TAKEN + ITEMS + 'properties = ["year"]\n', "'items.properties': must be a table"),
        (TAKEN + ITEMS + "properties = { year = 5 }\n", "'items.properties.year': must be a table"),
        (TAKEN + ITEMS + "attributes = [[1], [2]]\n", "'items.attributes': must be a table"),
        (TAKEN + ITEMS + "attributes = { tags = 1 }\n", "'items.attributes.tags': must be a table"),
        (TAKEN + ITEMS + 'attributes = { tags = { separater = "|" } }\n', "Did you mean 'separator'"),
        (TAKEN + ITEMS + 'entities = ["by"]\n', "'items.entities': must be a table"),
        (TAKEN + ITEMS + 'missing = "?"\n', "'items.missing': Input should be a valid list"),
        (TAKEN + ITEMS + "missing = [0]\n", r"'items.missing.0': Input should be a valid string"),
        (TAKEN + 'items = "i.csv"\n', "'interactions.items': is not known"),
        ('items = "i.csv"\n' + TAKEN, "'items': must be a table, such as"),
        (TAKEN + "items = 5\n", "is not known"),
        (TAKEN + ITEMS + ITEMS, r"the mapping is not TOML.*write both as \[\[items\]\]"),
        (TAKEN + ITEMS + ITEMS.replace("[items]", "[[ items ]] # more"), r"write both as \[\[items\]\]"),
        (TAKEN + "rating = \n", r"the mapping is not TOML.*See docs/data.md"),
        ("a = " + "[" * 3000, "the mapping is not TOML"),
        (TAKEN + "lowest_rating = nan\n", "'interactions.lowest_rating': Input should be a finite number"),
        (TAKEN + 'delimiter = "；"\n', "must be characters of ASCII"),
        (TAKEN + 'encoding = "punycode"\n', "'interactions.encoding'"),
        (TAKEN + 'encoding = "rot13"\n', "'interactions.encoding'"),
        (TAKEN + 'encoding = "utf-16"\n', "'interactions.encoding'"),
        ("[interactions]\n", "'dataset': is missing"),
        ('[dataset]\nid = "d"\n', r"the mapping has no \[interactions\]"),
        ('[dataset]\nid = "d"\nbase = "b"\n', "the overlay brings nothing"),
        ('[dataset]\nid = "d"\nbase = "b"\n' + ITEMS, "the overlay brings nothing"),
        ('[dataset]\nid = "d"\nbase = "b"\n' + ITEMS + 'name = "title"\n', "attributes, entities and triples only"),
        (TAKEN.replace('"i"', '"u"'), "gives the column 'u' two meanings"),
        (TAKEN + TRIPLES.replace('"t"', '"h"'), r"\[triples\] gives the column 'h' two meanings"),
        (TAKEN + ITEMS + 'attributes = [""]\n', r"\[items\] attributes: the kind '', .* is empty.*kind = "),
        (TAKEN + ITEMS + 'entities = { "" = {} }\n', r"\[items\] entities: the relation '', .* is empty"),
        (TAKEN + ITEMS + 'properties = { ID = "string" }\n', "property called 'ID': the name differs from 'id' only"),
        (TAKEN + ITEMS + 'properties = { name = "string" }\n', "property called 'name': the name is one of graphrec's"),
        (TAKEN + ITEMS + 'properties = { _id = "string" }\n', "property called '_id': .* embedded engine keeps"),
        (TAKEN + ITEMS + 'properties = { a = "string", A = "string" }\n', "called 'A': the name differs from 'a' only"),
        (
            TAKEN + 'properties = { from = "string" }\n',
            r"\[interactions\].* called 'from': .*end of every edge.*name = ",
        ),
        (TAKEN + 'properties = { Rating = "string" }\n', "called 'Rating': the name differs from 'rating' only"),
        (TAKEN + 'properties = { x = { type = "string", name = "to" } }\n', "called 'to': .*end of every edge"),
    ],
)
def test_what_a_mapping_cannot_say(folder: Path, mapping: str, sentence: str) -> None:
    with pytest.raises(InputError, match=sentence) as refused:
        read_mapping(written(folder, mapping) / "mapping.toml")
    assert "mapping.toml" in refused.value.where


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        (TAKEN.replace('"r.csv"', '"."'), r"\[interactions\] names a folder as its file"),
        (TAKEN.replace('file = "r.csv"\n', ""), r"\[interactions\] names no file"),
        (TAKEN.replace('"r.csv"', '"../nowhere.csv"'), "there is no such file"),
        (TAKEN.replace('"r.csv"', '"' + "x" * 300 + '.csv"'), r"\[interactions\] file: File name too long"),
        (TAKEN.replace('"r.csv"', '"a\\u0000.csv"'), "there is no such file|cannot be"),
        (TAKEN.replace('"r.csv"', '"r.csv/x.csv"'), "there is no such file"),
        (TAKEN.replace('"r.csv"', '"..gz"'), "."),
        (TAKEN.replace('"r.csv"', '"r.xlsx"'), "files ending in '.xlsx' are not known"),
        (TAKEN.replace('"u"', '"who"'), "the column 'who' is missing"),
        ('[dataset]\nid = "d"\nbase = "d"\n' + ITEMS + 'attributes = ["none"]\n', "the column 'none' is missing"),
        (
            '[dataset]\nid = "o"\nbase = "d"\n' + ITEMS + 'missing = ["?", "x"]\nattributes = ["gap"]\n',
            "the overlay brin",
        ),
    ],
)
def test_what_a_load_cannot_find(folder: Path, mapping: str, sentence: str) -> None:
    (folder / "r.xlsx").write_bytes(b"PK")
    if "gap" in mapping:
        (folder / "i.csv").write_text("id,gap\n1,?\n2,x\n")
    with pytest.raises(GraphrecError, match=sentence):
        load(written(folder, mapping))


def test_properties_under_another_name(folder: Path) -> None:
    mapping = (
        TAKEN
        + 'properties = { from = { type = "string", name = "origin" }, Rating = { type = "integer", name = "stars" }, '
        'name = "string" }\n' + ITEMS + 'name = "title"\nproperties = { ID = { type = "string", name = "code" }, '
        '_id = { type = "string", name = "key" } }\n'
    )
    loaded = load(written(folder, mapping))
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[INTERACTED], "origin", "stars", "name") == {
        ("a", "1", "x", 6, "n"), ("b", "2", "x", 3, "m"), ("a", "2", "v", 1, "o"),
    }  # fmt: skip
    assert tables.nodes["Item"].to_pylist() == [
        {"id": "1", "name": "One", "code": "p", "key": "q"}, {"id": "2", "name": "Two", "code": "r", "key": "s"},
    ]  # fmt: skip
    assert loaded.info.declared["INTERACTED"][0] == Property("origin", PropertyType.STRING)


def test_attributes_of_another_kind_and_a_column_without_a_name(folder: Path) -> None:
    (folder / "i.csv").write_text(",id,tags\nx,1,a|b\ny,2,b\n")
    mapping = TAKEN + ITEMS + 'attributes = { "" = { kind = "shelf" }, tags = { kind = "topic", separator = "|" } }\n'
    tables = assert_sound(load(written(folder, mapping)))
    assert edge_set(tables.edges[CARRIES]) == {
        ("1", "item.shelf=x"), ("2", "item.shelf=y"),
        ("1", "item.topic=a"), ("1", "item.topic=b"), ("2", "item.topic=b"),
    }  # fmt: skip


def test_a_column_that_is_more_than_one_thing(folder: Path) -> None:
    mapping = (
        TAKEN
        + ITEMS
        + (
            'name = "by"\nattributes = ["year", "by", "id"]\nentities = { by = {} }\n'
            'properties = { year = "integer", by = "string", id = { type = "integer", name = "number" } }\n'
        )
    )
    loaded = load(written(folder, mapping))
    tables = assert_sound(loaded)
    assert [row["number"] for row in tables.nodes["Item"].to_pylist()] == [1, 2]
    assert [(row["name"], row["by"]) for row in tables.nodes["Item"].to_pylist()] == [("e1", "e1"), ("e2", "e2")]
    assert edge_set(tables.edges[CARRIES]) >= {("1", "item.year=2008.0"), ("2", "item.year=?"), ("2", "item.id=2")}
    assert edge_set(tables.edges[ABOUT]) == {("1", "e1"), ("2", "e2")}
    assert any("of 'year', such as '?'" in remark or "'year', such as" in remark for remark in loaded.report.remarks)


def test_entities_beside_triples_stand_once(folder: Path) -> None:
    mapping = TAKEN + ITEMS + 'entities = { by = { kind = "person" } }\n' + TRIPLES
    tables = assert_sound(load(written(folder, mapping)))
    assert edge_set(tables.edges[ABOUT], "relation") == {("1", "e1", "by"), ("2", "e2", "by"), ("2", "e1", "near")}
    assert tables.nodes["Entity"].to_pylist() == [
        {"id": "e1", "name": "e1", "kind": "person"}, {"id": "e2", "name": "e2", "kind": "person"},
    ]  # fmt: skip


@pytest.mark.parametrize("ending", ["parquet", "jsonl"])
def test_a_separator_splits_the_texts_of_lists(folder: Path, ending: str) -> None:
    rows = [{"id": "1", "tags": ["x|y", "z"]}, {"id": "2", "tags": []}, {"id": "3", "tags": ["x"]}]
    if ending == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), folder / "i.parquet")
    else:
        (folder / "i.jsonl").write_text("\n".join(map(json.dumps, rows)))
    mapping = TAKEN + ITEMS.replace("i.csv", f"i.{ending}") + 'attributes = { tags = "|" }\n'
    tables = assert_sound(load(written(folder, mapping)))
    assert edge_set(tables.edges[CARRIES]) == {
        ("1", "item.tags=x"), ("1", "item.tags=y"), ("1", "item.tags=z"), ("3", "item.tags=x"),
    }  # fmt: skip


def test_lists_that_are_no_property(folder: Path) -> None:
    pq.write_table(pa.table({"id": ["1"], "tags": [["x"]]}), folder / "i.parquet")
    mapping = TAKEN + ITEMS.replace("i.csv", "i.parquet") + 'attributes = ["tags"]\nproperties = { tags = "string" }\n'
    with pytest.raises(InputError, match="the column 'tags' holds lists, and a property holds one value"):
        load(written(folder, mapping))


def test_triples_that_touch_nothing_or_little(folder: Path) -> None:
    (folder / "kg.csv").write_text("h,r,t\nm.1,r,m.2\nm.3,r,m.2\n")
    remarks = load(written(folder, TAKEN + TRIPLES)).report.remarks
    assert (
        "no triple touches an item: none of 2 has an item's id as head or tail; they have ids such as 'm.1', "
        "items such as '1'" in remarks
    )
    (folder / "kg.csv").write_text("h,r,t\n1,r,m.2\n" + "".join(f"m.{n},r,m.2\n" for n in range(199)))
    (folder / "r.csv").write_text("u,i\n" + "".join(f"a,{n}\n" for n in range(50)))
    remarks = load(written(folder, TAKEN + TRIPLES)).report.remarks
    assert "only 1 of 200 (0.5 %) triples touch an item, and 1 of 50 (2.0 %) items are touched" in remarks
    overlay = '[dataset]\nid = "o"\nbase = "d"\n' + TRIPLES
    remarks = load(written(folder, overlay)).report.remarks
    assert "no triple touches an item, since the ids of no items are known here" in remarks


def test_descriptions_that_match_nothing_or_little(folder: Path) -> None:
    (folder / "i.csv").write_text("id\nx1\nx2\n")
    remarks = load(written(folder, TAKEN + ITEMS)).report.remarks
    assert (
        "described Item ids: none of 2 is in the interactions; here ids are such as 'x1', there such as '1'" in remarks
    )
    (folder / "r.csv").write_text("u,i\n" + "".join(f"a,{n}\n" for n in range(100)))
    (folder / "i.csv").write_text("id\n7\n" + "".join(f"x{n}\n" for n in range(199)))
    remarks = load(written(folder, TAKEN + ITEMS)).report.remarks
    assert "described Item ids: only 1 of 200 (0.5 %) is in the interactions, which has 100" in remarks


def test_columns_that_give_nothing_are_told(folder: Path) -> None:
    rows = [{"id": "1", "o": {"k": 1}, "l": ["x"], "t": "x", "e": []}, {"id": "2", "o": {"k": 2}, "l": ["y"], "e": []}]
    (folder / "i.jsonl").write_text("\n".join(map(json.dumps, rows)))
    mapping = TAKEN + ITEMS.replace("i.csv", "i.jsonl")
    mapping += 'attributes = ["o", "t", "e"]\nproperties = { l = "string" }\n'
    remarks = load(written(folder, mapping)).report.remarks
    nothing = [remark for remark in remarks if "has no " in remark]
    assert nothing == [
        "i.jsonl: the column 'o' has no value that could be read",
        "i.jsonl: the column 'e' has no text or number in any row",
        "i.jsonl: the column 'l' has no value that could be read",
    ]


def test_a_list_in_a_field_with_a_dot(folder: Path) -> None:
    (folder / "i.jsonl").write_text('{"id": "1", "a.b": ["x"]}\n')
    mapping = TAKEN + ITEMS.replace("i.csv", "i.jsonl") + 'attributes = ["a.b"]\n'
    with pytest.raises(InputError, match=r"the field 'a\.b' holds lists, and has a dot in its name"):
        load(written(folder, mapping))
