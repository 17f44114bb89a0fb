"""Several sections, long tables, lookups and lists: what becomes of the values in the cells."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrec.errors import InputError
from graphrec.loaders.table import load
from graphrec.loading.interactions import INTERACTED
from graphrec.loading.mapped import kinds_in_rows
from graphrec.schema import EdgeKind, Property, PropertyType
from tests.loaders.checks import assert_sound, edge_set

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import Loaded

CARRIES = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
OWNS = EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")
ABOUT = EdgeKind("HAS_ENTITY", "Item", "Entity")
TAKEN = '[dataset]\nid = "d"\n[interactions]\nfile = "r.csv"\nuser = "u"\nitem = "i"\n'


def loaded(folder: Path, mapping: str, **files: str) -> Loaded:
    """Write files, ``i`` as ``i.csv``, beside the ratings of a and b, and load them."""
    (folder / "r.csv").write_text("u,i\na,1\nb,2\na,2\n")
    for name, content in files.items():
        (folder / f"{name}.csv").write_text(content)
    (folder / "mapping.toml").write_text(mapping)
    return load(folder)


def items_section(*entries: str, file: str = "i.csv") -> str:
    return "\n".join(["[[items]]", f'file = "{file}"', 'id = "id"', *entries, ""])


def attributes_of(found: Loaded) -> set[tuple[object, ...]]:
    return edge_set(assert_sound(found).edges[CARRIES])


def test_sections_add_to_one_another_and_what_differs_is_told(tmp_path: Path) -> None:
    mapping = TAKEN + items_section('name = "t"', 'attributes = ["g"]', 'properties = { y = "integer" }')
    mapping += items_section(
        'name = "title"', 'properties = { year = { type = "integer", name = "y" }, p = "float" }', file="j.csv"
    )
    mapping += '[[users]]\nfile = "k.csv"\nid = "id"\nattributes = ["g"]\n'
    found = loaded(
        tmp_path,
        mapping,
        i="id,t,g,y\n1,One,x,1990\n2,,y,\n",
        j="id,title,year,p\n2,Two,2002,0.5\n1,Uno,1991,1.5\n3,Tre,2003,2.5\n",
        k="id,g\na,m\n",
    )
    tables = assert_sound(found)
    assert [(row["id"], row["name"], row["y"], row["p"]) for row in tables.nodes["Item"].to_pylist()] == [
        ("1", "One", 1990, 1.5), ("2", "Two", 2002, 0.5), ("3", "Tre", 2003, 2.5),
    ]  # fmt: skip
    assert edge_set(tables.edges[CARRIES]) == {("1", "item.g=x"), ("2", "item.g=y")}
    assert edge_set(tables.edges[OWNS]) == {("a", "user.g=m")}
    assert found.info.declared == {"Item": (Property("y", PropertyType.INTEGER), Property("p", PropertyType.FLOAT))}
    assert found.report.remarks[-4:] == [
        "1 User ids that interact have no description, such as 'b'",
        "2 rows repeat Item ids: what they add is taken, and of values that differ the first stands",
        "1 Item has more than one name, such as '1': 'One' stands, 'Uno' is left out",
        "1 Item has more than one y, such as '1': '1990' stands, '1991' is left out",
    ]


def test_interactions_of_several_files(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("who;what;stars;day;place\nb;2;4;1970-01-02;x\nc;9;5;;\n")
    mapping = (
        '[dataset]\nid = "d"\n[[interactions]]\nfile = "r.csv"\nuser = "u"\nitem = "i"\n'
        '[[interactions]]\nfile = "s.csv"\ndelimiter = ";"\nuser = "who"\nitem = "what"\nrating = "stars"\n'
        'timestamp = "day"\ntime_unit = "iso"\nproperties = { place = "string" }\n'
    )
    tables = assert_sound(loaded(tmp_path, mapping))
    assert edge_set(tables.edges[INTERACTED], "rating", "weight", "timestamp", "place") == {
        ("a", "1", None, 1.0, None, None), ("b", "2", 4.0, 2.0, 86_400, "x"), ("a", "2", None, 1.0, None, None),
        ("c", "9", 5.0, 1.0, None, None),
    }  # fmt: skip


def test_a_file_without_weights_counts_each_row_once(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("u,i,n\na,1,2.5\n")
    mapping = TAKEN.replace("[interactions]", "[[interactions]]")
    mapping += '[[interactions]]\nfile = "s.csv"\nuser = "u"\nitem = "i"\nweight = "n"\n'
    tables = assert_sound(loaded(tmp_path, mapping))
    assert edge_set(tables.edges[INTERACTED], "weight") == {("a", "1", 3.5), ("b", "2", 1.0), ("a", "2", 1.0)}


def test_triples_of_several_files(tmp_path: Path) -> None:
    triples = '[[triples]]\nfile = "{}.csv"\nhead = "h"\nrelation = "r"\ntail = "t"\n'
    found = loaded(
        tmp_path, TAKEN + triples.format("k") + triples.format("l"), k="h,r,t\n1,by,e\n", l="h,r,t\n2,by,e\n1,by,e\n"
    )
    assert edge_set(assert_sound(found).edges[ABOUT], "relation") == {("1", "e", "by"), ("2", "e", "by")}


def test_long_tables_repeat_their_ids(tmp_path: Path) -> None:
    mapping = TAKEN + items_section('name = "t"', 'attributes = ["g"]')
    found = loaded(tmp_path, mapping, i="id,t,g\n1,One,x\n1,One,y\n2,Two,x\n1,,z\n")
    assert attributes_of(found) == {("1", "item.g=x"), ("1", "item.g=y"), ("1", "item.g=z"), ("2", "item.g=x")}
    assert found.report.remarks == [
        "2 rows repeat Item ids: what they add is taken, and of values that differ the first stands"
    ]


def test_kinds_that_stand_in_a_column(tmp_path: Path) -> None:
    mapping = TAKEN + items_section('attributes = { value = { kind_column = "key", separator = "|" } }')
    found = loaded(tmp_path, mapping, i="id,key,value\n1,genre,x|y\n1,maker,Acme\n2, genre ,y\n2,,lost\n2,maker,\n")
    assert attributes_of(found) == {
        ("1", "item.genre=x"), ("1", "item.genre=y"), ("1", "item.maker=Acme"), ("2", "item.genre=y"),
    }  # fmt: skip
    assert "i.csv: 1 value left out, whose kind in 'key' is no name, such as ''" in found.report.remarks


def test_a_column_of_values_is_no_column_of_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds_in_rows, "_MOST_KINDS", 1)
    mapping = TAKEN + items_section('attributes = { key = { kind_column = "value" } }')
    with pytest.raises(
        InputError, match=r"'value' holds 2 kinds of attributes, such as 'x'.*Is it the column of values"
    ):
        loaded(tmp_path, mapping, i="id,key,value\n1,genre,x\n2,genre,y\n")


LOOKUP = '[lookups.genres]\nfile = "l.csv"\nkey = "code"\nvalue = "label"\n'


def test_codes_become_what_they_stand_for(tmp_path: Path) -> None:
    mapping = TAKEN + LOOKUP
    mapping += (
        '[lookups.titles]\nfile = "t.txt"\ncolumns = ["n", "title"]\ndelimiter = "::"\nkey = "n"\nvalue = "title"\n'
    )
    mapping += items_section(
        'name = "id"', 'name_lookup = "titles"', 'missing = ["none"]',
        'attributes = { g = { lookup = "genres", separator = "|" } }',
        'entities = { m = { lookup = "genres", relation = "made_by" } }',
    )  # fmt: skip
    (tmp_path / "t.txt").write_text("1::One: more\n7::Seven\n")
    found = loaded(
        tmp_path,
        mapping,
        i="id,g,m\n1,10|20,10\n2,30|20 |40,\n",
        l="code,label\n10,Drama\n20,War\n10,Play\n30,none\n",
    )
    assert attributes_of(found) == {("1", "item.g=Drama"), ("1", "item.g=War"), ("2", "item.g=War"), ("2", "item.g=40")}
    assert edge_set(found.tables.edges[ABOUT], "relation") == {("1", "Drama", "made_by")}
    assert [(row["id"], row["name"]) for row in found.tables.nodes["Item"].to_pylist()] == [
        ("1", "One: more"), ("2", "2"),
    ]  # fmt: skip
    told = found.report.remarks
    assert "lookup 'genres': 1 code has more than one value, such as '10': 'Drama' stands, 'Play' is left out" in told
    assert (
        "1 of 4 codes in the column 'g' has no entry in the lookup 'genres' and stays a code, such as '40'; "
        "its codes are such as '10'" in told
    )
    assert any(
        remark.startswith("1 of 2 codes in the column 'id' has no entry in the lookup 'titles'") for remark in told
    )


LISTS = {
    "1": "['x', \"y's\", 3, None]",
    "2": '["x", "\\u00e9", ""]',
    "3": "[]",
    "4": "",
    "5": "('x',)",
    "6": "x, y",
    "7": "['x' 'y']",
    "8": "[['x']]",
    "9": "__import__('os').system('true')",
    "10": "[" * 5000,
}
READ = {
    ("1", "item.g=x"),
    ("1", "item.g=y's"),
    ("1", "item.g=3"),
    ("2", "item.g=x"),
    ("2", "item.g=é"),
    ("5", "item.g=x"),
}


@pytest.mark.parametrize("ending", ["csv", "parquet", "jsonl"])
def test_lists_that_are_written_as_text(tmp_path: Path, ending: str) -> None:
    if ending == "csv":
        rows = ["id,g", *('{},"{}"'.format(id_, text.replace('"', '""')) for id_, text in LISTS.items())]
        (tmp_path / "i.csv").write_text("\n".join(rows))
    elif ending == "parquet":
        pq.write_table(pa.table({"id": list(LISTS), "g": list(LISTS.values())}), tmp_path / "i.parquet")
    else:
        rows = [json.dumps({"id": id_, "g": text}) for id_, text in LISTS.items()]
        (tmp_path / "i.jsonl").write_text("\n".join(rows))
    found = loaded(tmp_path, TAKEN + items_section("attributes = { g = { list = true } }", file=f"i.{ending}"))
    assert attributes_of(found) == READ
    first = 7 if ending == "csv" else 6
    assert found.report.files[0].unread == {"g is not a list such as ['a', 'b']": 5}
    assert found.report.files[0].examples == {"g is not a list such as ['a', 'b']": [*range(first, first + 5)]}


def test_lists_of_objects(tmp_path: Path) -> None:
    mapping = TAKEN + items_section('attributes = { g = { list = "name", kind = "genre" } }')
    rows = ["1,\"[{'id': 16, 'name': 'War'}, {'id': 35, 'name': 'Comedy'}]\"", '2,"[{""id"": 3}]"', "3,['x']"]
    found = loaded(tmp_path, mapping, i="\n".join(["id,g", *rows]))
    assert attributes_of(found) == {("1", "item.genre=War"), ("1", "item.genre=Comedy")}
    assert found.report.files[0].examples == {"g is not a list such as ['a', 'b']": [4]}


def test_lists_where_every_cell_is_one(tmp_path: Path) -> None:
    found = loaded(
        tmp_path, TAKEN + items_section("entities = { g = { list = true } }"), i="id,g\n1,\"['x','y']\"\n2,['x']\n"
    )
    assert edge_set(assert_sound(found).edges[ABOUT], "relation") == {("1", "x", "g"), ("1", "y", "g"), ("2", "x", "g")}
    assert found.report.files[0].faults() == []


LISTED = "attributes = { g = { list = true } }"
CODED = items_section('attributes = {{ g = {{ lookup = "{}" }} }}')
PRICED = items_section('properties = { p = "float" }')


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        (
            PRICED + items_section('properties = { q = { type = "integer", name = "p" } }'),
            r"'p' is declared as float by \[\[items\]\] 1 and as integer by \[\[items\]\] 2",
        ),
        (
            PRICED + items_section('properties = { P = "float" }'),
            r"\[\[items\]\] 2 cannot have a property called 'P': the name differs from 'p'",
        ),
        (PRICED + items_section('nam = "p"'), r"'items\[2\].nam': is not known .*Did you mean 'name'"),
        (PRICED + '[[items]]\nfile = "i.csv"\n', r"'items\[2\].id': is missing"),
        (CODED.format("genres"), r"the lookup 'genres', which the mapping does not have .*Add \[lookups.genres\]"),
        (LOOKUP + CODED.format("genre"), r"'genre', which the mapping does not have .*Known: genres"),
        (LOOKUP, r"\[lookups.genres\] is used by no column"),
        (LOOKUP.replace('key = "code"\n', "") + PRICED, "'lookups.genres.key': is missing"),
        (LOOKUP + 'kez = "x"\n' + PRICED, r"'lookups.genres.kez': is not known .*Did you mean 'key'"),
        (items_section('name_lookup = "genres"') + LOOKUP, "says name_lookup, and no column of codes"),
        (items_section('attributes = { g = { kind = "x", kind_column = "y" } }'), "'g' both a kind and a kind_column"),
        (items_section(LISTED, 'properties = { g = "string" }'), "reads the column 'g' as lists and as something else"),
        (items_section(LISTED, "entities = { g = {} }"), "reads the column 'g' as lists and as something else"),
    ],
)
def test_contradictions_are_refused(tmp_path: Path, mapping: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        loaded(tmp_path, TAKEN + mapping, i="no id\n")
