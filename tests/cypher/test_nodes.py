"""What belongs to a node stands once: queries of a run in which nodes came through several factors.

Ada's Dune, in the issue's numbers: the entity Scott weighs +.030 + .030 + .026 − .088 = −.002 through four factors and
has one effect, −.0987; Alien weighs .5 − .1 through two, Blade Runner .2 through one. Ben's Dune: Alien .3 and .1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.tables import RunInfo
from tests.cypher.conftest import fill
from tests.cypher.small_graph import NAMES, explanations, reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cypher.handles import Handle

ONE, TWO, THREE, FOUR = (f"factor:fit-1/{number}" for number in range(4))
MEASURED = {"scott": (-0.002, -0.0987, -0.004), "alien": (0.4, 0.3, 0.35), "blade": (0.2, 0.05, -0.15)}
"""Net weight, effect and held effect for ada."""


def _row(user: str, label: str, node: str, via: str, weight: float, rank: int, net: tuple[float, float, float] | None):
    ground, anchor = ("entity", "alien") if label == "Entity" else ("history", node)
    measured = dict(zip(("net", "held_effect"), (net[0], net[2]), strict=True)) if net else {}
    effect = net[1] if net else None
    return reason(user, "dune", label, node, ground, weight, weight, rank, effect, anchor, via=via, **measured)


ROWS = [
    _row("ada", "Item", "alien", ONE, 0.5, 1, MEASURED["alien"]),
    _row("ada", "Item", "blade", ONE, 0.2, 2, MEASURED["blade"]),
    _row("ada", "Entity", "scott", ONE, 0.030, 3, MEASURED["scott"]),
    _row("ada", "Entity", "scott", TWO, 0.030, 4, None),
    _row("ada", "Entity", "scott", THREE, 0.026, 5, None),
    _row("ada", "Item", "alien", TWO, -0.1, -1, None),
    _row("ada", "Entity", "scott", FOUR, -0.088, -2, None),
    _row("ben", "Item", "alien", ONE, 0.3, 1, (0.4, 0.2, 0.25)),
    _row("ben", "Item", "alien", TWO, 0.1, 2, None),
]


@pytest.fixture(scope="module")
def ways(bare: Callable[[], Handle]) -> Handle:
    """The small graph with the run ``ways`` beside the others."""
    handle = bare()
    fill(handle)
    run = RunInfo("ways", "resolved", "resolved", "fit-1", "2026-05-01T00:00:00Z", "now", "score", "weight",
                  status="complete", max_hops=2)  # fmt: skip
    sums = {"ada": 0.598, "ben": 0.4}
    listed = [
        {"user": user, "item": "dune", "name": NAMES["dune"], "score": total, "rank": 1, "rest": 0.0, "n_reasons": n}
        for (user, total), n in zip(sums.items(), (7, 2), strict=True)
    ]
    handle.put_run(run, explanations(listed, ROWS))
    return handle


def test_only_nodes_that_are_contradicted_count(ways: Handle) -> None:
    """Scott's weight and effects agree in sign, so that none of his rows is contradicted; Blade Runner adds nothing.

    What it does beside the others, its plain effect, is no matter of that.
    """
    assert ways.ask("audit/effect", run="ways") == [("ada", "dune", "blade", "blade", 0.2, -0.15)]
    assert ways.ask("lookup/effects", run="ways") == [(9, 4, 4, 3, 1)]


def test_a_node_is_one_row_of_the_analysts_queries(ways: Handle) -> None:
    """Alien to ada and ben: shares .4 and .4, effects .3 and .2, held .35 and .25. Blade Runner: .2, .05, −.15."""
    assert ways.ask("analyst/top_items", run="ways") == [
        ("alien", "Alien", 2, 0.8, 0.25, 0.3),
        ("blade", "Blade Runner", 1, 0.2, 0.05, -0.15),
    ]
    assert ways.ask("analyst/grounds", run="ways") == [
        ("entity", "lrp", 4, 1, -0.002, -0.002, -0.0987, -0.004),
        ("history", "lrp", 5, 3, 0.333333333, 0.333333333, 0.183333333, 0.15),
    ]
    assert ways.ask("analyst/rests_on_item", run="ways", item="alien", share=0.4) == [
        ("ada", "dune", "Dune", 1, 0.4, 0.3),
        ("ben", "dune", "Dune", 1, 0.4, 0.2),
    ]


def test_no_effect_is_said_of_a_factor(ways: Handle) -> None:
    """Through the one factor that the graph has: .5, .2, .03 of ada's and .3 of ben's."""
    assert ways.columns("analyst/factors", ("id", "reasons", "share", "mean_weight"), run="ways") == [
        ("fit-1/0", 4, 0.515, 0.2575)
    ]


def test_why_has_one_row_for_an_entity(ways: Handle) -> None:
    columns = ("id", "net", "share", "effect", "held_effect", "anchor", "hops")
    assert ways.columns("why/entities", columns, user="ada", item="dune", run="ways") == [
        ("scott", -0.002, -0.002, -0.0987, -0.004, "alien", 1)
    ]
    columns = ("id", "source", "net", "effect")
    assert ways.columns("why/co_purchases", columns, user="ada", item="dune", run="ways") == [
        ("alien", "also_bought", 0.4, 0.3),
        ("alien", "counted", 0.4, 0.3),
        ("blade", "counted", 0.2, 0.05),
    ]


def test_what_is_personal(ways: Handle) -> None:
    """Alien has .4 of the evidence for both, so nothing of it is ada's own; Blade Runner .2 for her and 0 for ben."""
    columns = ("label", "id", "net", "share", "mean_share", "personal", "people")
    assert ways.columns("why/personal", columns, user="ada", item="dune", run="ways") == [
        ("Item", "blade", 0.2, 0.2, 0.1, 0.1, 2),
        ("Item", "alien", 0.4, 0.4, 0.4, 0.0, 2),
        ("Entity", "scott", -0.002, -0.002, -0.001, -0.001, 2),
    ]
    assert ways.columns("why/personal", ("id", "share"), user="ada", item="emma", run="ways") == []
    assert ways.columns("why/personal", ("id", "personal"), user="ben", item="blade", run="new") == [("alien", 0.0)]


def test_an_effect_that_stands_twice_is_untrue(ways: Handle) -> None:
    assert ways.ask("audit/node", run="ways") == []
    change = "MATCH (:Item {id: 'alien'})-[e:EXPLAINS]->(:Recommendation {id: 'ways|ben|dune'}) WHERE e.rank = 2 "
    ways.query(change + "SET e.effect = 0.2")
    assert ways.ask("audit/node", run="ways") == [("ben", "dune", "alien", "lrp", 1, 2, 1)]
