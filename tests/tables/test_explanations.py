"""Explanations become a graph, unless a reason is there twice."""

from __future__ import annotations

import pytest

from graphrec.errors import InputError
from graphrec.schema import EdgeKind
from graphrec.tables import as_graph
from tests.cypher import small_graph

REASON = small_graph.reason("ada", "dune", "Item", "alien", "history", 0.8, 0.8, 1, 0.6, "alien")
RECOMMENDATION = small_graph.new_run("")[1].recommendations.to_pylist()[0]


def edges(*reasons: dict[str, object]) -> list[dict[str, object]]:
    graph = as_graph(small_graph.explanations([RECOMMENDATION], list(reasons)), "run")
    return graph.edges[EdgeKind("EXPLAINS", "Item", "Recommendation")].to_pylist()


def test_a_reason_becomes_an_edge_between_its_evidence_and_its_recommendation() -> None:
    (edge,) = edges(REASON)
    assert (edge["from"], edge["to"], edge["weight"], edge["effect"]) == ("alien", "run|ada|dune", 0.8, 0.6)


@pytest.mark.parametrize("other", [{"method": "removal"}, {"via": "factor:1"}, {"set": 1}, {"evidence": "blade"}])
def test_reasons_that_differ_in_their_key_are_two(other: dict[str, object]) -> None:
    assert len(edges(REASON, {**REASON, **other})) == 2


def test_a_reason_that_is_there_twice_is_named() -> None:
    with pytest.raises(InputError, match=r"one reason is given twice: Item 'alien' for item 'dune' and user 'ada'"):
        edges(REASON, {**REASON, "evidence": "blade"}, {**REASON, "weight": 0.1})
