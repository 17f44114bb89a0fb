"""Taken items told by what they share with the recommended one, and through neighbours where they share nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec.answers import Node, fetch_list, fetch_why, whys_from_tables
from graphrec.answers.html import page
from graphrec.answers.networkx_graph import paths, why_graph
from graphrec.answers.ways import between
from graphrec.dataset.dataset import Dataset
from tests.answers.answers import reason, why
from tests.cypher import small_graph
from tests.cypher.similar_run import similar_run
from tests.cypher.small_graph import DRAMA, SCIFI, SCOTT
from tests.store.content import SMALL, by_user

if TYPE_CHECKING:
    from graphrec.store.store import Store

HEAT = Node("Item", "heat", "Heat")


@pytest.fixture
def similar(store: Store) -> Store:
    """The small graph, whose users watch, with the run."""
    store.load(small_graph.graph(), replace(SMALL, verb="watched"))
    run, explanations = similar_run(store.data_fingerprint())
    store.write_run(run, by_user(explanations))
    return store


def test_shared_values_are_named_from_the_graph_and_neighbours_are_explained(similar: Store) -> None:
    told = str(fetch_why(similar, "ada", "dune", "similar"))
    assert "• similar to “Alien”, which they watched: both have genre Sci-Fi – weighs 0.4, 40 % of the evidence" in told
    assert "• “Blade Runner”, which they watched – weighs 0.5, 50 % of the evidence" in told
    assert (
        "      30 % by shared genre (Sci-Fi) and 20 % through neighbours: items with the same director that others "
        "watched together\n"
    ) in told
    assert (
        "• similar to “Casablanca”, which they watched, through neighbours: items with the same genre that others "
        "watched together – weighs 0.1"
    ) in told
    assert told.count("both have") == 1


def test_each_user_and_way_has_values_of_its_own(similar: Store) -> None:
    by_list = {one.item.id: one for one in fetch_list(similar, "ben", "similar")}
    shared = [(r.evidence.id, r.via, [value.id for value in r.shared]) for r in by_list["blade"].reasons]
    assert shared == [
        ("alien", "attribute:director", [SCOTT]),
        ("alien", "attribute:genre", [SCIFI]),
        ("emma", "neighbours:genre", []),
    ]
    assert by_list["dune"].reasons[0].shared == (Node("Attribute", SCIFI, "Sci-Fi"),)
    assert "50 % by shared director (Ridley Scott) and 20 % by shared genre (Sci-Fi)" in str(by_list["blade"])
    assert by_list["blade"].to_dict()["reasons"][0]["shared"] == [
        {"label": "Attribute", "id": SCOTT, "name": "Ridley Scott"}
    ]
    assert fetch_why(similar, "ben", "blade", "similar") == by_list["blade"]


def test_tables_in_memory_say_the_same(similar: Store) -> None:
    explanations, run = similar_run("")[1], similar.run("similar")
    dataset = Dataset.from_store(similar)
    for user in ("ada", "ben"):
        made, fetched = whys_from_tables(explanations, dataset, run, user), fetch_list(similar, user, "similar")
        assert made.to_dicts() == fetched.to_dicts()
        assert str(made) == str(fetched)


def test_page_notebook_and_graph_have_the_value_between_the_items(similar: Store) -> None:
    one = fetch_why(similar, "ada", "dune", "similar")
    html = page([one])
    assert '<li class="attribute"><i></i>attribute</li>' in html
    assert "similar to “Alien”, which they watched: both have genre Sci-Fi" in html
    assert "<small>30 % by shared genre (Sci-Fi) and 20 % through neighbours" in html
    assert html.count('<g class="node attribute"><title>genre Sci-Fi</title>') == 2
    assert html.count('<g class="node near"><title>neighbours by genre</title>') == 1
    assert "both have genre Sci-Fi" in one._repr_html_()
    graph = why_graph(one)
    both = {(a[1], b[1]) for a, b, kind in graph.edges(data="type") if kind == "HAS_ATTRIBUTE"}
    assert both == {("alien", SCIFI), ("blade", SCIFI), ("dune", SCIFI)}
    assert [path[1][1] for path in paths(graph)] == ["alien", "blade", "casa"]
    assert {e["via"] for e in graph.get_edge_data(("Item", "blade"), ("Item", "dune")).values()} == {
        "attribute:genre", "neighbours:director",
    }  # fmt: skip


def test_shared_entities_are_named_like_attributes(store: Store) -> None:
    """Alien and Blade Runner have Ridley Scott in common, Alien and Dune no entity."""
    store.load(small_graph.graph(), replace(SMALL, verb="watched"))
    run, explanations = similar_run(store.data_fingerprint())
    via = explanations.reasons.column("via").to_pylist()
    by_entities = ["relation:entities" if way == "attribute:director" else way for way in via]
    place = explanations.reasons.schema.get_field_index("via")
    kind = explanations.reasons.schema.field("via").type
    reasons = explanations.reasons.set_column(place, "via", pa.array(by_entities, pa.string()).cast(kind))
    explanations = replace(explanations, reasons=reasons)
    store.write_run(run, by_user(explanations))
    one = fetch_why(store, "ben", "blade", "similar")
    assert one.reasons[0].shared == (Node("Entity", "scott", "Ridley Scott"),)
    assert "50 % by shared entities (Ridley Scott) and 20 % by shared genre (Sci-Fi)" in str(one)
    assert whys_from_tables(explanations, Dataset.from_store(store), run, "ben").to_dicts() == (
        fetch_list(store, "ben", "similar").to_dicts()
    )
    assert (("Item", "blade"), ("Entity", "scott"), "HAS_ENTITY") in why_graph(one).edges(data="type")
    assert '<g class="node entity"><title>Ridley Scott; genre Sci-Fi</title>' in page([one])
    alone = replace(one, reasons=(replace(one.reasons[0], net=0.5),))
    assert "similar to “Alien”, which they watched: both have Ridley Scott –" in str(alone)


def values(*names: str) -> tuple[Node, ...]:
    return tuple(Node("Attribute", f"item.lead_actor={name}", name) for name in names)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("A",), "both have lead actor A –"),
        (("A", "B"), "both have lead actor A and B –"),
        (("A", "B", "C", "D"), "both have lead actor A, B, C and D –"),
        (("A", "B", "C", "D", "E"), "both have lead actor A, B, C and 2 more –"),
        ((), "similar to “Heat”, which they watched, by lead actor –"),
    ],
)
def test_many_values_are_counted_and_none_is_made_up(names: tuple[str, ...], said: str) -> None:
    one = reason(HEAT, 0.3, anchor=HEAT, via="attribute:lead_actor", shared=values(*names))
    assert said in str(why(one))
    assert ("both have" in str(why(one))) == bool(names)


def test_neighbours_of_several_kinds_are_told_together() -> None:
    """0.3 through three kinds of network and 0.1 against through a fourth: 20 % together, beside a shared value."""
    ways = [reason(HEAT, 0.1, place, via=f"neighbours:{kind}", net=None) for place, kind in enumerate("abc", 2)]
    ways.append(reason(HEAT, -0.1, -1, via="neighbours:d", net=None))
    first = reason(HEAT, 0.4, 1, via="attribute:genre", net=6.0, shared=(Node("Attribute", DRAMA, "Drama"),))
    assert (
        "40 % by shared genre (Drama) and 20 % through neighbours: items with the same a, b, c or d that others "
        "watched together"
    ) in str(why(first, *ways))


def test_items_that_others_took_together_need_share_nothing() -> None:
    """Nothing says that others watched both: they are near in a network of all pairs."""
    alone = reason(HEAT, 0.3, anchor=HEAT, via="neighbours:co-taken")
    assert "which they watched, through neighbours: items that others watched together –" in str(why(alone))
    first = reason(HEAT, 0.4, 1, via="neighbours:genre", net=6.0)
    both = str(why(first, reason(HEAT, 0.2, 2, via="neighbours:co-taken", net=None)))
    assert "60 % through neighbours: items with the same genre, or any, that others watched together" in both
    assert between([alone]) == "neighbours"
    assert between([first, alone]) == "neighbours by genre"
    others = str(why(replace(first, via="self"), reason(HEAT, 0.2, 2, via="co-taken", net=None)))
    assert "40 % of its own and 20 % since others watched both" in others
