"""Why-queries against answers worked out by hand on the small graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec import queries
from tests.cypher.conftest import fill
from tests.cypher.small_graph import SCIFI, YOUNG

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cypher.handles import Handle

ADA_DUNE = {"user": "ada", "item": "dune", "run": ""}


def ways(handle: Handle, name: str, **values: object) -> list[str | None]:
    """Run a query that returns paths, and write each row's first path as text, in the query's order."""
    rows = handle.query(queries.load(name, handle.engine).text, values)
    return [written(row[0]) for row in rows.itertuples(index=False)]


def written(path: object) -> str | None:
    """Return the ids along a path; None for one that an OPTIONAL MATCH did not find."""
    if isinstance(path, dict):
        found = all(relationship["_ID"] for relationship in path["_RELS"])
        return " ".join(node["id"] for node in path["_NODES"]) if found else None
    return " ".join(node["id"] for node in path.nodes) if path is not None else None  # type: ignore[attr-defined]


def test_item_lists_every_reason_supporting_ones_first(small: Handle) -> None:
    columns = ("label", "id", "ground", "weight", "percent", "rank", "effect", "anchor", "anchor_name")
    assert small.columns("why/item", columns, **ADA_DUNE) == [
        ("Item", "alien", "history", 0.8, "32 %", 1, 0.6, "alien", "Alien"),
        ("Attribute", SCIFI, "item_attribute", 0.5, "20 %", 2, 0.3, "blade", "Blade Runner"),
        ("Entity", "scott", "entity", 0.3, "12 %", 3, 0.1, "alien", "Alien"),
        ("Attribute", YOUNG, "profile", 0.1, "4 %", 4, -0.05, None, None),
        ("Feature", "story", "mentioned", 0.1, "4 %", 5, 0.02, "alien", "Alien"),
        ("Feature", "pacing", "item_side", 0.05, "2 %", 6, 0.01, None, None),
        ("Factor", "fit-1/0", "factor", 0.05, "2 %", 7, None, None, None),
        ("Item", "casa", "history", -0.1, "-4 %", -1, -0.2, "casa", "Casablanca"),
    ]


def test_item_gives_all_that_an_explains_says(small: Handle) -> None:
    columns = ("name", "share", "method", "via", "set_number", "contrast", "delta", "joint_effect", "flips")
    rows = small.columns("why/item", columns, **ADA_DUNE)
    assert rows[2] == ("Ridley Scott", 0.12, "lrp", "factor:fit-1/0", 0, None, None, None, None)
    assert rows[6] == ("space", 0.02, "lrp", "factor:fit-1/0", 0, None, None, None, None)


def test_two_users_who_share_an_item_each_get_their_own_reasons(small: Handle) -> None:
    """Alien explains Dune to ada and to ben, and Blade Runner to ben."""
    columns = ("id", "weight")
    of_ben = [("alien", 0.6), (SCIFI, 0.3)]
    assert small.columns("why/item", columns, user="ben", item="dune", run="") == of_ben
    assert ways(small, "why/path_history", user="ben", item="dune", run="") == ["ben alien new|ben|dune ben"]
    assert ways(small, "why/path_history", user="ben", item="blade", run="") == ["ben alien new|ben|blade ben"]
    assert ways(small, "why/path_attributes", user="ben", item="dune", run="") == [
        f"ben alien {SCIFI} new|ben|dune ben"
    ]


def test_runs_are_kept_apart_and_half_written_ones_are_not_seen(small: Handle) -> None:
    assert small.columns("why/item", ("id", "weight"), user="ada", item="fargo", run="old") == [("casa", 0.9)]
    assert small.columns("why/item", ("id",), user="ada", item="fargo", run="") == []
    assert small.columns("why/item", ("id",), user="ada", item="fargo", run="half") == []
    assert small.columns("why/item", ("id",), user="ada", item="dune", run="old") == []
    assert small.columns("why/recommendations", ("item",), user="ada", run="half") == []


@pytest.mark.parametrize("name", [name for name in queries.names("why") if "path" in name])
def test_paths_see_only_the_asked_run(small: Handle, name: str) -> None:
    values = {"user": "ada", "item": "fargo", "run": "half", "strongest": 3}
    wanted = queries.load(name, small.engine).parameters
    assert ways(small, name, **{key: values[key] for key in wanted}) == []


def test_list_holds_every_recommendation_that_has_reasons(small: Handle) -> None:
    columns = ("place", "item", "item_name", "score", "label", "id", "rank")
    assert small.columns("why/list", columns, user="ben", run="") == [
        (1, "dune", "Dune", 1.0, "Item", "alien", 1),
        (1, "dune", "Dune", 1.0, "Attribute", SCIFI, 2),
        (2, "blade", "Blade Runner", 0.8, "Item", "alien", 1),
    ]


def test_recommendations_of_a_user(small: Handle) -> None:
    assert small.ask("why/recommendations", user="ada", run="") == [
        (1, "dune", "Dune", 2.0, 0.2, 8, None, "new"),
        (2, "emma", "Emma", 0.5, 0.5, 0, None, "new"),
    ]


def test_attributes_name_the_item_that_carries_them(small: Handle) -> None:
    assert small.ask("why/attributes", **ADA_DUNE) == [
        ("item", "genre", "Sci-Fi", SCIFI, "item_attribute", 0.5, 0.2, 0.3, None, "blade", "Blade Runner"),
        ("user", "age", "25-34", YOUNG, "profile", 0.1, 0.04, -0.05, None, None, None),
    ]


def test_entities_come_with_the_shortest_way(small: Handle) -> None:
    columns = ("id", "kind", "net", "anchor", "hops", "way")
    assert small.columns("why/entities", columns, **ADA_DUNE) == [
        ("scott", "person", 0.3, "alien", 1, ["Alien", "Ridley Scott"])
    ]
    assert small.columns("why/entities", columns, user="cat", item="alien", run="") == [
        ("england", "place", 0.2, "blade", 2, ["Blade Runner", "Ridley Scott", "England"])
    ]


def test_co_purchases_of_both_sources(small: Handle) -> None:
    columns = ("id", "name", "together", "source", "net")
    assert small.columns("why/co_purchases", columns, **ADA_DUNE) == [
        ("alien", "Alien", None, "also_bought", 0.8),
        ("alien", "Alien", 3, "counted", 0.8),
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("why/path_history", ["ada alien new|ada|dune ada", "ada casa new|ada|dune ada"]),
        ("why/path_attributes", [f"ada blade {SCIFI} new|ada|dune ada"]),
        ("why/path_profile", [f"ada {YOUNG} new|ada|dune ada"]),
        ("why/path_entities", ["ada alien scott new|ada|dune ada"]),
        ("why/path_features", ["ada story new|ada|dune ada"]),
        ("why/path_factors", ["ada fit-1/0 new|ada|dune ada"]),
        ("why/path_co_purchases", ["dune alien new|ada|dune ada", "dune alien new|ada|dune ada"]),
    ],
)
def test_paths_of_each_ground(small: Handle, name: str, expected: list[str]) -> None:
    assert ways(small, name, **ADA_DUNE) == expected


def test_factors_say_how_much_both_ends_belong(small: Handle) -> None:
    """Alien speaks through the factor to ada and to ben; each gets their own claim, and ben belongs to none."""
    columns = ("factor_name", "id", "weight", "rank", "anchor", "evidence_belongs", "user_belongs", "item_belongs")
    assert small.columns("why/factors", columns, **ADA_DUNE) == [
        ("space", "alien", 0.8, 1, "alien", 0.6, 0.7, 0.9),
        ("space", "scott", 0.3, 3, "alien", 0.5, 0.7, 0.9),
    ]
    assert small.columns("why/factors", columns, user="ben", item="dune", run="") == [
        ("space", "alien", 0.6, 1, "alien", 0.6, None, 0.9)
    ]
    assert small.columns("why/factors", ("id",), user="ben", item="blade", run="") == []
    assert small.columns("why/factors", ("id",), user="ada", item="dune", run="old") == []


def test_paths_through_factors_are_of_one_user(small: Handle) -> None:
    """Of ada's two reasons one is an entity of the item taken; alien, shared, brings no path of the other user."""

    def drawn(user: str) -> list[tuple[str | None, ...]]:
        values = {"user": user, "item": "dune", "run": ""}
        rows = small.query(queries.load("why/path_through_factors", small.engine).text, values)
        return [tuple(written(path) for path in row) for row in rows.itertuples(index=False)]

    ends = ("new|ada|dune dune", "dune fit-1/0", "ada alien")
    assert drawn("ada") == [
        ("alien new|ada|dune ada", ends[0], "alien fit-1/0", ends[1], ends[2], None),
        ("scott new|ada|dune ada", ends[0], "scott fit-1/0", ends[1], ends[2], "alien scott"),
    ]
    assert drawn("ben") == [
        ("alien new|ben|dune ben", "new|ben|dune dune", "alien fit-1/0", "dune fit-1/0", "ben alien", None)
    ]


def test_path_all_draws_every_reason_with_its_anchor(small: Handle) -> None:
    rows = small.query(queries.load("why/path_all", small.engine).text, {**ADA_DUNE, "strongest": 7})
    drawn = [tuple(written(path) for path in row) for row in rows.itertuples(index=False)]
    dune, suggests = "new|ada|dune ada", "new|ada|dune dune"
    assert {row[4] for row in drawn} == {None}  # no reason came through attribute:KIND
    assert [row[:4] for row in drawn] == [
        (f"alien {dune}", suggests, "ada alien", None),
        (f"{SCIFI} {dune}", suggests, "ada blade", f"blade {SCIFI}"),
        (f"scott {dune}", suggests, "ada alien", "alien scott"),
        (f"{YOUNG} {dune}", suggests, None, None),
        (f"story {dune}", suggests, "ada alien", None),
        (f"pacing {dune}", suggests, None, None),
        (f"fit-1/0 {dune}", suggests, None, None),
        (f"casa {dune}", suggests, "ada casa", None),
    ]


def test_path_list_takes_the_strongest_of_each(small: Handle) -> None:
    assert ways(small, "why/path_list", user="ben", run="", strongest=1) == [
        "ben alien new|ben|dune ben",
        "ben alien new|ben|blade ben",
    ]


def test_an_entity_three_hops_away(bare: Callable[[], Handle]) -> None:
    """Blade Runner, Ridley Scott, England, Europe. Last in this file: it fills the engine anew."""
    handle = bare()
    fill(handle)
    handle.query("CREATE (:Entity {id: 'europe', name: 'Europe', kind: 'place'})")
    handle.query(
        "MATCH (a:Entity {id: 'england'}) MATCH (b:Entity {id: 'europe'}) "
        "CREATE (a)-[:RELATED_TO {relation: 'in'}]->(b)"
    )
    handle.query(
        "MATCH (a:Entity {id: 'europe'}) MATCH (r:Recommendation {id: 'new|cat|alien'}) CREATE (a)-[:EXPLAINS "
        "{method: 'lrp', via: 'self', `set`: 0, weight: 0.1, share: 0.1, percent: '10 %', rank: 3, effect: 0.1, "
        "ground: 'entity', anchor: 'blade'}]->(r)"
    )
    columns = ("id", "hops", "way")
    rows = handle.columns("why/entities", columns, user="cat", item="alien", run="")
    assert rows[1] == ("europe", 3, ["Blade Runner", "Ridley Scott", "England", "Europe"])
    assert handle.ask("audit/entity", run="new") == [("europe", "blade", 2)]
