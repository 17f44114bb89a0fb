"""Knowledge graphs and rules of attributes in data frames: the same tables as from files that say the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from graphrec.errors import UsageError
from graphrec.loaders import table
from graphrec.loading.frames_to_tables import frames_to_tables
from graphrec.schema import EdgeKind
from tests.loaders.checks import assert_sound, edge_set
from tests.loading.mapped.test_mapped_graph import BASE, FILES, ITEMS, LINKS, TRIPLES

if TYPE_CHECKING:
    from pathlib import Path

TAKEN = pd.DataFrame({"user": ["ann", "bob", "cid", "cid"], "item": [1, 2, 3, 4]})

FACTS = pd.DataFrame({"head": ["1"], "relation": ["by"], "tail": ["mann"]})


@pytest.fixture
def frames(tmp_path: Path) -> dict[str, pd.DataFrame]:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return {path.stem: pd.read_csv(path, dtype=str) for path in tmp_path.glob("*.csv")}


def test_frames_and_files_give_the_same_tables(frames: dict[str, pd.DataFrame], tmp_path: Path) -> None:
    rules: dict[str, Any] = {
        "price": {"bins": 2}, "year": {"width": 10, "kind": "decade"}, "plot": {"terms": 1, "most_items": 1.0},
        "genres": {"separator": "|", "most_items": 0.5},
    }  # fmt: skip
    mapped = (
        'attributes = { price = { bins = 2 }, year = { width = 10, kind = "decade" }, '
        'plot = { terms = 1, most_items = 1.0 }, genres = { separator = "|", most_items = 0.5 } }\n'
    )
    nodes = '[entities]\nfile = "nodes.csv"\nid = "node"\nname = "label"\nkind_column = "what"\n'
    left_out = 'leave_out = ["type"]\nleave_out_entities = ["8"]\nmost_items = 0.9\n'
    (tmp_path / "mapping.toml").write_text(BASE + ITEMS + mapped + TRIPLES + left_out + LINKS + nodes)
    from_files = table.load(tmp_path)
    from_frames = frames_to_tables(
        TAKEN, items=frames["films"], item_id="id", item_attributes=rules,
        triples=frames["facts"], head="h", relation="r", tail="t",
        leave_out_relations="type", leave_out_entities=["8"], most_items=0.9,
        links=frames["links"], link_item="film", link_entity="node",
        entities=frames["nodes"], entity_id="node", entity_name="label", entity_kind="what",
    )  # fmt: skip
    files, same = assert_sound(from_files), assert_sound(from_frames)
    assert {label: nodes.to_pylist() for label, nodes in same.nodes.items()} == {
        label: nodes.to_pylist() for label, nodes in files.nodes.items()
    }
    assert {kind: edges.to_pylist() for kind, edges in same.edges.items()} == {
        kind: edges.to_pylist() for kind, edges in files.edges.items()
    }
    told = [remark for remark in from_frames.report.remarks if "columns dropped" not in remark]
    assert told == [
        remark.replace("facts.csv:", "triples:")
        for remark in from_files.report.remarks
        if "columns dropped" not in remark
    ]


def test_numbers_need_no_text(frames: dict[str, pd.DataFrame]) -> None:
    films = pd.DataFrame({"item": [1, 2, 3, 4], "price": [5, 10.5, 20, None]})
    tables = frames_to_tables(TAKEN, items=films, item_attributes={"price": {"edges": [10.5]}}).tables
    assert edge_set(tables.edges[EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")]) == {
        ("1", "item.price=under 10.5"), ("2", "item.price=10.5 or more"), ("3", "item.price=10.5 or more"),
    }  # fmt: skip


def test_kinds_without_names(frames: dict[str, pd.DataFrame]) -> None:
    tables = frames_to_tables(
        TAKEN, triples=frames["facts"], head="h", relation="r", tail="t",
        entities=frames["nodes"], entity_id="node", entity_name=None, entity_kind="what", missing=["person"],
    ).tables  # fmt: skip
    entities = {row["id"]: (row["name"], row["kind"]) for row in tables.nodes["Entity"].to_pylist()}
    assert entities == {"7": ("7", None), "8": ("8", None), "0": ("0", None)}


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"links": TAKEN}, "but no triples were handed in"),
        ({"most_items": 0.5}, "but no triples were handed in"),
        ({"leave_out_relations": ["type"]}, "but no triples were handed in"),
        ({"link_item": "film"}, "but no links were handed in"),
        ({"entity_kind": "what"}, "but no entities were handed in"),
        ({"triples": FACTS, "most_items": 2}, "most_items is 2"),
        (
            {"triples": TAKEN, "only_relations": ["a"], "leave_out_relations": ["a"]},
            "the relation 'a' is kept and left out",
        ),
        (
            {"items": TAKEN, "item_attributes": {"user": {"bins": 1}}},
            "bins: Input should be greater than or equal to 2",
        ),
        ({"items": TAKEN, "item_attributes": {"user": {"bins": 3, "width": 1}}}, "says both bins and width"),
        ({"items": TAKEN, "item_attributes": {"user": 5}}, "cannot say 5 of the column 'user'"),
    ],
)
def test_what_makes_no_sense_is_refused(said: dict[str, Any], fault: str) -> None:
    with pytest.raises(UsageError, match=fault):
        frames_to_tables(TAKEN, **said)


def test_an_item_without_a_name_is_called_as_its_entity() -> None:
    result = frames_to_tables(
        TAKEN,
        items=pd.DataFrame({"item": [1, 2], "title": ["Own", None]}),
        item_name="title",
        triples=pd.DataFrame({"head": ["f1", "f2"], "relation": ["by", "by"], "tail": ["mann", "mann"]}),
        links=pd.DataFrame({"item": [1, 2, 3], "entity": ["f1", "f2", "f3"]}),
        entities=pd.DataFrame({"entity": ["f1", "f2", "mann"], "name": ["One", "Two", "Mann"]}),
    )
    names = {row["id"]: row["name"] for row in result.tables.nodes["Item"].to_pylist()}
    assert names == {"1": "Own", "2": "Two", "3": "3", "4": "4"}
    assert "1 item without a name is called as its entity, such as 2: 'Two'" in result.report.remarks
