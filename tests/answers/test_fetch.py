"""Asking a store why: the shipped queries' rows become typed answers, on both engines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

from graphrec.answers import Node, fetch_list, fetch_why
from graphrec.answers.fetch import _rank_ranges
from graphrec.errors import UnknownIdError
from graphrec.store.opening import open_store
from graphrec.tables import GraphTables, RunInfo
from graphrec.tables.explanations import REASONS, RECOMMENDATIONS, Explanations
from tests.cypher import small_graph
from tests.cypher.small_graph import reason, table
from tests.store.content import INTERACTED, SMALL

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.store.store import Store

SPACE = Node("Factor", "fit-1/0", "space")


def test_one_item_has_every_reason_in_order(store: Store) -> None:
    why = fetch_why(store, "ada", "dune")
    assert (why.run.id, why.user, why.item) == ("new", Node("User", "ada", "Ada"), Node("Item", "dune", "Dune"))
    assert (why.score, why.rank, why.remainder, why.stale) == (2.0, 1, 0.2, False)
    assert [r.evidence.name for r in why.supporting] == [
        "Alien", "Sci-Fi", "Ridley Scott", "25-34", "story", "pacing", "space",
    ]  # fmt: skip
    assert [r.evidence.name for r in why.opposing] == ["Casablanca"]
    scifi, factor = why.reasons[1], why.reasons[6]
    assert (scifi.weight, scifi.share, scifi.effect, scifi.ground) == (0.5, 0.2, 0.3, "item_attribute")
    assert scifi.anchor == Node("Item", "blade", "Blade Runner")
    assert (factor.effect, factor.anchor, factor.flips, factor.via) == (None, None, None, "factor:fit-1/0")
    assert [r.factor for r in why.reasons[:3]] == [SPACE, None, SPACE]
    assert why.covered == pytest.approx(0.32 + 0.2 + 0.12 + 0.04 + 0.04 + 0.02 + 0.02 + 0.04)


def test_a_list_has_each_recommendation_with_its_own_reasons(store: Store) -> None:
    answers = fetch_list(store, "ben")
    assert [(w.item.id, len(w.reasons)) for w in answers] == [("dune", 2), ("blade", 1)]
    assert answers[0].reasons == fetch_why(store, "ben", "dune").reasons
    assert [(w.item.id, w.reasons) for w in fetch_list(store, "ada")][1] == ("emma", ())


def test_another_run_is_asked_by_its_id_and_a_run_of_other_data_is_stale(store: Store) -> None:
    old = fetch_why(store, "ada", "fargo", "old")
    assert [r.evidence.id for r in old.reasons] == ["casa"]
    assert old.stale


@pytest.mark.parametrize(
    ("user", "item", "run", "words"),
    [
        ("nobody", "dune", "", "no user 'nobody'"),
        ("ada", "nothing", "", "no item 'nothing'"),
        ("ada", "fargo", "", "does not recommend the item 'fargo' to the user 'ada'"),
        ("dan", "dune", "", "recommends nothing to the user 'dan'"),
        ("ada", "dune", "never", "no run 'never'"),
        ("'}) DETACH DELETE n //", "dune", "", "no user"),
    ],
)
def test_what_is_not_there_is_named(store: Store, user: str, item: str, run: str, words: str) -> None:
    with pytest.raises(UnknownIdError, match=words.replace("(", r"\(")):
        fetch_why(store, user, item, run)
    assert len(fetch_list(store, "ada")) == 2


def test_an_unknown_user_has_no_list(store: Store) -> None:
    with pytest.raises(UnknownIdError, match="no user"):
        fetch_list(store, "nobody")


def long_run(data: str, reasons_of: list[int]) -> tuple[GraphTables, RunInfo, Explanations]:
    """Return a graph with one user, and a run with so many reasons for each of the recommended items.

    Reasons are items of the history, the first for every recommendation being the strongest.
    """
    taken, given = max(reasons_of), len(reasons_of)
    items = [f"t{n:04}" for n in range(taken)] + [f"r{n:04}" for n in range(given)]
    graph = GraphTables(
        {"User": pa.table({"id": ["u"], "name": ["U"]}), "Item": pa.table({"id": items, "name": items})},
        {INTERACTED: pa.table({"from": ["u"] * taken, "to": items[:taken], "weight": np.ones(taken)})},
    )
    numbers: dict[str, Any] = {"score": 1.0, "rest": 0.0}
    recommendations = [
        {"user": "u", "item": f"r{n:04}", "name": f"r{n:04}", "rank": n + 1, "n_reasons": count, **numbers}
        for n, count in enumerate(reasons_of)
    ]
    reasons = [
        reason("u", f"r{n:04}", "Item", f"t{k:04}", "history", 1.0, 1 / count, k + 1, None, f"t{k:04}")
        for n, count in enumerate(reasons_of)
        for k in range(count)
    ]
    run = RunInfo("long", "long", "ease", "fit", "2026-02-01T00:00:00Z", data, "score")
    return graph, run, Explanations(table(recommendations, RECOMMENDATIONS), table(reasons, REASONS))


@pytest.mark.parametrize(
    "reasons_of",
    [[60] * 120, [7000, 0, 300, 5000, 1], [2] * 1200],
    ids=["more reasons than a page", "a recommendation with more reasons than a page", "more recommendations"],
)
def test_no_recommendation_loses_a_reason_on_a_long_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reasons_of: list[int]
) -> None:
    with open_store(str(tmp_path / "store")) as store:
        graph, run, explanations = long_run("", reasons_of)
        loaded = store.load(graph, SMALL)
        store.write_run(replace(run, data=loaded.dataset.fingerprint), [explanations])
        calls: list[str] = []
        monkeypatch.setattr(store, "data_fingerprint", lambda _: calls.append("") or loaded.dataset.fingerprint)
        whys = fetch_list(store, "u")
        assert len(calls) == 1
        assert [len(why.reasons) for why in whys] == reasons_of
        assert [why.rank for why in whys] == list(range(1, len(reasons_of) + 1))
        for why in whys:
            assert [one.rank for one in why.reasons] == list(range(1, len(why.reasons) + 1))
        last = len(reasons_of) - 1
        assert fetch_why(store, "u", f"r{last:04}") == whys[last]
        assert fetch_why(store, "u", "r0000") == whys[0]


def test_ranges_of_ranks_hold_at_most_a_page_of_reasons() -> None:
    def ranges(*reasons_of: int) -> list[tuple[int, int]]:
        return list(_rank_ranges([{"rank": n, "n_reasons": count} for n, count in enumerate(reasons_of, 1)], 10))

    assert ranges(3) == [(1, 1)]
    assert ranges(3, 7, 1) == [(1, 2), (3, 3)]
    assert ranges(11, 0, 25, 1) == [(1, 1), (2, 3), (4, 4)]
    assert ranges(0, 0, 0) == [(1, 3)]


def test_the_verb_is_that_of_the_data_set(store: Store) -> None:
    assert fetch_why(store, "ada", "dune").verb == "interacted with"
    store.load(small_graph.graph(), replace(SMALL, verb="watched"))
    assert {why.verb for why in fetch_list(store, "ada")} == {"watched"}
