from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import graphrec as gr
from graphrec.loading.frames_to_tables import frames_to_tables
from graphrec.loading.interactions import INTERACTED
from graphrec.loading.missing import looks_missing, without_missing
from graphrec.loading.registry import read
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set

if TYPE_CHECKING:
    from pathlib import Path

CARRIES = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
IS = EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")
ABOUT = EdgeKind("HAS_ENTITY", "Item", "Entity")
MAPPING = """
[dataset]
id = "d"
missing = ["?", "-1"]
[interactions]
file = "r{ending}"
user = "u"
item = "i"
rating = "r"
timestamp = "t"
properties = {{ page = "string", n = "integer" }}
[items]
file = "i{ending}"
id = "id"
name = "title"
attributes = ["genre"]
properties = {{ year = "integer", price = "float", shelf = "string" }}
entities = {{ by = {{}} }}
"""
TAKEN = [
    {"u": "a", "i": "1", "r": 5.0, "t": 10, "page": "home", "n": 1},
    {"u": "b", "i": "1", "r": -1.0, "t": -1, "page": "?", "n": -1},
    {"u": "?", "i": "2", "r": 4.0, "t": 12, "page": "home", "n": 3},
    {"u": "c", "i": "2", "r": 4.0, "t": 13, "page": "NA", "n": 3},
]
ITEMS = [
    {"id": "1", "title": "One", "genre": "?", "year": -1, "price": -1.0, "shelf": "-1", "by": "e"},
    {"id": "2", "title": "?", "genre": "NA", "year": 1999, "price": 2.5, "shelf": " ? ", "by": "?"},
]


def write(folder: Path, ending: str) -> None:
    for name, rows in (("r", TAKEN), ("i", ITEMS)):
        frame = pd.DataFrame(rows)
        if ending == ".csv":
            frame.to_csv(folder / f"{name}.csv", index=False)
        elif ending == ".parquet":
            pq.write_table(pa.Table.from_pandas(frame, preserve_index=False), folder / f"{name}.parquet")
        else:
            frame.to_json(folder / f"{name}.jsonl", orient="records", lines=True)
    (folder / "mapping.toml").write_text(MAPPING.format(ending=ending))


@pytest.mark.parametrize("ending", [".csv", ".parquet", ".jsonl"])
def test_declared_missing_values_are_nothing_in_every_column(tmp_path: Path, ending: str) -> None:
    write(tmp_path, ending)
    loaded = read("table", tmp_path)
    tables = assert_sound(loaded)
    # the user called ? is no user, so that his row is skipped as one without an id
    assert edge_set(tables.edges[INTERACTED], "rating", "timestamp", "page", "n") == {
        ("a", "1", 5.0, 10, "home", 1),
        ("b", "1", None, None, None, None),
        ("c", "2", 4.0, 13, "NA", 3),
    }
    account = next(file for file in loaded.report.files if "r." in file.path.rsplit("/", 1)[-1])
    assert (account.read, account.kept, account.skipped) == (4, 3, {"u is empty": 1})
    assert tables.nodes["Item"].to_pylist() == [
        {"id": "1", "name": "One", "year": None, "price": None, "shelf": None},
        {"id": "2", "name": "2", "year": 1999, "price": 2.5, "shelf": None},
    ]
    assert edge_set(tables.edges[CARRIES]) == {("2", "item.genre=NA")}
    assert edge_set(tables.edges[ABOUT]) == {("1", "e")}
    (told,) = [remark for remark in loaded.report.remarks if "looks as if" in remark]
    assert told.startswith("1 item has the genre 'NA', which looks as if nothing were known; it is kept. To leave it")
    assert told.endswith('say missing = ["NA"] in its section of the mapping')


def test_a_section_has_a_list_of_its_own(tmp_path: Path) -> None:
    write(tmp_path, ".csv")
    path = tmp_path / "mapping.toml"
    path.write_text(path.read_text().replace("[items]\n", '[items]\nmissing = ["NA"]\n'))
    tables = assert_sound(read("table", tmp_path))
    assert edge_set(tables.edges[CARRIES]) == {("1", "item.genre=?")}
    assert tables.nodes["Item"].column("year").to_pylist() == [-1, 1999]
    assert tables.edges[INTERACTED].num_rows == 3


def test_frames_take_the_same_list() -> None:
    taken, items = pd.DataFrame(TAKEN), pd.DataFrame(ITEMS)
    columns: dict[str, Any] = {
        "user": "u",
        "item": "i",
        "rating": "r",
        "timestamp": "t",
        "interaction_properties": ["page", "n"],
        "items": items,
        "item_id": "id",
        "item_name": "title",
        "item_attributes": ["genre"],
        "item_properties": ["year", "price", "shelf"],
    }
    tables = assert_sound(frames_to_tables(taken, missing=["?", "-1"], **columns))
    assert edge_set(tables.edges[INTERACTED], "rating", "timestamp", "page", "n") == {
        ("a", "1", 5.0, 10, "home", 1),
        ("b", "1", None, None, None, None),
        ("c", "2", 4.0, 13, "NA", 3),
    }
    assert tables.nodes["Item"].to_pylist() == [
        {"id": "1", "name": "One", "year": None, "price": None, "shelf": None},
        {"id": "2", "name": "2", "year": 1999, "price": 2.5, "shelf": None},
    ]
    report = gr.Dataset.from_pandas(taken, **columns).report
    assert report is not None
    assert (
        "1 item has the genre '?', which looks as if nothing were known; it is kept. "
        'To leave it out, say missing=["?"]' in report.remarks
    )


def test_values_within_lists_are_left_out_too(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("u,i,tags\na,1,x|NA|y\nb,2,NA\n")
    (tmp_path / "mapping.toml").write_text(
        '[dataset]\nid = "d"\n[interactions]\nfile = "r.csv"\nuser = "u"\nitem = "i"\n'
        '[items]\nfile = "r.csv"\nid = "i"\nmissing = ["NA"]\nattributes = { tags = "|" }\n'
        '[users]\nfile = "r.csv"\nid = "u"\nattributes = { tags = "|" }\n'
    )
    loaded = read("table", tmp_path)
    assert edge_set(loaded.tables.edges[CARRIES]) == {("1", "item.tags=x"), ("1", "item.tags=y")}
    assert edge_set(loaded.tables.edges[IS]) >= {("a", "user.tags=NA"), ("b", "user.tags=NA")}
    assert [r.partition(",")[0] for r in loaded.report.remarks if "looks" in r] == ["2 users have the tags 'NA'"]


@pytest.mark.parametrize("word", ["?", "NA", "n/a", "None", "null", "NaN", "-", "\\N", "unknown", " N/A ", "<NA>"])
def test_what_looks_missing(word: str) -> None:
    assert looks_missing(pa.array([word, "Drama", "0", ""])).to_pylist() == [True, False, False, False]


def test_ids_and_entities_that_look_missing_are_told(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("u,i,by\nnan,1,None\nb,2,e\n")
    (tmp_path / "mapping.toml").write_text(
        '[dataset]\nid = "d"\n[interactions]\nfile = "r.csv"\nuser = "u"\nitem = "i"\n'
        '[items]\nfile = "r.csv"\nid = "i"\nentities = { by = {} }\n'
    )
    remarks = read("table", tmp_path).report.remarks
    assert any(remark.startswith("1 fact leads to the entity 'None', which looks") for remark in remarks)
    assert any(remark.startswith("there is a User 'nan', which looks") for remark in remarks)


def test_only_so_many_values_are_named(tmp_path: Path) -> None:
    words = ["?", "-", "--", "na", "NA", "n/a", "N/A", "nan", "NaN", "null", "NULL", "none", "None"]
    (tmp_path / "r.csv").write_text("u,i,w\n" + "".join(f"a,{n},{word}\n" for n, word in enumerate(words)))
    (tmp_path / "mapping.toml").write_text(
        '[dataset]\nid = "d"\n[interactions]\nfile = "r.csv"\nuser = "u"\nitem = "i"\n'
        '[items]\nfile = "r.csv"\nid = "i"\nattributes = ["w"]\n'
    )
    remarks = [remark for remark in read("table", tmp_path).report.remarks if "look" in remark]
    assert len(remarks) == 11
    assert remarks[-1] == "3 further values look as if nothing were known"


def test_numbers_are_compared_by_value() -> None:
    assert without_missing(pa.array([0.0, 1.5, None]), ["0"]).to_pylist() == [None, 1.5, None]
    assert without_missing(pa.array([0, -1]), ["-1.0", "?"]).to_pylist() == [0, None]
    assert without_missing(pa.array(["0", " ? ", "a?"]), ["?"]).to_pylist() == ["0", "", "a?"]
    assert without_missing(pa.array([True]), ["true"]).to_pylist() == [True]
