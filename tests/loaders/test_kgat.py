"""Folders of KGAT, with tables worked out by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import graphrec as gr
from graphrec.errors import InputError
from graphrec.loaders.kgat import load
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set

if TYPE_CHECKING:
    from pathlib import Path

HAS_ENTITY = EdgeKind("HAS_ENTITY", "Item", "Entity")
ENTITY_ITEM = EdgeKind("RELATED_TO", "Entity", "Item")
ENTITIES = EdgeKind("RELATED_TO", "Entity", "Entity")
ITEMS = EdgeKind("RELATED_TO", "Item", "Item")

NUMBERS = {
    "train.txt": "0 0 1\n1 1 1\n2 2\n",
    "test.txt": "0 1 3\n1 0\n2\n",
    # entities 0 to 3 are items, since 3 is the largest that somebody took
    "kg_final.txt": "0 0 4\n1 0 4\n5 1 2\n4 1 5\n3 1 0\n0 0 4\n",
}
LISTS = {
    "user_list.txt": "org_id remap_id\nann 0\nbob 1\n2 2\nnobody 3\n",
    "item_list.txt": "org_id remap_id freebase_id\n3 0 m.a\n0 1 m.b\nx 2\ny 3 m.d\nz 5 m.f\n",
    "entity_list.txt": "org_id remap_id\nm.a 0\nm.b 1\nm.c 2\nm.d 3\ncategories::Disability Law 4\nm.f 5\n",
    "relation_list.txt": "org_id remap_id\nhttp://freebase.com/ns/book.book.genre 0\nhttp://w3.org/schema#label 1\n",
}


def written(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir(exist_ok=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def test_numbers_worked_out_by_hand(tmp_path: Path) -> None:
    loaded = load(written(tmp_path / "books", NUMBERS), verb="read")
    tables = assert_sound(loaded)
    assert (loaded.info.id, loaded.info.verb) == ("books", "read")
    assert edge_set(tables.edges[INTERACTED], "split", "weight", "rating") == {
        ("0", "0", "train", 1.0, None),
        ("0", "1", "train", 1.0, None),  # stands in the test part too
        ("1", "1", "train", 1.0, None),  # stands twice
        ("2", "2", "train", 1.0, None),
        ("0", "3", "test", 1.0, None),
        ("1", "0", "test", 1.0, None),
    }
    assert tables.nodes["User"].column("name").to_pylist() == ["user 0", "user 1", "user 2"]
    assert dict(zip(*(tables.nodes["Item"].column(name).to_pylist() for name in ("id", "name")), strict=True)) == {
        "0": "item 0", "1": "item 1", "2": "item 2", "3": "item 3",
    }  # fmt: skip
    assert edge_set(tables.edges[HAS_ENTITY], "relation") == {("0", "4", "relation 0"), ("1", "4", "relation 0")}
    assert edge_set(tables.edges[ENTITY_ITEM], "relation") == {("5", "2", "relation 1")}
    assert edge_set(tables.edges[ENTITIES], "relation") == {("4", "5", "relation 1")}
    assert edge_set(tables.edges[ITEMS], "relation") == {("3", "0", "relation 1")}
    assert set(tables.nodes["Entity"].column("name").to_pylist()) == {"entity 4", "entity 5"}
    assert loaded.report.remarks == [
        "test.txt: 1 line has a first number and nothing after it",
        "1 repeat of pairs within a file: each pair counts once",
        "1 repeat of pairs across train.txt, test.txt: each belongs to the first",
        "1 item of later parts, such as 3, is not in train.txt",
        "1 repeated triples of the knowledge graph were left out",
    ]


def test_original_ids_where_lists_are_there(tmp_path: Path) -> None:
    """Original ids look like numbers of others here (item 0 is "3"); item 5 of the list is item, not entity."""
    tables = assert_sound(load(written(tmp_path, NUMBERS | LISTS)))
    assert edge_set(tables.edges[INTERACTED], "split") == {
        ("ann", "3", "train"),
        ("ann", "0", "train"),
        ("bob", "0", "train"),
        ("2", "x", "train"),
        ("ann", "y", "test"),
        ("bob", "3", "test"),
    }
    assert tables.nodes["User"].column("id").to_pylist() == ["ann", "bob", "2", "nobody"]
    items = tables.nodes["Item"].to_pydict()
    assert dict(zip(items["id"], items["freebase_id"], strict=True)) == {
        "3": "m.a", "0": "m.b", "x": None, "y": "m.d", "z": "m.f",
    }  # fmt: skip
    law = "categories::Disability Law"
    assert edge_set(tables.edges[HAS_ENTITY], "relation") == {
        ("3", law, "book.book.genre"),
        ("0", law, "book.book.genre"),
    }
    assert edge_set(tables.edges[ITEMS], "relation") == {("z", "x", "label"), ("y", "3", "label")}
    assert edge_set(tables.edges[ENTITY_ITEM], "relation") == {(law, "z", "label")}
    assert tables.nodes["Entity"].column("id").to_pylist() == [law]


def test_an_entity_that_is_called_like_an_item_stays_an_entity(tmp_path: Path) -> None:
    named = LISTS | {"entity_list.txt": LISTS["entity_list.txt"].replace("categories::Disability Law", "0")}
    tables = assert_sound(load(written(tmp_path, NUMBERS | named)))
    assert tables.nodes["Entity"].column("id").to_pylist() == ["0"]
    assert edge_set(tables.edges[HAS_ENTITY]) == {("3", "0"), ("0", "0")}


def test_the_items_of_yelp_whose_id_follows_the_number_at_once(tmp_path: Path) -> None:
    """KGAT's Yelp2018 has rows such as ``1kKz 257081kKz``: number 25708, and the id again."""
    rows = "org_id remap_id freebase_id\n1kKz 01kKz\n2Ab 12Ab\nx 2x\n_y 3_y\nz 5\n"
    tables = assert_sound(load(written(tmp_path, NUMBERS | LISTS | {"item_list.txt": rows})))
    items = tables.nodes["Item"].to_pydict()
    assert dict(zip(items["id"], items["freebase_id"], strict=True)) == {
        "1kKz": "1kKz", "2Ab": "2Ab", "x": "x", "_y": "_y", "z": None,
    }  # fmt: skip
    assert ("ann", "2Ab", "train") in edge_set(tables.edges[INTERACTED], "split")


def test_relations_keep_their_uris_where_two_would_become_one(tmp_path: Path) -> None:
    lists = {"relation_list.txt": "org_id remap_id\nhttp://a.org/name 0\nhttp://b.org/name 1\n"}
    tables = load(written(tmp_path, NUMBERS | lists)).tables
    assert set(tables.edges[HAS_ENTITY].column("relation").to_pylist()) == {"http://a.org/name"}


def test_labels_of_kgcn_and_ripplenet(tmp_path: Path) -> None:
    """Rows with the label 0 are draws, and their items are items nevertheless."""
    files = {
        "ratings_final.txt": "0\t0\t1\n0\t2\t0\n1\t1\t1\n1\t1\t1\n",
        "kg_final.txt": "0\t0\t3\n2\t0\t3\n",
    }
    loaded = load(written(tmp_path, files))
    tables = assert_sound(loaded)
    assert edge_set(tables.edges[INTERACTED], "weight") == {("0", "0", 1.0), ("1", "1", 1.0)}
    assert "split" not in tables.edges[INTERACTED].column_names
    assert edge_set(tables.edges[HAS_ENTITY]) == {("0", "3"), ("2", "3")}
    assert "ratings_final.txt: 1 row left out that the label 0 calls negative" in loaded.report.remarks


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("train.txt", "0 0 1\n1 1\n7 2\n", r"the number 7 is not in user_list\.txt.*train\.txt, line 3"),
        ("test.txt", "0 1\n\n1 0 8\n", r"the number 8 is not in item_list\.txt.*test\.txt, line 3"),
        ("kg_final.txt", "0 0 9\n", r"the number 9 is not in entity_list\.txt.*kg_final\.txt"),
        ("kg_final.txt", "0 2 4\n", r"the number 2 is not in relation_list\.txt.*kg_final\.txt"),
        ("user_list.txt", "ann 0\nbob 1\n2 2\n", r"the header is 'ann 0', not 'org_id remap_id'.*line 1"),
        ("user_list.txt", "org_id remap_id\nann 0\nbob 1\n2 1\n", r"the number 1 stands twice, here for '2'.*line 4"),
        ("user_list.txt", "org_id remap_id\nann 0\nann 1\n2 2\n", "1 ids? stands? for several numbers, such as 'ann'"),
        ("train.txt", "u i\n", r"no line has a number and further numbers.*train\.txt"),
    ],
)
def test_files_that_do_not_fit_one_another_are_refused(tmp_path: Path, name: str, content: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load(written(tmp_path, NUMBERS | LISTS | {name: content}))


def test_faulty_lines_are_counted_and_the_rest_is_loaded(tmp_path: Path) -> None:
    """A graph that touches no item is told."""
    files = NUMBERS | {"train.txt": "0 0 1\n1 x\n2 2\n", "test.txt": "0 3\n", "kg_final.txt": "7 0 8\n8 1.5 9\n"}
    loaded = load(written(tmp_path, files))
    by_name = {file.path.rpartition("/")[2]: file for file in loaded.report.files}
    assert by_name["train.txt"].examples == {"a word is no whole number below 1,000,000,000": [2]}
    assert (by_name["train.txt"].read, by_name["train.txt"].kept) == (3, 2)
    assert by_name["kg_final.txt"].examples == {"relation is not a whole number": [2]}
    assert any(remark.startswith("no triple touches an item") for remark in loaded.report.remarks)


def test_the_authors_parts_become_a_split(tmp_path: Path) -> None:
    """With a prefix, in the embedded engine, beside another data set of the same numbers."""
    folder = written(tmp_path / "books", NUMBERS)
    with gr.open_store(tmp_path / "store") as store:
        gr.load(store, "kgat", folder)
        other = written(tmp_path / "films", NUMBERS | {"train.txt": "0 0 3\n", "test.txt": "1 1\n"})
        gr.load(store, "kgat", other, id_prefix="film:")
        data = gr.Dataset.from_store(store, dataset="books")
        split = gr.split(data, "given", store=store, validation=0)
        films = gr.split(gr.Dataset.from_store(store, dataset="film:films"), "given", store=store, validation=0)
    assert {tuple(row.values()) for row in split.table.to_pylist()} == {
        ("0", "0", "train"),
        ("0", "1", "train"),
        ("1", "1", "train"),
        ("2", "2", "train"),
        ("0", "3", "test"),
        ("1", "0", "test"),
    }
    assert films.sizes == {"train": 2, "validation": 0, "test": 1}
    assert split.made["kind"] == "given"
    assert split.apply(data).test.n_entries == 2
