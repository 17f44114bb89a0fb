from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import graphrec as gr
from tests.store.test_contract_names import OF_EDGES, OF_NODES

if TYPE_CHECKING:
    from pathlib import Path

TAKEN = pd.DataFrame({"user": ["a", "b"], "item": ["x", "y"]})
ITEMS = pd.DataFrame({"item": ["x", "y"]})
OF_FRAMES = tuple(name for name in OF_NODES if name not in ("item", "user"))


def test_every_name_that_a_store_takes(tmp_path: Path) -> None:
    of_edges = [name for name in OF_EDGES if name not in ("item", "user", "rating", "weight", "timestamp")]
    taken, items = TAKEN.copy(), ITEMS.copy()
    for name in of_edges:
        taken[name] = [f"{name} 1", f"{name} 2"]
    for name in OF_FRAMES:
        items[name] = [f"{name} 1", f"{name} 2"]
    columns: dict[str, Any] = {"items": items, "item_properties": OF_FRAMES, "interaction_properties": of_edges}
    gr.Dataset.from_pandas(taken, **columns)
    with gr.open_store(tmp_path / "store") as store:
        store.load_frames(taken, **columns)
        for name in OF_FRAMES:
            quoted = "`" + name.replace("`", "``") + "`"
            text = f"MATCH (i:Item) RETURN i.{quoted} AS v ORDER BY i.id LIMIT 3"
            assert store.query(text)["v"].tolist() == [f"{name} 1", f"{name} 2"]


@pytest.mark.parametrize("name", ["id", "ID", "Name", "name", "_id", "_Label", "rowid", "", " ", "a\n", "x" * 201])
def test_properties_of_items_that_cannot_be(name: str) -> None:
    items = ITEMS.assign(**{name: ["1", "2"]})
    with pytest.raises(gr.GraphrecError, match=r"items cannot have a property called .*: the name ") as refused:
        gr.Dataset.from_pandas(TAKEN, items=items, item_properties=[name])
    assert repr(name[:60]) in str(refused.value)


@pytest.mark.parametrize("name", ["from", "To", "rating", "Rating", "WEIGHT", "timestamp", "_src"])
def test_properties_of_interactions_that_cannot_be(name: str) -> None:
    taken = TAKEN.assign(**{name: ["1", "2"]})
    with pytest.raises(gr.GraphrecError, match=f"interactions cannot have a property called '{name}'"):
        gr.Dataset.from_pandas(taken, interaction_properties=[name])


def test_two_properties_that_differ_by_case_alone() -> None:
    items = ITEMS.assign(type=["1", "2"], Type=["3", "4"])
    with pytest.raises(gr.GraphrecError, match="called 'Type': the name differs from 'type' only in how it is written"):
        gr.Dataset.from_pandas(TAKEN, items=items, item_properties=["type", "Type"])


def test_an_attribute_without_a_name() -> None:
    with pytest.raises(gr.GraphrecError, match=r"items cannot have an attribute called '': the name is empty"):
        gr.Dataset.from_pandas(TAKEN, items=ITEMS.assign(**{"": ["1", "2"]}), item_attributes=[""])


@pytest.mark.parametrize("name", ["", " ", "a\n", "x" * 201])
def test_names_of_data_sets(name: str) -> None:
    with pytest.raises(gr.GraphrecError, match="the data set's id"):
        gr.Dataset.from_pandas(TAKEN, name=name)


def test_names_of_entities_that_no_triple_has() -> None:
    facts = pd.DataFrame({"head": ["x"], "relation": ["r"], "tail": ["e"]})
    names = pd.DataFrame({"entity": ["m.1"], "name": ["One"]})
    report = gr.Dataset.from_pandas(TAKEN, triples=facts, entities=names).report
    assert report is not None
    remarks = report.remarks
    assert "described entities: none of 1 is in the graph; here ids are such as 'm.1', there such as 'e'" in remarks
