"""Audits: nothing on a good run, exactly what is wrong on a bad one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec import queries
from graphrec.audits import AuditReport, audit
from graphrec.audits.held import HeldKinds
from tests.cypher.bad_run import EXPECTED, RUN, bad_run
from tests.cypher.conftest import fill
from tests.cypher.small_graph import SCOTT, YOUNG, new_run

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cypher.handles import Handle

GOOD = {
    "audit/effect": [("ada", "dune", YOUNG, None, 0.1, -0.05)],
    "audit/unexplained": [("ada", "emma", 2)],
}
"""What is remarked of the good run; every other audit is silent."""


@pytest.fixture(scope="module")
def wrong(small: Handle) -> Handle:
    """The small graph with the bad run beside the good ones."""
    small.put_run(*bad_run())
    return small


def ask(handle: Handle, name: str, run: str, protected: list[str]) -> list[tuple[object, ...]]:
    values = {"run": run, "protected": protected, "property": "rating", "low": -9.0, "high": 2.0}
    return handle.ask(name, **{key: values[key] for key in queries.load(name, handle.engine).parameters})


@pytest.mark.parametrize("name", queries.names("audit"))
def test_a_good_run_has_nothing_untrue(wrong: Handle, name: str) -> None:
    assert ask(wrong, name, "new", ["gender"]) == GOOD.get(name, [])


@pytest.mark.parametrize("name", queries.names("audit"))
def test_each_audit_finds_what_is_wrong(wrong: Handle, name: str) -> None:
    assert sorted(ask(wrong, name, "bad", ["gender"]), key=str) == sorted(EXPECTED[name], key=str)


def test_an_older_run_is_stale(wrong: Handle) -> None:
    assert wrong.ask("audit/stale", run="old") == [("old", "before", "now", "2026-01-15T00:00:00Z")]


def test_the_report_tells_untrue_from_remarks(wrong: Handle) -> None:
    bad = audit(wrong, RUN, with_reach=False)  # type: ignore[arg-type]
    good = audit(wrong, new_run("now")[0], with_reach=False)  # type: ignore[arg-type]
    assert [finding.audit for finding in bad.findings] == [name for name, rows in EXPECTED.items() if rows]
    assert [finding.audit for finding in bad.remarks] == ["audit/effect", "audit/stale", "audit/unexplained"]
    assert [finding.audit for finding in good.remarks] == ["audit/effect", "audit/unexplained"]
    assert good.sound
    assert not bad.sound
    counts = next(finding for finding in bad.findings if finding.audit == "audit/counts")
    assert (counts.count, counts.examples) == (1, ({"user": "dan", "item": "alien", "said": 13, "stored": 17},))


@pytest.mark.parametrize("run", ["new", "old", "bad"])
def test_what_is_not_asked_has_nothing_to_find(wrong: Handle, run: str) -> None:
    held = HeldKinds.of(wrong, run)  # type: ignore[arg-type]
    skipped = [name for name in queries.names("audit") if not held.may_concern(name)]
    assert {name: rows for name in skipped if (rows := ask(wrong, name, run, []))} == {}


MUTATIONS = {
    "audit/additivity": (
        "MATCH (r:Recommendation {id: 'new|ben|dune'}) SET r.rest = 0.3",
        [("ben", "dune", 1.0, 0.3, 0.9)],
    ),
    # Ada rated Casablanca 2, and Alien 5.
    "audit/disliked": (
        "MATCH (i:Item)-[e:EXPLAINS]->(:Recommendation {id: 'new|ada|dune'}) SET e.via = 'disliked'",
        [("ada", "dune", "alien", "alien")],
    ),
    # Ben has a reason of the fallback, and others.
    "audit/fallback": (
        "MATCH (:Item {id: 'alien'})-[e:EXPLAINS]->(:Recommendation {id: 'new|ben|dune'}) SET e.method = 'fallback'",
        [("ben", 3, 1)],
    ),
    # Two took Alien, which is not what is recommended to Ben.
    "audit/popularity": (
        "MATCH (:Item)-[e:EXPLAINS]->(:Recommendation {id: 'new|ben|dune'}) SET e.ground = 'popularity', e.weight = 2",
        [("alien", 2.0, 2)],
    ),
    "audit/ends": (
        "MATCH (r:Recommendation {id: 'new|ben|dune'})-[s:SUGGESTS]->(:Item) DELETE s",
        [("new|ben|dune", "ben", None, "new")],
    ),
    "audit/current": ("MATCH (run:Run {id: 'old'}) SET run.current = true", [("", 2, ["new", "old"])]),
    "audit/history": (
        "MATCH (u:User {id: 'cat'})-[t:INTERACTED]->(i:Item {id: 'blade'}) DELETE t",
        [("cat", "alien", "blade", "blade")],
    ),
    "audit/item_attribute": (
        f"MATCH (i:Item {{id: 'blade'}})-[h:HAS_ATTRIBUTE]->(a:Attribute) WHERE a.id <> '{SCOTT}' DELETE h",
        [("ada", "dune", "item.genre=Sci-Fi", "blade")],
    ),
    "audit/entity": (
        "MATCH (x:Entity {id: 'scott'})-[f:RELATED_TO]->(y:Entity {id: 'england'}) DELETE f",
        [("england", "blade", 2)],
    ),
    "audit/sign": (
        "MATCH (:Item {id: 'alien'})-[e:EXPLAINS]->(:Recommendation {id: 'new|ben|dune'}) SET e.rank = -1",
        [("ben", "dune", "alien", -1, 0.6)],
    ),
    "audit/factor": ("MATCH (u)-[b:BELONGS_TO]->(f:Factor) DELETE b", [("ada", "dune", "fit-1/0", None)]),
}
"""One thing done to the good graph, and what its audit then says."""


@pytest.mark.parametrize("name", sorted(MUTATIONS))
def test_an_audit_notices_one_change(bare: Callable[[], Handle], name: str) -> None:
    handle = bare()
    fill(handle)
    change, found = MUTATIONS[name]
    handle.query(change)
    rows = ask(handle, name, "new", [])
    assert [tuple(sorted(v) if isinstance(v, list) else v for v in row) for row in rows] == found
    assert HeldKinds.of(handle, "new").may_concern(name)  # type: ignore[arg-type]


ENDS = {
    "another user is named": ("SET r.user = 'cat'", ("ben", "dune", "new")),
    "another item is named": ("SET r.item = 'emma'", ("ben", "dune", "new")),
    "two users": ("WITH r MATCH (u:User {id: 'ada'}) CREATE (u)-[:RECEIVED]->(r)", ("ada", "dune", "new")),
    "two items": ("WITH r MATCH (i:Item {id: 'alien'}) CREATE (r)-[:SUGGESTS]->(i)", ("ben", "alien", "new")),
    "two runs": ("WITH r MATCH (n:Run {id: 'old'}) CREATE (r)-[:FROM_RUN]->(n)", ("ben", "dune", "new")),
    "no user": ("WITH r MATCH (:User)-[e:RECEIVED]->(r) DELETE e", (None, "dune", "new")),
    "no run": ("WITH r MATCH (r)-[e:FROM_RUN]->(:Run) DELETE e", ("ben", "dune", None)),
}
"""What is done to a recommendation, and the least of the ends that it then has."""


@pytest.mark.parametrize("wrong_end", sorted(ENDS))
def test_each_wrong_end_is_found(bare: Callable[[], Handle], wrong_end: str) -> None:
    handle = bare()
    fill(handle)
    change, ends = ENDS[wrong_end]
    handle.query(f"MATCH (r:Recommendation {{id: 'new|ben|dune'}}) {change}")
    assert ask(handle, "audit/ends", "new", []) == [("new|ben|dune", *ends)]


def test_which_audits_a_run_of_taken_items_alone_spares() -> None:
    held = HeldKinds(frozenset(["history"]), frozenset(["linear"]), frozenset(["self"]))
    assert [name for name in queries.names("audit") if not held.may_concern(name)] == [
        f"audit/{name}"
        for name in (
            "disliked", "entity", "factor", "fallback", "item_attribute", "item_side", "mentioned", "popularity",
            "profile", "rival_side", "shared", "summary",
        )
    ]  # fmt: skip


def test_a_report_without_findings_is_sound() -> None:
    assert AuditReport("r", ("audit/history",), ()).sound
