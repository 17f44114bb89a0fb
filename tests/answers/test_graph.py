"""The why-subgraph as a NetworkX object."""

from __future__ import annotations

from graphrec.answers.networkx_graph import PEOPLE, paths, why_graph
from tests.answers.answers import ALIEN, EVERY_GROUND, THROUGH_FACTORS, reason, why

USER, ITEM = ("User", "ada"), ("Item", "dune")


def test_each_ground_hangs_where_the_data_has_it() -> None:
    graph = why_graph(EVERY_GROUND)
    links = {(a[1], b[1], kind) for a, b, kind in graph.edges(data="type") if kind != "EXPLAINS"}
    assert links == {
        ("ada", "alien", "INTERACTED"),
        ("ada", "casa", "INTERACTED"),
        ("alien", "item.genre=Sci-Fi", "HAS_ATTRIBUTE"),
        ("alien", "scott", "HAS_ENTITY"),
        ("ada", "user.age=25-34", "HAS_ATTRIBUTE"),
        ("ada", "story", "MENTIONED"),
        ("ada", "f/0", "BELONGS_TO"),
        ("ada", "", "SIMILAR"),
    }
    assert graph.in_degree(("Feature", "pacing")) == 0


def test_reasons_keep_what_was_claimed_and_measured_and_people_are_one_node() -> None:
    graph = why_graph(EVERY_GROUND)
    (alien,) = graph.get_edge_data(("Item", "alien"), ITEM).values()
    assert (alien["type"], alien["weight"], alien["share"], alien["effect"]) == ("EXPLAINS", 3.2, 0.32, 1.6)
    (people,) = graph.get_edge_data(PEOPLE, ITEM).values()
    assert round(people["share"], 6) == 0.05
    assert graph.nodes[PEOPLE]["name"] == "2 people with a similar history"
    assert ("User", "ben") not in graph


def test_paths_lead_from_the_user_to_the_item_strongest_first() -> None:
    found = paths(why_graph(EVERY_GROUND))
    assert found[0] == [USER, ("Item", "alien"), ITEM]
    assert found[1] == [USER, ("Item", "alien"), ("Attribute", "item.genre=Sci-Fi"), ITEM]
    assert len(found) == 8  # every strand but the feature that is only said of the item


def test_two_methods_for_one_piece_of_evidence_are_two_edges() -> None:
    graph = why_graph(why(reason(ALIEN, 0.3, anchor=ALIEN), reason(ALIEN, 0.2, 2, anchor=ALIEN, method="lime")))
    assert sorted(e["method"] for e in graph.get_edge_data(("Item", "alien"), ITEM).values()) == ["lime", "lrp"]


def test_evidence_through_two_factors_is_two_edges_that_name_them() -> None:
    edges = why_graph(THROUGH_FACTORS).get_edge_data(("Entity", "scott"), ITEM).values()
    assert [(edge["factor"], edge["share"]) for edge in edges] == [("space", 0.15), ("dark", 0.1)]
    (plain,) = why_graph(EVERY_GROUND).get_edge_data(("Item", "alien"), ITEM).values()
    assert plain["factor"] is None
