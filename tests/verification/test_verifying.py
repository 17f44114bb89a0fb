"""A stored run, measured from the graph, on both engines with the same numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pytest

import graphrec as gr
from graphrec import queries
from graphrec.audits import audit
from graphrec.dataset.dataset import Dataset
from graphrec.errors import ModelError, UsageError
from graphrec.models.ease import EASE
from graphrec.models.reconet.model import RecoNet
from graphrec.models.resolved.model import Resolved
from graphrec.recommendation.request import Request
from graphrec.recommendation.write_run import write_recommendations
from graphrec.tables.graph_tables import GraphTables
from graphrec.verification import verify
from graphrec.verification.grounding import grounding
from graphrec.verification.sampled_evidence import POOLED, EvidenceData, sample_evidence
from tests.cypher.small_graph import SCIFI, SCOTT, graph
from tests.store.content import INTERACTED, everything, load_small, write_small_runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.models.model import Model
    from graphrec.store.store import Store


def filled(store: Store) -> Store:
    load_small(store)
    write_small_runs(store)
    return store


def mean(found: dict[str, Any], name: str, side: str = "stored_alone") -> float | None:
    return found["paths"][name][side]["mean"]


def test_the_small_runs_qualities_by_hand(store: Store) -> None:
    found = verify(filled(store), "new").to_dict()
    # First reasons: ada dune alien (time 10 of 10, 11, 12), emma none; ben dune and blade alien (13 of 13, 14); cat
    # alien blade (15 of 15, 16). All are of the ground history and the oldest that each has.
    assert mean(found, "LIR@2") == 0
    assert mean(found, "LID@2") == pytest.approx((1 + 1 / 2 + 1) / 3)
    assert mean(found, "PTD@2") == pytest.approx((1 + 1 / 2 + 1) / 3)
    assert (mean(found, "PTC@2"), found["paths"]["PTC@2"]["stored_alone"]["users"]) == (0, 1)
    assert mean(found, "LID@1") == 1
    assert mean(found, "SEP@2") is None
    assert {one["what"]: one["why"] for one in found["left_out"]} == {
        "effects, curves, comprehensiveness and sufficiency, additivity": "no model was given",
        "SEP": "no first reason is an attribute or an entity of a type whose nodes differ in degree",
        "SED": "no first reason is an attribute or an entity",
    }
    assert found["users"] == 3


def test_surroundings_by_hand(store: Store) -> None:
    load_small(store)
    data = Dataset.from_store(store)
    around = EvidenceData.read(store, data, ["age"])
    place = {identity: number for number, identity in enumerate(data.attributes.ids.to_pylist())}
    ids = {identity: number for number, identity in enumerate(data.items.ids.to_pylist())}
    ada = data.users.require(["ada"]).astype(np.int64)
    recency = around.recency_of(
        np.repeat(ada, 5), np.array([ids[i] for i in ("alien", "blade", "casa", "emma")] + [-1])
    )
    np.testing.assert_allclose(recency, [0, 0.3 / 0.81, 1, np.nan, np.nan])
    # genres: both have three carriers; the one director, the ages and genders: one node a type
    assert np.isnan(around.popularity[[place[SCIFI], place[SCOTT]]]).all()
    # persons: Scott two facts, Ford one
    entities = {e: n + len(data.attributes) for n, e in enumerate(data.entities.ids.to_pylist())}
    assert (around.popularity[entities["scott"]], around.popularity[entities["ford"]]) == (1, 0)
    assert around.types_of(["history"]) == 1
    assert around.types_of(["history", "item_attribute", "profile", "entity", "factor"]) == 1 + 2 + 2 + 2 + 1
    assert around.hidden.sum() == 1


def test_random_evidence_is_any_that_the_user_has_and_each_as_often(store: Store) -> None:
    load_small(store)
    data = Dataset.from_store(store)
    around = EvidenceData.read(store, data, ["gender"])
    ada = int(data.users.require(["ada"])[0])
    drawn = sample_evidence(around, np.full(6000, ada), np.arange(6000), POOLED, seed=1)
    # three items, Sci-Fi, Drama, Scott, the age and not the gender, the entities Scott and Ford
    nodes, counts = np.unique(np.stack([drawn.ground, drawn.node]), axis=1, return_counts=True)
    assert nodes.shape[1] == 9
    assert abs(counts - 6000 / 9).max() < 5 * np.sqrt(6000 / 9)
    scott = (drawn.ground == POOLED.index("entity")) & (drawn.node == counts_of(data, "scott"))
    ends, each = np.unique(drawn.anchor[scott], return_counts=True)
    assert data.items.ids.take(pa.array(ends)).to_pylist() == ["alien", "blade"]
    assert abs(each - scott.sum() / 2).max() < 5 * np.sqrt(scott.sum() / 4)
    assert (drawn.anchor[drawn.ground == POOLED.index("profile")] == -1).all()
    again = sample_evidence(around, np.full(10, ada), np.arange(10), POOLED, seed=1)
    assert (again.node == drawn.node[:10]).all()
    nothing = sample_evidence(around, np.full(3, ada), np.arange(3), [], seed=1)
    assert (nothing.ground == -1).all()


def counts_of(data: Any, entity: str) -> int:
    return int(data.entities.require([entity])[0]) + len(data.attributes)


def written(store: Store, model: Model, **request: Any) -> tuple[Model, str]:
    load_small(store)
    data = Dataset.from_store(store)
    model.fit(data)
    return model, write_recommendations(store, model, data, Request(k=3, **request)).run.id


MODELS = {
    "ease": lambda: EASE(reg=1.0),
    "reconet": lambda: RecoNet(epochs=2, embedding_size=4),
    "resolved": lambda: Resolved(epochs=2, embedding_size=4, item_factors=2, entity_factors=2),
}


@pytest.mark.parametrize("name", MODELS)
def test_effects_scores_and_sums_of_a_true_run_agree(store: Store, name: str) -> None:
    model, run = written(store, MODELS[name]())
    found = verify(store, run, model=model)
    assert found.effects is not None
    assert found.sums is not None
    assert found.measured == store.query("MATCH (r:Recommendation) RETURN count(r) AS n")["n"][0]
    rows = store.query(queries.load("lookup/effects", store.engine).text, {"run": run}).to_dict("records")[0]
    assert found.effects["nodes"] == rows["nodes"]
    assert found.effects["same"] == found.effects["compared"] == rows["measured"] > 0
    assert found.effects["max_difference"] <= 1e-6
    assert (found.effects["claims"], found.effects["contradicted"]) == (rows["claims"], rows["contradicted"])
    assert (found.held_effects is not None) == model.normalises
    if found.held_effects is not None:
        assert found.held_effects["same"] == found.held_effects["compared"] >= rows["measured"]
    assert found.sums["score"]["max"] <= 1e-5
    assert found.sums["additivity"]["max"] <= 1e-5
    assert found.changes == 0
    curves = found.to_dict()["curves"]
    assert curves["stored"]["sizes"][0] == 1
    assert curves["stored"]["delta"]["users"] == curves["random"]["delta"]["users"]
    report = audit(store, run)
    reasons = int(rows["reasons"])
    assert grounding(report, reasons) == {"reasons": reasons, "untrue": 0, "share": 1.0, "at_most": False}


def test_curves_of_the_linear_model_by_hand(store: Store) -> None:
    model, run = written(store, EASE(reg=1.0))
    found = verify(store, run, model=model, sample=0).to_dict()
    data = Dataset.from_store(store)
    delta = []
    for user in ("ada", "ben", "cat"):
        (score,) = model.score_users(data, [user])
        weights = gr.explain(model, data, [user] * 6, data.items.ids.to_pylist()).tables.reasons.to_pandas()
        taken = data.taken.row(data.users.require([user])[0])
        fresh = [i for i in np.argsort(-score) if i not in taken][:3]
        best = [weights[weights["item"].astype(str) == data.items.ids[int(i)].as_py()] for i in fresh]
        tops = [-rows["weight"].max() for rows in best if len(rows)]
        delta.append(np.mean(tops)) if tops else None
    assert found["curves"]["stored"]["delta"]["mean"][0] == pytest.approx(np.mean(delta), abs=1e-6)
    assert found["curves"]["stored"]["comprehensiveness"]["score"]["curve"]["mean"][0] == pytest.approx(
        -np.mean(delta), abs=1e-6
    )
    # Four recommendations of three users have a second input; none has a third.
    drop = found["curves"]["compared"]["drop"]
    best, random = (
        found["curves"][side]["comprehensiveness"]["score"]["curve"]["mean"] for side in ("stored", "random")
    )
    assert drop["pairs"] == [4, *[0] * 9]
    assert drop["difference"]["mean"] == [pytest.approx(best[0] - random[0], abs=1e-9), *[None] * 9]
    assert best[0] > random[0]
    assert drop["lost"][0] == 0  # of a linear model, nothing lowers the score more than the input that weighs most


def test_false_effects_are_found_and_written_right(store: Store) -> None:
    model, run = written(store, EASE(reg=1.0))
    held = everything(store)
    batches = [batch.reasons for batch in store.read_run(run)]
    from graphrec.tables.effects import EFFECT_KEY

    lies = pa.concat_tables(batches).unify_dictionaries().select(list(EFFECT_KEY)).slice(0, 3)
    store.write_effects(run, [lies.append_column("effect", pa.array([5.0, -5.0, 6.0]))])
    found = verify(store, run, model=model)
    assert found.effects is not None
    assert found.changes == 3
    assert found.effects["compared"] - found.effects["same"] == 3
    assert found.effects["max_difference"] > 4
    store.write_effects(run, found.unwritten)
    assert verify(store, run, model=model).changes == 0
    assert {part: len(rows) for part, rows in everything(store).items()} == {p: len(r) for p, r in held.items()}


def test_another_fit_is_refused_and_the_difference_named(store: Store) -> None:
    _, run = written(store, EASE(reg=1.0))
    data = Dataset.from_store(store)
    with pytest.raises(ModelError, match=r"reg is 2\.0 here, and was 1\.0 there"):
        verify(store, run, model=EASE(reg=2.0).fit(data))
    with pytest.raises(ModelError, match="one is reconet, the other ease"):
        verify(store, run, model=RecoNet(epochs=1, embedding_size=2).fit(data))
    less = replace(data, interactions=data.interactions.where(np.arange(len(data.interactions)) > 0), fingerprint="x")
    with pytest.raises(ModelError, match="the data they were fitted on is not"):
        verify(store, run, model=EASE(reg=1.0).fit(less))


def test_data_that_changed_is_not_measured(store: Store) -> None:
    model, run = written(store, EASE(reg=1.0))
    load_small(store, GraphTables({}, {INTERACTED: pa.table({"from": ["dan"], "to": ["alien"], "rating": [5.0],
               "weight": [1.0], "timestamp": [20]})}))  # fmt: skip
    found = verify(store, run, model=model)
    assert (found.measured, found.effects, found.paths) == (0, None, None)
    assert found.left_out[0].why == "the data changed after the run"


def test_a_run_on_a_split_needs_the_split(store: Store) -> None:
    from graphrec.dataset.splitting import random_split

    load_small(store)
    data = Dataset.from_store(store)
    cut = random_split(data, (0.6, 0.0, 0.4), seed=1)
    seen = cut.apply(data).seen
    model = EASE(reg=1.0).fit(seen)
    run = write_recommendations(store, model, seen, Request(k=2)).run.id
    found = verify(store, run, model=model)
    assert "--split" in found.left_out[0].how
    other = random_split(data, (0.5, 0.0, 0.5), seed=4)
    with pytest.raises(UsageError, match="the run saw the split"):
        verify(store, run, model=model, split=other)
    measured = verify(store, run, model=model, split=cut)
    assert measured.effects is not None
    assert measured.effects["same"] == measured.effects["compared"]


def test_without_timestamps_recency_is_null_and_it_says_why(store: Store) -> None:
    whole = graph()
    bare = whole.edges[INTERACTED].drop_columns(["timestamp"])
    load_small(store, GraphTables(whole.nodes, {**whole.edges, INTERACTED: bare}))
    write_small_runs(store)
    found = verify(store, "new").to_dict()
    assert mean(found, "LIR@2") is None
    assert {"what": "LIR", "why": "the interactions have no timestamps", "how": ""} in found["left_out"]


@pytest.mark.parametrize("sample", [0, 4])
def test_both_engines_give_the_same_numbers(opened: Callable[[str], Store], sample: int) -> None:
    found = []
    for engine in ("ladybug", "neo4j"):
        store = opened(engine)
        model, run = written(store, RecoNet(epochs=2, embedding_size=4), against=2)
        found.append((run, verify(store, run, model=model, sample=sample).to_dict()))
    assert found[0] == found[1]
