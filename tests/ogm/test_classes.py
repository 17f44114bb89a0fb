"""Object-graph classes against the real server and the small graph."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import Any

import pytest

from graphrec.errors import UnknownIdError
from graphrec.ogm import Attribute, Entity, Feature, Item, Reason, Recommendation, Run, User
from tests.cypher.conftest import fill, neo4j_handle
from tests.cypher.small_graph import DRAMA, SCIFI, WOMAN, YOUNG
from tests.documentation import run_blocks


@pytest.fixture(scope="module")
def graph(neo4j_uri: str) -> Any:
    """A py2neo graph that holds the small graph."""
    from py2neo import Graph

    with neo4j_handle(neo4j_uri) as handle:
        fill(handle)
    return Graph(neo4j_uri.replace("neo4j://", "bolt://"), auth=("neo4j", os.environ["NEO4J_PASSWORD"]))


def test_a_users_recommendations_of_a_run(graph: Any) -> None:
    ada = User.get(graph, "ada")
    assert [(r.item, r.rank, r.score, r.n_reasons) for r in ada.recommendations(graph)] == [
        ("dune", 1, 2.0, 8),
        ("emma", 2, 0.5, 0),
    ]
    assert [r.item for r in ada.recommendations(graph, "old")] == ["fargo"]
    assert ada.recommendations(graph, "half") == []


def test_the_reasons_of_a_recommendation(graph: Any) -> None:
    dune = Recommendation.get(graph, "new|ada|dune")
    reasons = dune.reasons(graph)
    assert [reason.id for reason in reasons] == [
        "alien", SCIFI, "scott", YOUNG, "story", "pacing", "fit-1/0", "casa",
    ]  # fmt: skip
    assert reasons[1] == Reason(
        "Attribute", SCIFI, "Sci-Fi", 0.5, 0.2, "20 %", 2, 0.3, "lrp", "self", "item_attribute", "blade",
        0, None, None, None, None, 0.5, None, None, None, None, None,
    )  # fmt: skip
    assert reasons[6].effect is None
    assert {item.name for item in dune.suggests} == {"Dune"}
    assert {user.id for user in dune.received_by} == {"ada"}
    assert {run.id for run in dune.from_run} == {"new"}


def test_neighbours_are_objects(graph: Any) -> None:
    ada = User.get(graph, "ada")
    assert {item.id for item in ada.took} == {"alien", "blade", "casa"}
    assert {(a.kind, a.value) for a in ada.attributes} == {("age", "25-34"), ("gender", "F")}
    assert {f.name for f in ada.spoke_of} == {"story"}
    assert ada.took.get(Item.get(graph, "casa"), "rating") == 2.0
    alien = Item.get(graph, "alien")
    assert {a.id for a in alien.attributes} == {SCIFI, "item.director=Ridley Scott"}
    assert {entity.kind for entity in alien.entities} == {"person"}
    assert {r.user for r in Item.get(graph, "dune").suggested_by} == {"ada", "ben"}


def test_every_class_reads_its_label(graph: Any) -> None:
    assert Run.current_of(graph).id == "new"
    assert Attribute.get(graph, DRAMA).value == "Drama"
    assert Attribute.get(graph, WOMAN).owner == "user"
    assert Entity.get(graph, "england").name == "England"
    assert Feature.get(graph, "pacing").name == "pacing"


def test_who_is_not_there_is_named(graph: Any) -> None:
    with pytest.raises(UnknownIdError, match="no User with the id 'eve'"):
        User.get(graph, "eve")


def test_the_page_runs(graph: Any, capsys: pytest.CaptureFixture[str]) -> None:
    run_blocks("py2neo.md", graph=graph)
    printed = capsys.readouterr().out
    assert "1. Dune" in printed
    assert "   32 % Alien (history)" in printed


def test_nothing_else_imports_py2neo() -> None:
    script = (
        "import sys, graphrec, graphrec.queries, graphrec.audits, graphrec.store.opening; "
        "print('py2neo' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
