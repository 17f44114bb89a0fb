"""What item groups and user clusters say of a recommendation, beside its reasons."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pytest

import graphrec as gr
from graphrec.errors import InputError
from graphrec.explainers.removal import Removal
from graphrec.explaining.summaries import MOST_CLUSTERS, MOST_GROUPS
from graphrec.schema.property_graph import SUMMARIES
from graphrec.tables.explanations import Explanations, as_graph
from tests.clustered import Clustered, films

FILMS = films()
MODEL = Clustered().fit(FILMS)


def explained(**request: int) -> Explanations:
    """Return the tables of a run."""
    tables: Explanations = gr.recommend(MODEL, FILMS, k=4, **request).tables
    return tables


def test_a_group_weighs_what_came_through_it_stored_or_not() -> None:
    through: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in explained(reasons=100).reasons.to_pylist():
        through[row["user"], row["item"], row["via"].removeprefix("factor:")] += row["weight"]
    for reasons in (1, 100):
        rows = [row for row in explained(reasons=reasons).summaries.to_pylist() if row["method"] == "item_group"]
        assert len({(row["user"], row["item"]) for row in rows}) == explained(reasons=1).recommendations.num_rows
        for row in rows:
            assert row["weight"] == pytest.approx(through[row["user"], row["item"], row["evidence"]], abs=1e-6)
            assert row["net"] == row["weight"]


def test_the_share_of_a_group_is_its_part_of_all_evidence() -> None:
    tables = explained(reasons=100)
    parts: dict[tuple[str, str], float] = defaultdict(float)
    for row in tables.summaries.to_pylist():
        if row["method"] == "item_group":
            parts[row["user"], row["item"]] += row["share"]
    assert list(parts.values()) == pytest.approx([1.0] * tables.recommendations.num_rows)


def test_a_cluster_weighs_the_membership_whatever_the_item() -> None:
    tables = explained(reasons=100)
    belongs = {(row["id"], row["factor"]): row["weight"] for row in tables.memberships.to_pylist()}
    rows = [row for row in tables.summaries.to_pylist() if row["method"] == "user_cluster"]
    assert {row["weight"] - belongs[row["user"], row["evidence"]] for row in rows} == {0.0}
    assert {(row["share"] == row["weight"], row["ground"], row["via"], row["effect"]) for row in rows} == {
        (True, "factor", "self", None)
    }


def test_reasons_are_as_they_were() -> None:
    """Summaries are counted neither as reasons nor in the rest, and no reason has their methods."""
    tables = explained(reasons=100)
    assert set(tables.reasons["method"].to_pylist()) == {"additive"}
    assert set(tables.summaries["method"].to_pylist()) == set(SUMMARIES)
    assert np.abs(tables.recommendations["rest"].to_numpy()).max() < 1e-6
    assert sum(tables.recommendations["n_reasons"].to_pylist()) == tables.reasons.num_rows


def test_no_more_than_is_asked_for() -> None:
    assert explained(reasons=0).summaries.num_rows == 0
    ranks = [row["rank"] for row in explained(reasons=1).summaries.to_pylist()]
    assert set(ranks) == {1}
    assert max(row["rank"] for row in explained(reasons=100).summaries.to_pylist()) <= max(MOST_GROUPS, MOST_CLUSTERS)


def test_no_factor_is_named_after_what_is_protected() -> None:
    """Names say the age of people and the genre of films; protected, either is left out, and memberships stay."""
    plain = explained(reasons=3)
    assert plain.factors["name"].to_pylist()[0] == "age young · item.genre=space"
    for kind, name in (("age", "item.genre=space"), ("genre", "age young")):
        tables = gr.recommend(MODEL, FILMS, k=4, reasons=3, protect=[kind]).tables
        assert tables.factors["name"].to_pylist()[0] == name
        assert tables.memberships.equals(plain.memberships)


def test_only_the_model_s_own_evidence_is_summed_up() -> None:
    tables = gr.recommend(MODEL, FILMS, k=2, explainer=Removal()).tables
    assert tables.reasons.num_rows
    assert tables.summaries.num_rows == 0
    assert tables.memberships.num_rows


def test_reasons_and_summaries_cannot_change_places() -> None:
    tables = explained(reasons=3)
    with pytest.raises(InputError, match="the method of a reason is 'item_group'"):
        as_graph(Explanations(tables.recommendations, tables.summaries), "run")
    with pytest.raises(InputError, match="the method of a summary is 'additive'"):
        as_graph(Explanations(tables.recommendations, tables.reasons, summaries=tables.reasons), "run")
