"""Counterfactuals in a store: written, audited, told and measured again, on a real embedded engine."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
import pytest

import graphrec as gr
from graphrec import queries
from graphrec.answers import whys_from_tables
from graphrec.audits import audit
from graphrec.schema import EdgeKind
from graphrec.store.opening import open_store
from graphrec.tables import GraphTables
from graphrec.tables.counterfactual_counts import counts_of
from graphrec.tables.explanations import REASONS, joined
from graphrec.verification import verify
from tests.explainers.counterfactual.feature_models import LinearHead, reviewed
from tests.store.content import SMALL

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset
    from graphrec.store.store import Store


def graph_of(data: Dataset) -> GraphTables:
    """Return the reviews as a loader brings them."""
    users, items = data.users.ids.to_pylist(), data.items.ids.to_pylist()
    features = data.nodes["Feature"].ids.to_pylist()
    said, taken = data.mentions, data.interactions
    return GraphTables(
        {
            "User": pa.table({"id": users, "name": [user.upper() for user in users]}),
            "Item": pa.table({"id": items, "name": [f"Piano {item}" for item in items]}),
            "Feature": pa.table({"id": features, "name": [f"word {feature}" for feature in features]}),
        },
        {
            EdgeKind("INTERACTED", "User", "Item"): pa.table(
                {
                    "from": [users[user] for user in taken.user],
                    "to": [items[item] for item in taken.item],
                    "rating": [5.0] * len(taken.user),
                    "weight": [1.0] * len(taken.user),
                }
            ),
            EdgeKind("MENTIONED", "User", "Feature"): pa.table(
                {
                    "from": [users[user] for user in said.user],
                    "to": [features[feature] for feature in said.feature],
                    "item": [items[item] for item in said.item],
                    "sentiment": said.sentiment.astype(float),
                    "count": said.count.astype(int),
                }
            ),
        },
    )


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, LinearHead, Dataset]]:
    """A store with reviews, and a linear head that was fitted on them."""
    with open_store(str(tmp_path_factory.mktemp("reviews") / "store")) as store:
        store.load(graph_of(reviewed()), SMALL)
        data = gr.Dataset.from_store(store)
        yield store, LinearHead().fit(data), data


@pytest.mark.parametrize("settings", [{}, {"direction": "any"}, {"flip": "top", "top": 2, "direction": "raise"}])
def test_a_run_is_true_and_says_of_each_recommendation_whether_there_is_one(
    filled: tuple[Store, LinearHead, Dataset], settings: dict[str, str]
) -> None:
    store, model, data = filled
    explainer = gr.explainers.Counterfactual(**{"flip": "next", **settings})
    written = gr.recommend(model, data, k=3, explainer=explainer).write(store)
    assert not written.report.findings, "no remark either: who has none is not unexplained"
    run = written.run.id
    counts = counts_of(store.run(run))
    assert counts is not None
    assert sum(counts.values()) == 90
    assert counts["found"] > 30
    grounds = store.query(
        "MATCH (x)-[e:EXPLAINS]->(r:Recommendation) WHERE r.run = $run RETURN DISTINCT e.ground AS ground", {"run": run}
    )
    assert set(grounds["ground"]) == {"mentioned"} | ({"rival_side"} if settings else set()) | (
        {"item_side"} & set(grounds["ground"])
    )
    said = joined(store.read_run(run)).recommendations["counterfactual"].to_pylist()
    assert {name: said.count(name) for name in counts} == counts


def test_it_is_told_in_the_words_of_the_person(filled: tuple[Store, LinearHead, Dataset]) -> None:
    store, model, data = filled
    result = gr.recommend(model, data, k=3, explainer=gr.explainers.Counterfactual(flip="next", direction="any"))
    run = result.write(store).run.id
    seen = set()
    for user in data.users.ids.to_pylist():
        told = gr.why(store, user, run=run)
        assert told == whys_from_tables(joined(store.read_run(run)), data, store.run(run), user)
        for why in told:
            words = str(why)
            rows = store.query(
                queries.load("why/counterfactuals", store.engine).text, {"user": user, "item": why.item.id, "run": run}
            )
            assert (why.counterfactual == "found") == bool(len(rows)) == bool(why.reasons)
            if not len(rows):
                assert "No counterfactual" in words
                continue
            assert f"“{rows['contrast_name'][0]}” would come before it." in words
            for row in rows.itertuples():
                cares = "more" if row.delta > 0 else "less"
                seen.add(cares)
                assert f"cared {cares} for “" in words or f"{cares} for “" in words
                assert f"“{row.name}” (" in words
                assert row.amount_to == pytest.approx(row.amount_from + row.delta)
    assert seen == {"more", "less"}


def test_verify_lets_each_set_flip_again_and_sees_where_one_does_not(
    filled: tuple[Store, LinearHead, Dataset],
) -> None:
    store, model, data = filled
    result = gr.recommend(model, data, k=3, explainer=gr.explainers.Counterfactual(flip="next", direction="any"))
    run = result.write(store).run.id
    sets = result.tables.recommendations["counterfactual"].to_pylist().count("found")
    flips = verify(store, run, model=model, split=None).counterfactuals
    assert flips is not None
    assert flips == {"sets": sets, "flip": sets, "same_effect": sets, "max_difference": pytest.approx(0, abs=1e-5)}
    tables, place = result.tables, REASONS.get_field_index("delta")
    half = tables.reasons.set_column(place, REASONS.field("delta"), pc.multiply(tables.reasons["delta"], 0.5))
    store.write_run(replace(result.run, id="halved"), [replace(tables, reasons=half)])
    halved = verify(store, "halved", model=model, split=None).counterfactuals
    assert halved is not None
    assert (halved["sets"], halved["flip"]) == (sets, 0)
    assert halved["same_effect"] < sets, "what is raised for the rival's sake alone leaves the item's score"


def test_an_audit_finds_a_set_that_was_tampered_with(filled: tuple[Store, LinearHead, Dataset], tmp_path: Path) -> None:
    _, model, data = filled
    batch = gr.recommend(model, data, k=2, explainer=gr.explainers.Counterfactual(flip="next")).tables
    recommended = batch.recommendations
    said = ["none" if row == "found" else row for row in recommended["counterfactual"].to_pylist()]
    place = recommended.column_names.index("counterfactual")
    lying = recommended.set_column(place, "counterfactual", pa.array(said).dictionary_encode())
    with open_store(str(tmp_path / "store")) as other:
        other.load(graph_of(reviewed()), SMALL)
        run = gr.recommend(model, data, k=2, explainer=gr.explainers.Counterfactual(flip="next")).run
        other.write_run(run, [type(batch)(lying, batch.reasons)])
        report = audit(other, run.id, with_reach=False)
    assert [finding.audit for finding in report.untrue] == ["audit/counterfactual"]
