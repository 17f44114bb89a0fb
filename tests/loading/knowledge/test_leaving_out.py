from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec.errors import InputError, UsageError
from graphrec.loaders import lastfm
from graphrec.loading.contract import LoaderReport
from graphrec.loading.knowledge.leaving_out import with_relations, without_entities, without_hubs
from graphrec.loading.triples import knowledge_graph, read_dbpedia
from tests.loading.test_triples import edges

if TYPE_CHECKING:
    from pathlib import Path

# Items 1 to 4. Both 1, 2 and 3 have hub: 1 by two relations, 3 as the tail. Item 4 has x alone.
TRIPLES = pa.table(
    {
        "head": ["1", "1", "2", "hub", "4", "hub", "x", "2"],
        "relation": ["type", "subject", "type", "covers", "type", "part", "part", "type"],
        "tail": ["hub", "hub", "hub", "3", "x", "top", "top", "x"],
    }
)
ITEMS = pa.table({"entity": ["1", "2", "3", "4"], "item": ["1", "2", "3", "4"]})
ITEM_TO_ENTITY, ENTITIES = ("HAS_ENTITY", "Item", "Entity"), ("RELATED_TO", "Entity", "Entity")


def test_relations_by_name() -> None:
    report = LoaderReport()
    kept = with_relations(TRIPLES, report, leave_out=["type", "subject", "typ"])
    assert kept.column("relation").to_pylist() == ["covers", "part", "part"]
    assert report.remarks == [
        "triples: no triple has the relation 'typ'; did you mean 'type'?",
        "triples: 5 of 8 (62 %) triples left out by their relation: type and subject",
    ]
    assert with_relations(TRIPLES, LoaderReport(), only=["covers"]).num_rows == 1
    assert with_relations(TRIPLES, LoaderReport(), only=["covers", "part"], leave_out=["part"]).num_rows == 1
    assert with_relations(TRIPLES, LoaderReport()) is TRIPLES


def test_relations_of_which_none_is_left_are_an_error() -> None:
    with pytest.raises(
        InputError, match="no triple is left: their relations are such as type, subject, covers and part"
    ):
        with_relations(TRIPLES, LoaderReport(), only=["genre"])


def test_hubs_go_with_their_triples() -> None:
    graph, report = knowledge_graph(TRIPLES, ITEMS, LoaderReport()), LoaderReport()
    left = without_hubs(graph, 0.5, report)  # hub has 3 of 4 items, x 2
    assert edges(left, ITEM_TO_ENTITY) == {("4", "type", "x"), ("2", "type", "x")}
    assert edges(left, ENTITIES) == {("x", "part", "top")}
    assert left.nodes["Entity"].column("id").to_pylist() == ["x", "top"]
    assert len(left.edges) == 2
    assert report.remarks == [
        "1 entity left out with 5 triples, since more than 50 % of 4 items have it: hub (3 items)"
    ]
    same = LoaderReport()
    assert without_hubs(graph, 0.75, same).edges == graph.edges
    assert same.remarks == []


def test_entities_by_name() -> None:
    graph, report = knowledge_graph(TRIPLES, ITEMS, LoaderReport()), LoaderReport()
    left = without_entities(graph, ["hub", "hub", "1", "nobody"], report)
    assert edges(left, ITEM_TO_ENTITY) == {("4", "type", "x"), ("2", "type", "x")}
    assert report.remarks == [
        "2 of 3 (67 %) entities to leave out are not in the triples, such as 1",  # 1 is an item
        "1 entity left out by name with 5 triples: hub",
    ]
    assert without_entities(graph, [], report) is graph


def test_the_hubs_of_movielens_are_its_five_great_distributors(data: Path) -> None:
    graph, report = read_dbpedia(data / "movielens-1m" / "dbpedia", LoaderReport()), LoaderReport()
    left = without_hubs(graph, 0.05, report)
    assert (_n_triples(graph), graph.nodes["Entity"].num_rows) == (34_951, 13_199)
    assert (_n_triples(left), left.nodes["Entity"].num_rows) == (33_769, 13_194)
    assert report.remarks[0].startswith(
        "5 entities left out with 1,182 triples, since more than 5 % of 3,085 items have them: "
        "http://dbpedia.org/resource/Warner_Bros. (261 items), "
    )
    assert _n_triples(without_hubs(graph, 0.1, LoaderReport())) == 34_951


def _n_triples(graph: object) -> int:
    return sum(table.num_rows for table in graph.edges.values())


def test_the_hubs_of_lastfm_are_three_entities_without_a_name(data: Path) -> None:
    report = lastfm.load(data / "lastfm-hetrec2011", graph="kgcn", overlay=True, most_items=0.02).report
    assert any(
        remark.startswith(
            "3 entities left out with 373 triples, since more than 2 % of 3,844 items have them: kgcn:4057"
        )
        for remark in report.remarks
    )


@pytest.mark.parametrize("share", [0, -1, 1.5, float("nan")])
def test_a_share_that_is_none(share: float) -> None:
    with pytest.raises(UsageError, match="most_items is"):
        without_hubs(knowledge_graph(TRIPLES, ITEMS, LoaderReport()), share, LoaderReport())
