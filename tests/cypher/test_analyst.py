"""Analyst queries against answers worked out by hand on the small graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cypher.small_graph import SCIFI, WOMAN, YOUNG

if TYPE_CHECKING:
    from tests.cypher.handles import Handle


def test_attributes_by_what_they_explain(small: Handle) -> None:
    """Sci-Fi speaks for Dune to ada (0.2) and to ben (0.3); the age to ada only."""
    assert small.ask("analyst/top_attributes", run="") == [
        (SCIFI, "item", "genre", "Sci-Fi", 2, 0.5, 0.25, None),
        (YOUNG, "user", "age", "25-34", 1, 0.04, -0.05, None),
    ]


def test_items_by_what_they_explain(small: Handle) -> None:
    """Alien: 0.32 + 0.6 + 0.5. Casablanca only opposes, and is not counted."""
    assert small.ask("analyst/top_items", run="") == [
        ("alien", "Alien", 3, 1.42, 0.5, None),
        ("blade", "Blade Runner", 1, 0.5, 0.4, None),
    ]
    assert small.ask("analyst/top_items", run="old") == [("casa", "Casablanca", 1, 0.9, 0.9, None)]


def test_segments(small: Handle) -> None:
    assert small.ask("analyst/top_items_for_segment", run="", segment=WOMAN) == [("alien", "Alien", 1, 0.32, 0.6, None)]
    assert small.ask("analyst/top_items_for_segment", run="", segment=YOUNG) == [("alien", "Alien", 3, 1.42, 0.5, None)]
    assert small.columns("analyst/top_attributes_for_segment", ("id", "share"), run="", segment=WOMAN) == [
        (SCIFI, 0.2),
        (YOUNG, 0.04),
    ]


def test_kinds_of_attribute(small: Handle) -> None:
    assert small.ask("analyst/top_kinds", run="") == [
        ("item", "genre", 2, 0.5, 0.25, None),
        ("user", "age", 1, 0.04, -0.05, None),
    ]


def test_grounds(small: Handle) -> None:
    """History: .8, .6, .4, .5 and Casablanca's −.1; its effects are .6, .5, .4, .4 and −.2."""
    rows = small.ask("analyst/grounds", run="")
    assert [(row[0], row[2]) for row in rows] == [
        ("entity", 2),
        ("factor", 1),
        ("history", 5),
        ("item_attribute", 2),
        ("item_side", 1),
        ("mentioned", 1),
        ("profile", 1),
    ]
    assert rows[1] == ("factor", "lrp", 1, 1, 0.05, 0.02, None, None)
    assert rows[2] == ("history", "lrp", 5, 5, 0.44, 0.376, 0.34, None)


def test_what_rests_on_one_item(small: Handle) -> None:
    assert small.ask("analyst/rests_on_item", run="", item="alien", share=0.5) == [
        ("ben", "dune", "Dune", 1, 0.6, 0.5),
        ("ben", "blade", "Blade Runner", 2, 0.5, 0.4),
    ]


def test_runs_and_their_states(small: Handle) -> None:
    columns = ("id", "model", "status", "current", "data", "recommendations")
    assert small.columns("analyst/runs", columns) == [
        ("half", "ease", "writing", False, "now", 1),
        ("new", "ease", "complete", True, "now", 5),
        ("old", "ease", "complete", False, "before", 1),
    ]


def test_what_the_store_holds(small: Handle) -> None:
    assert small.ask("analyst/nodes") == [
        ("Attribute", 5),
        ("Dataset", 1),
        ("Entity", 3),
        ("Factor", 1),
        ("Feature", 2),
        ("Item", 6),
        ("Recommendation", 7),
        ("Run", 3),
        ("User", 4),
    ]
    rows = small.ask("analyst/relationships")
    assert ("Item", "CO_PURCHASED", "Item", 4) in rows
    assert ("User", "INTERACTED", "Item", 8) in rows
    assert ("Item", "EXPLAINS", "Recommendation", 7) in rows
    assert ("Entity", "EXPLAINS", "Recommendation", 2) in rows
    assert sum(row[3] for row in rows) == 70


def test_the_recommendation_that_draws_best(small: Handle) -> None:
    """Ada's Dune: six grounds among its six strongest reasons, .32 + .2 + .12 + .04 + .04 + .02."""
    assert small.ask("browser/pick", strongest=6) == [("ada", "dune", 6, 0.74)]


def test_what_comes_through_each_factor(small: Handle) -> None:
    """Of four explained recommendations: .32 + .12 + .02 of ada's Dune, of which .02 by itself, and .6 of ben's."""
    assert small.ask("analyst/factors", run="") == [("fit-1/0", "space", "lrp", 4, 2, 0.265, 0.4375)]
    assert small.ask("analyst/factors", run="old") == []
    assert small.ask("analyst/factors", run="half") == []


def test_who_belongs_to_a_factor_most(small: Handle) -> None:
    assert small.ask("analyst/factor", factor="fit-1/0") == [
        ("space", "Item", "dune", "Dune", 0.9),
        ("space", "Item", "alien", "Alien", 0.6),
        ("space", "Entity", "scott", "Ridley Scott", 0.5),
        ("space", "User", "ada", "Ada", 0.7),
        ("space", "User", "dan", "Dan", 0.2),
    ]
    assert small.ask("analyst/factor", factor="fit-0/0") == []
