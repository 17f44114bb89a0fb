"""The query of counterfactual sets on both engines: a rival, what changes, from how much to how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.tables import RunInfo
from tests.cypher.conftest import fill
from tests.cypher.small_graph import NAMES, explanations, reason

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cypher.handles import Handle

_SET = {"method": "counterfactual", "set": 1, "joint_effect": 0.75, "flips": True}
_EMMA = {**_SET, "contrast": "emma"}
ROWS = [
    reason("ada", "dune", "Feature", "pacing", "item_side", 0.2, 0.25, 2, None, **_EMMA, delta=1.5, amount=0.0),
    reason("ada", "dune", "Feature", "story", "mentioned", 0.6, 0.75, 1, 0.5, **_EMMA, delta=-2.0, amount=4.5),
    reason("ben", "dune", "Item", "alien", "history", 0.4, 1.0, 1, 0.5, "alien", **_SET, contrast="casa", delta=-1.0),
]


@pytest.fixture(scope="module")
def changed(bare: Callable[[], Handle]) -> Handle:
    """The small graph with a run of counterfactual sets."""
    handle = bare()
    fill(handle)
    run = RunInfo("changed", "words", "ease", "fit-1", "2026-05-01T00:00:00Z", "now", "perturbation", "none",
                  status="complete")  # fmt: skip
    said = [("ada", "dune", 2, "found"), ("ben", "dune", 1, "found"), ("cat", "alien", 0, "none")]
    listed = [
        {
            "user": user,
            "item": item,
            "name": NAMES[item],
            "score": 1.0,
            "rank": 1,
            "n_reasons": n,
            "counterfactual": found,
        }
        for user, item, n, found in said
    ]
    handle.put_run(run, explanations(listed, ROWS))
    return handle


def test_a_set_names_its_rival_and_its_changes(changed: Handle) -> None:
    columns = ("contrast", "contrast_name", "id", "name", "delta", "amount_from", "amount_to", "share", "ground")
    assert changed.columns("why/counterfactuals", columns, user="ada", item="dune", run="changed") == [
        ("emma", "Emma", "story", "story", -2.0, 4.5, 2.5, 0.75, "mentioned"),
        ("emma", "Emma", "pacing", "pacing", 1.5, 0.0, 1.5, 0.25, "item_side"),
    ]
    assert changed.columns("why/counterfactuals", columns, user="ben", item="dune", run="changed") == [
        ("casa", "Casablanca", "alien", "Alien", -1.0, None, None, 1.0, "history")
    ]


def test_without_one_the_recommendation_says_so(changed: Handle) -> None:
    assert changed.ask("why/counterfactuals", user="cat", item="alien", run="changed") == []
    for user, found in (("ada", "found"), ("cat", "none")):
        rows = changed.columns("why/recommendations", ("counterfactual",), user=user, run="changed")
        assert rows == [(found,)]
    assert changed.columns("why/recommendations", ("counterfactual",), user="ada", run="new")[0] == (None,)


def test_the_reasons_name_the_rival_too(changed: Handle) -> None:
    columns = ("id", "contrast", "contrast_name", "amount", "delta")
    assert changed.columns("why/item", columns, user="ben", item="dune", run="changed") == [
        ("alien", "casa", "Casablanca", None, -1.0)
    ]
    assert changed.columns("why/list", columns, user="ada", run="changed")[0] == ("story", "emma", "Emma", 4.5, -2.0)


@pytest.mark.parametrize("audit", ["counterfactual", "sets", "item_side", "mentioned", "counts", "unexplained"])
def test_the_audits_find_nothing(changed: Handle, audit: str) -> None:
    assert changed.ask(f"audit/{audit}", run="changed") == []
