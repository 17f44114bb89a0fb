"""Taken items that share values with the recommended one, and those that are near through neighbours."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from graphrec import queries
from tests.cypher.similar_run import similar_run
from tests.cypher.small_graph import SCIFI, SCOTT
from tests.cypher.test_why import ways, written

if TYPE_CHECKING:
    from tests.cypher.handles import Handle

COLUMNS = ("id", "kind", "value", "weight", "rank", "together")


@pytest.fixture(scope="module")
def similar(small: Handle) -> Handle:
    """The small graph with the run beside the others, complete and not current."""
    run, explanations = similar_run("now")
    small.put_run(replace(run, status="complete"), explanations)
    return small


def test_two_users_who_share_an_item_each_get_their_own_rows(similar: Handle) -> None:
    """Alien explains Dune to ada and to ben by its genre; the greater of the two counts of co-purchases is given."""
    ask = {"item": "dune", "run": "similar"}
    assert similar.columns("why/shared_values", COLUMNS, user="ada", **ask) == [
        ("alien", "genre", "Sci-Fi", 0.4, 1, 3),
        ("blade", "genre", "Sci-Fi", 0.3, 2, 2),
    ]
    assert similar.columns("why/shared_values", COLUMNS, user="ben", **ask) == [("alien", "genre", "Sci-Fi", 0.6, 1, 3)]


def test_a_way_names_the_values_of_its_kind_alone(similar: Handle) -> None:
    """Alien and Blade Runner stand in no history together, as far as the graph says."""
    ask = {"user": "ben", "item": "blade", "run": "similar"}
    assert similar.columns("why/shared_values", COLUMNS, **ask) == [
        ("alien", "director", "Ridley Scott", 0.5, 1, None),
        ("alien", "genre", "Sci-Fi", 0.2, 2, None),
    ]


def test_the_current_run_has_none(similar: Handle) -> None:
    for name in ("why/shared_values", "why/neighbours"):
        assert similar.ask(name, user="ada", item="dune", run="") == []


def test_neighbours_are_items_between_that_share_a_value_with_both(similar: Handle) -> None:
    """Blade Runner comes through neighbours by director: Alien has its director, but Dune has none.

    Emma's only neighbour on the way to Dune is Blade Runner, with which she shares no genre.
    """
    assert similar.ask("why/neighbours", user="ada", item="dune", run="similar") == []
    assert similar.ask("why/neighbours", user="ben", item="dune", run="similar") == []
    by_genre = "MATCH (:Item {id: 'emma'})-[e:EXPLAINS]->(:Recommendation {id: 'similar|ben|dune'}) "
    drama = "MATCH (i:Item {id: 'blade'}) MATCH (a:Attribute {value: 'Drama'}) "
    similar.query(f"{drama} CREATE (i)-[:HAS_ATTRIBUTE]->(a)")
    try:
        assert similar.query(f"{by_genre} RETURN count(*) AS n")["n"].tolist() == [1]
        assert similar.ask("why/neighbours", user="ben", item="dune", run="similar") == [
            ("emma", "Emma", "blade", "Blade Runner", "genre", "Drama", "Sci-Fi", -0.2, -0.2, -1)
        ]
        assert similar.ask("why/neighbours", user="ada", item="dune", run="similar") == []
    finally:
        similar.query("MATCH (:Item {id: 'blade'})-[h:HAS_ATTRIBUTE]->(:Attribute {value: 'Drama'}) DELETE h")


def test_what_is_drawn_is_of_one_user(similar: Handle) -> None:
    """User, item of the history, recommendation, user; the item; the shared value; both sources of co-purchases."""

    def drawn(user: str, item: str) -> list[tuple[str | None, ...]]:
        values = {"user": user, "item": item, "run": "similar"}
        rows = similar.query(queries.load("why/path_shared_values", similar.engine).text, values)
        return sorted({tuple(written(path) for path in row) for row in rows.itertuples(index=False)}, key=str)

    def row(user: str, taken: str, item: str, value: str, *, together: bool) -> tuple[str | None, ...]:
        made = f"similar|{user}|{item}"
        beside = f"{taken} {item}" if together else None
        return f"{user} {taken} {made} {user}", f"{made} {item}", f"{taken} {value} {item}", beside

    assert drawn("ada", "dune") == [
        row("ada", "alien", "dune", SCIFI, together=True),
        row("ada", "blade", "dune", SCIFI, together=True),
    ]
    assert drawn("ben", "dune") == [row("ben", "alien", "dune", SCIFI, together=True)]
    assert drawn("ben", "blade") == [
        row("ben", "alien", "blade", SCOTT, together=False),
        row("ben", "alien", "blade", SCIFI, together=False),
    ]
    assert ways(similar, "why/path_shared_values", user="ada", item="dune", run="") == []


def test_the_drawing_of_all_reasons_has_the_shared_values(similar: Handle) -> None:
    """Of ben's three reasons for Blade Runner the third shares nothing."""
    values = {"user": "ben", "item": "blade", "run": "similar", "strongest": 3}
    rows = similar.query(queries.load("why/path_all", similar.engine).text, values)
    drawn = [tuple(written(path) for path in row) for row in rows.itertuples(index=False)]
    reason, suggests = "similar|ben|blade ben", "similar|ben|blade blade"
    assert drawn == [
        (f"alien {reason}", suggests, "ben alien", None, f"alien {SCOTT} blade", None),
        (f"alien {reason}", suggests, "ben alien", None, f"alien {SCIFI} blade", None),
        (f"emma {reason}", suggests, "ben emma", None, None, None),
    ]


@pytest.mark.parametrize("name", ["audit/shared", "audit/protected_way", "audit/sign", "audit/additivity"])
def test_the_run_is_true(similar: Handle, name: str) -> None:
    values = {"run": "similar", "protected": ["gender"]}
    wanted = queries.load(name, similar.engine).parameters
    assert similar.ask(name, **{key: values[key] for key in wanted}) == []
