"""Queries and audits about user clusters and item groups, worked out by hand on the films of ``tests.clustered``.

Of space are ann, bob, cid and dot; of drama eve, fay, gus and hal. Dot took Alien, Dune and Emma: her mean of s is
(.9 + .9 + .1) / 3 = 19/30 and 11/30, so that her gate is 361/482 and 121/482. The later fit counts Dune as drama, so
that her gate is 121/482 and 361/482, and cid's is half and half, which counts as the first.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec.audits import audit
from graphrec.dataset.dataset import Dataset
from graphrec.models.saving import fit_id
from graphrec.recommendation.batches import run_batches
from graphrec.recommendation.request import Request
from graphrec.recommendation.run_record import run_info
from graphrec.tables import DatasetInfo, GraphTables
from graphrec.tables.explanations import joined
from tests.clustered import Clustered, films_graph

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.tables import RunInfo
    from tests.cypher.handles import Handle

REQUEST = Request(k=2, reasons=20)
INFO = DatasetInfo("films", "Films", "tests", fingerprint="now", loaded="2026-01-15T00:00:00Z")
FILMS = Dataset.from_tables(films_graph(), INFO)
NOW, LATER = Clustered().fit(FILMS), Clustered(first=2).fit(FILMS)
FIT, LATER_FIT = fit_id(NOW), fit_id(LATER)
SPACE, DRAMA = f"{FIT}/cluster-1", f"{FIT}/cluster-2"
SPACE_FILMS, DRAMA_FILMS = f"{FIT}/group-1", f"{FIT}/group-2"
DOT, DOT_IN_DRAMA = 361 / 482, 121 / 482
PART = (6.3 * 81 / 82 + 0.7 * 1 / 82 + 1.9 * DOT + 1.1 * DOT_IN_DRAMA) / 10
"""What part of all that a cluster took is of its group.

Weighted by the gates, each took 7 · 81/82 + 7 · 1/82 + 3 films; of space are .9 · 7 of ann's, bob's and cid's, .1 · 7
of eve's, fay's and hal's, 1.9 of dot's, 1.1 of gus's.
"""


def run_of(model: Clustered, number: int, *, current: bool) -> RunInfo:
    """Return the record of a complete run."""
    record = run_info(model, FILMS, REQUEST)
    return replace(record, status="complete", current=current, number=number, data="now", dataset="films")


def fill(handle: Handle) -> tuple[RunInfo, RunInfo]:
    """Put films and two runs in, the first of which is current."""
    handle.put(GraphTables({"Dataset": pa.Table.from_pylist([INFO.to_row()])}))
    handle.put(films_graph())
    runs = run_of(NOW, 1, current=True), run_of(LATER, 2, current=False)
    for run, model in zip(runs, (NOW, LATER), strict=True):
        handle.put_run(run, joined(run_batches(model, FILMS, REQUEST)))
    return runs


@pytest.fixture(scope="module")
def store(bare: Callable[[], Handle]) -> Handle:
    """The films with both runs; tests only read them."""
    handle = bare()
    fill(handle)
    return handle


def near(rows: list[tuple[object, ...]]) -> list[object]:
    """Return rows that compare to single precision."""
    return [tuple(pytest.approx(v, abs=1e-6) if isinstance(v, float) else v for v in row) for row in rows]


def test_people_of_the_user_s_clusters(store: Handle) -> None:
    """Blade was taken by ann, bob and cid, all the other people of space, and by three of the seven others."""
    assert store.ask("why/people", user="dot", item="blade", run="") == near(
        [
            (SPACE, "age young · space", DOT, 1, 3, 3, 1.0, 7, 3, 3 / 7),
            (DRAMA, "age old · drama", DOT_IN_DRAMA, 2, 4, 0, 0.0, 7, 3, 3 / 7),
        ]
    )
    assert store.ask("lookup/people", user="dot", run=run_of(NOW, 1, current=True).id, first=1, last=1, skip=0) == [
        ("blade", SPACE, 3, 3, 7, 3),
        ("blade", DRAMA, 4, 0, 7, 3),
    ]
    assert store.ask("why/people", user="dot", item="gigi", run="") == []


def test_things_of_the_item_s_groups(store: Handle) -> None:
    """Through space: .9 · .9 for Alien and Dune, .1 · .9 for Emma; the score is 1.71 + .11."""
    rows = store.ask("why/things", user="dot", item="blade", run="")
    assert rows[:3] == near(
        [
            (1, SPACE_FILMS, "space", 1.71, 1.71 / 1.82, 0.9, "alien", "Alien", 0.81, 0.81 / 1.82, 0.9, 3),
            (1, SPACE_FILMS, "space", 1.71, 1.71 / 1.82, 0.9, "dune", "Dune", 0.81, 0.81 / 1.82, 0.9, 4),
            (1, SPACE_FILMS, "space", 1.71, 1.71 / 1.82, 0.9, "emma", "Emma", 0.09, 0.09 / 1.82, 0.1, 4),
        ]
    )
    assert [row[:3] for row in rows[3:]] == [(2, DRAMA_FILMS, "drama")] * 3


def test_what_else_is_of_the_group(store: Handle) -> None:
    """Eve took Emma and Fargo, and is recommended Gigi: the only other film of drama. Three people took it."""
    assert store.ask("why/known_things", user="eve", item="gigi", run="") == near(
        [(DRAMA_FILMS, "drama", "gigi", "Gigi", 0.9, 3)]
    )


@pytest.mark.parametrize(
    ("name", "paths"), [("path_people", 4), ("path_things", 6), ("path_factors", 4), ("path_through_factors", 6)]
)
def test_drawings(store: Handle, name: str, paths: int) -> None:
    """Two clusters with two groups each; three films through each of two groups; four factors by themselves."""
    assert len(store.ask(f"why/{name}", user="dot", item="blade", run="")) == paths
    assert store.ask(f"why/{name}", user="dot", item="gigi", run="") == []


def test_clusters_of_the_fit(store: Handle) -> None:
    """Three people of each took films of one kind alone, and belong to it by .9² / (.9² + .1²) = 81/82."""
    belongs = (3 * 81 / 82 + DOT) / 4
    assert store.ask("analyst/clusters", run="") == near(
        [
            (SPACE, "age young · space", 4, belongs, "space", PART),
            (DRAMA, "age old · drama", 4, belongs, "drama", PART),
        ]
    )


def test_what_a_cluster_s_people_are(store: Handle) -> None:
    assert store.ask("analyst/cluster_people", cluster=SPACE) == [("user.age=young", "age", "young", 4, 1.0, 0.0, 1.0)]


def test_what_a_cluster_s_people_take_more_of(store: Handle) -> None:
    """Space is all that three took and 2/3 of what dot did, and 1/3 of what gus did; persons count, not films."""
    assert store.ask("analyst/cluster_tastes", cluster=SPACE) == near(
        [("item.genre=space", "genre", "space", 4, 11 / 12, 1 / 12, 10 / 12)]
    )


def test_groups_that_clusters_like(store: Handle) -> None:
    """The other cluster takes 1 − ``PART`` of the group: 1/2 on average."""
    assert store.ask("analyst/cluster_groups", run="") == near(
        [
            (SPACE, "age young · space", SPACE_FILMS, "space", PART, 0.5, 2 * PART),
            (DRAMA, "age old · drama", DRAMA_FILMS, "drama", PART, 0.5, 2 * PART),
        ]
    )


def test_who_moved_between_clusters(store: Handle) -> None:
    """The later fit's clusters continue those of their own numbers, and dot alone changes."""
    later = run_of(LATER, 2, current=False).id
    (row,) = store.ask("analyst/cluster_moves", run=later, before="")
    assert row == (
        "dot",
        "Dot",
        *(SPACE, "age young · space"),
        *(DRAMA, "age old · drama"),
        *(f"{LATER_FIT}/cluster-2", row[-1]),
    )
    assert store.ask("analyst/cluster_moves", run=later, before=run_of(NOW, 1, current=True).id) == [row]
    assert store.ask("analyst/cluster_moves", run="", before="") == []
    (back,) = store.ask("analyst/cluster_moves", run="", before=later)
    assert (back[0], back[2], back[6]) == ("dot", f"{LATER_FIT}/cluster-2", SPACE)


def test_summaries_are_never_added_to_reasons(store: Handle) -> None:
    """Audits are silent, though weights of summaries and reasons add up to twice the score and more."""
    for model, number in ((NOW, 1), (LATER, 2)):
        report = audit(store, run_of(model, number, current=False), with_reach=False)  # type: ignore[arg-type]
        assert report.findings == ()
    factors = store.ask("analyst/factors", run="")
    assert {row[2] for row in factors} == {"additive"}
    assert sum(row[5] for row in factors) == pytest.approx(1)


SUMMARY = "MATCH (f:Factor {id: '%s'})-[s:EXPLAINS]->(r:Recommendation) WHERE r.user = 'dot' AND r.item = 'blade'"
CHANGES = {
    "a group weighs more than the reasons through it": (
        SUMMARY % SPACE_FILMS + " SET s.weight = 1.8",
        [("dot", "blade", SPACE_FILMS, "item_group", 1, 1.8, 1.71)],
    ),
    "a user belongs to no such cluster": (
        f"MATCH (u:User {{id: 'dot'}})-[b:BELONGS_TO]->(f:Factor {{id: '{SPACE}'}}) DELETE b",
        [("dot", item, SPACE, "user_cluster", 0, DOT, 0.0) for item in ("blade", "fargo")],
    ),
    "a cluster is said to be a group": (
        SUMMARY % SPACE + " SET s.method = 'item_group'",
        [("dot", "blade", SPACE, "item_group", 0, DOT, 0.0)],
    ),
}


@pytest.mark.parametrize("what", sorted(CHANGES))
def test_the_audit_of_summaries_notices(bare: Callable[[], Handle], what: str) -> None:
    handle = bare()
    run, _ = fill(handle)
    change, found = CHANGES[what]
    handle.query(change)
    assert handle.ask("audit/summary", run=run.id) == near(found)
