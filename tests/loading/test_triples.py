from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.loading.contract import LoaderReport
from graphrec.loading.triples import dbpedia_name, knowledge_graph, read_dbpedia, restrict_to_items
from graphrec.schema.elements import EdgeKind
from graphrec.tables.stated import STATED

if TYPE_CHECKING:
    from pathlib import Path

TRIPLES = pa.table(
    {
        "head": ["a", "a", "b", "x", "x", "b", "a", "y"],
        "relation": ["likes", "likes", "likes", "near", "near", "likes", "self", "near"],
        "tail": ["x", "x", "x", "y", "a", "a", "a", "y"],
    }
)
ITEMS = pa.table({"entity": ["a", "a", "b"], "item": ["1", "2", "3"]})


def edges(tables: object, kind: tuple[str, str, str]) -> set[tuple[str, str, str]]:
    table = tables.edges[EdgeKind(*kind)].to_pydict()
    rows = list(zip(table["from"], table["relation"], table["to"], strict=True))
    assert len(rows) == len(set(rows))
    return set(rows)


def test_triples_are_tied_to_items_by_hand() -> None:
    report = LoaderReport()
    names = pa.table({"entity": ["x"], "name": ["The X"]})
    tables = knowledge_graph(TRIPLES, ITEMS, report, names=names)
    assert edges(tables, ("HAS_ENTITY", "Item", "Entity")) == {(item, "likes", "x") for item in ("1", "2", "3")}
    assert edges(tables, ("RELATED_TO", "Entity", "Entity")) == {("x", "near", "y"), ("y", "near", "y")}
    assert edges(tables, ("RELATED_TO", "Entity", "Item")) == {("x", "near", "1"), ("x", "near", "2")}
    assert edges(tables, ("RELATED_TO", "Item", "Item")) == {
        ("3", "likes", "1"),
        ("3", "likes", "2"),
        *((one, "self", other) for one in ("1", "2") for other in ("1", "2")),
    }
    described, mentioned = {"id": "x", "name": "The X", STATED: 2}, {"id": "y", "name": "y", STATED: 0}
    assert tables.nodes["Entity"].to_pylist() == [described, mentioned]
    # a likes x stands twice, and a is two items
    assert report.remarks == ["2 repeated triples of the knowledge graph were left out"]


def test_edges_of_other_items_go_with_their_entities() -> None:
    tables = restrict_to_items(knowledge_graph(TRIPLES, ITEMS, LoaderReport()), pa.array(["3"]), LoaderReport())
    assert edges(tables, ("HAS_ENTITY", "Item", "Entity")) == {("3", "likes", "x")}
    assert EdgeKind("RELATED_TO", "Item", "Item") not in tables.edges
    assert tables.nodes["Entity"].column("id").to_pylist() == ["x", "y"]  # y through x
    none = restrict_to_items(
        knowledge_graph(TRIPLES.slice(0, 3), ITEMS, LoaderReport()), pa.array(["9"]), LoaderReport()
    )
    assert (none.nodes["Entity"].num_rows, none.edges) == (0, {})


def test_addresses_become_names() -> None:
    assert dbpedia_name("http://dbpedia.org/resource/Joe_%22King%22_Oliver_(band)") == 'Joe "King" Oliver (band)'


def test_a_folder_of_edge_lists(tmp_path: Path) -> None:
    at = "http://dbpedia.org/resource/"
    (tmp_path / "mappings.tsv").write_text(f"7\tHeat (1995)\t{at}Heat\n")
    (tmp_path / "director.edgelist").write_text(f"{at}Heat {at}Michael_Mann\n")
    (tmp_path / "starring.edgelist").write_text(f"{at}Heat {at}Al_Pacino\n")
    tables = read_dbpedia(tmp_path, LoaderReport())
    assert edges(tables, ("HAS_ENTITY", "Item", "Entity")) == {
        ("7", "director", f"{at}Michael_Mann"),
        ("7", "starring", f"{at}Al_Pacino"),
    }
    assert set(tables.nodes["Entity"].column("name").to_pylist()) == {"Michael Mann", "Al Pacino"}
