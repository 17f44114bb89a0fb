from __future__ import annotations

import pyarrow as pa

from graphrec.loading.assemble import assemble
from graphrec.loading.contract import LoaderReport
from graphrec.loading.item_entities import EntityTables
from graphrec.loading.knowledge.entity_descriptions import described_entities
from graphrec.loading.nodes import node_table
from graphrec.loading.triples import knowledge_graph
from graphrec.tables.records import DatasetInfo


def graph() -> list:
    columns = EntityTables()
    columns.add("by", pa.array(["1", "2"]), pa.array(["mann", "hill"]), kind="person")
    triples = pa.table({"head": ["1", "mann"], "relation": ["in", "born"], "tail": ["la", "chicago"]})
    items = pa.table({"entity": ["1"], "item": ["1"]})
    return [columns.tables(), knowledge_graph(triples, items, LoaderReport())]


def entities(described: pa.Table, report: LoaderReport, *unconnected: str) -> dict[str, tuple[str, str]]:
    parts = graph()
    parts.append(described_entities(described, parts, report, unconnected=pa.array(unconnected, pa.string())))
    nodes = assemble(parts, DatasetInfo("x", "X", "table"), report).tables.nodes["Entity"]
    return {row["id"]: (row["name"], row["kind"]) for row in nodes.to_pylist()}


def test_names_and_kinds_by_hand() -> None:
    report = LoaderReport()
    described = node_table(
        pa.array(["la", "mann", "chicago", "paris"]),
        pa.array(["Los Angeles", "Michael Mann", "", "Paris"]),
        None,
        report,
        label="Entity",
        properties={"kind": pa.array(["city", None, "city", "city"])},
    )
    assert entities(described, report) == {
        "la": ("Los Angeles", "city"),
        "mann": ("Michael Mann", "person"),  # the kind that its column gave it
        "hill": ("hill", "person"),
        "chicago": ("chicago", "city"),  # a kind without a name
    }
    assert report.remarks == []
    assert entities(described, report, "paris")["paris"] == ("Paris", "city")


def test_descriptions_of_other_entities_say_so() -> None:
    report = LoaderReport()
    described = node_table(pa.array(["Q1"]), pa.array(["Universe"]), None, report, label="Entity")
    assert entities(described, report)["la"] == ("la", None)
    assert report.remarks == [
        "described entities: none of 1 is in the graph; here ids are such as 'Q1', there such as 'mann'"
    ]
