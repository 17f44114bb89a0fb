"""The battery for every variant, and what the model does with graphs of all kinds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

import graphrec as gr
from graphrec.dataset.ids import IdMap
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import ITEM_ATTRIBUTES, ITEM_ENTITIES
from graphrec.dataset.knowledge import Knowledge
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import ModelError, UsageError
from graphrec.explainers.registry import find_explainer
from graphrec.explaining.input_switching import measured_effects
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.explaining.selection import choose
from graphrec.models.ease import EASE
from graphrec.models.ensemble import seed_of_member
from graphrec.models.resolved.config import AS_PRINTED
from graphrec.models.resolved.describing import GRAPH
from graphrec.models.resolved.model import Resolved
from graphrec.models.saving import load_model, save_model
from graphrec.recommendation.batches import recommend, run_batches
from graphrec.recommendation.factor_tables import factor_tables
from graphrec.recommendation.request import Request
from graphrec.schema.property_graph import EVIDENCE_LABELS
from graphrec.tables.explanations import joined
from graphrec.testing import ALL, EVERYTHING, ModelBattery, frames
from graphrec.testing.knowledge import KnowledgeBattery, KnowledgeModelBattery, toy_with_knowledge, with_facts
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.profiles import Profiles
    from graphrec.models.model import Model

SMALL: dict[str, Any] = {
    "epochs": 8,
    "embedding_size": 6,
    "item_factors": 3,
    "entity_factors": 2,
    "learning_rate": 0.05,
    "batch_size": 32,
    "averaging": 0.5,
}


class TestWithoutEntities(ModelBattery):
    def make(self, **settings: Any) -> Resolved:
        return Resolved(**{**SMALL, "entities": "graph", **settings})


class TestTwoMembers(ModelBattery):
    def make(self, **settings: Any) -> Resolved:
        return Resolved(**{**SMALL, "members": 2, "epochs": 4, "entities": "graph", **settings})


class TestAsPrinted(ModelBattery):
    def make(self, **settings: Any) -> Resolved:
        return Resolved(**{**AS_PRINTED, **SMALL, "averaging": 0.0, "entities": "graph", **settings})


class AttributesBattery(ModelBattery):
    """Attributes are inputs in the place of entities: an item that goes leaves them, and no profile has them alone."""

    def score_without(self, model: Model, profile: Profiles, label: str, node: int) -> np.ndarray:
        if label == "Item":
            assert not len(profile.item_attributes.row(node))
            return super().score_without(model, profile, label, node)
        links = profile.item_attributes
        apart = links.where(links.indices != node)
        return model.score(replace(profile, links={**profile.links, ITEM_ATTRIBUTES: apart})).numpy()[0]

    def leaves_entities(self, model: Model, profile: Profiles, label: str, node: int) -> bool:
        return label == "Item"


class TestByAttributes(AttributesBattery):
    def make(self, **settings: Any) -> Resolved:
        return Resolved(**{**SMALL, **settings})


class TestTwoMembersByAttributes(AttributesBattery):
    def make(self, **settings: Any) -> Resolved:
        return Resolved(**{**SMALL, "members": 2, "epochs": 4, "activation": "tanh", **settings})


class TestWithEntities(KnowledgeModelBattery):
    def make(self, **settings: Any) -> Resolved:
        return Resolved(**{**SMALL, **settings})


class TestWithTwoLevelsOfEntities(KnowledgeModelBattery):
    def make(self, **settings: Any) -> Resolved:
        return Resolved(**{**SMALL, "levels": 2, "activation": "tanh", **settings})


class TestSampled(KnowledgeBattery):
    def make(self, **settings: Any) -> Resolved:
        return Resolved(**{**SMALL, "user_fanout": 2, "item_fanout": 1, **settings})


@pytest.mark.parametrize("settings", [{}, {"negatives": 5}, {"negatives": 5, "negatives_by": "popularity"}])
def test_it_learns_two_tastes(settings: dict[str, Any]) -> None:
    """Users like every other item; what they lack of their own kind scores above the other kind."""
    data = toy_with_knowledge(n_users=60, n_items=16)
    model = Resolved(**{**SMALL, "epochs": 60, "learning_rate": 0.02, **settings}).fit(data)
    users = [f"u{number:02}" for number in range(60)]
    scores = model.score_users(data, users)
    taste = np.arange(60) % 2
    same = (np.arange(16) % 2)[None, :] == taste[:, None]
    assert scores[same].mean() > scores[~same].mean() + 0.1


@pytest.mark.parametrize("settings", [{}, {"members": 2, "epochs": 3}, {"activation": "tanh", "levels": 2}])
def test_reasons_through_factors(settings: dict[str, Any]) -> None:
    """With entities: all weights sum to the score, and effects are those of the node as a whole."""
    data = toy_with_knowledge()
    model = Resolved(**{**SMALL, **settings}).fit(data)
    rows, reasons = frames(recommend(model, data, EVERYTHING))
    assert (rows["rest"].abs() / np.maximum(rows["score"].abs(), 1)).max() < 1e-5
    assert set(reasons["label"]) == {"Item", "Entity", "Factor"}
    assert set(reasons["ground"]) == {"history", "entity", "factor"}
    assert set(reasons["method"].astype(str)) == {"responsibility"}
    inputs = reasons[reasons["label"] != "Factor"]
    assert inputs["via"].str.startswith("factor:").all()
    assert inputs.groupby(["user", "item", "label", "evidence"])["effect"].count().max() == 1
    assert reasons.loc[reasons["label"] == "Factor", "effect"].isna().all()
    entity = reasons[reasons["label"] == "Entity"].iloc[0]
    anchor = int(data.items.require([entity["anchor"]])[0])
    assert data.entities.require([entity["evidence"]])[0] in data.item_entities.row(anchor)
    assert anchor in data.positives.row(int(data.users.require([entity["user"]])[0]))


def test_an_effect_is_the_score_less_that_without_the_entity() -> None:
    """An entity that is switched off is one that no item is linked to."""
    data = toy_with_knowledge()
    model = Resolved(**SMALL).fit(data)
    reasons = frames(recommend(model, data, EVERYTHING))[1].query(
        "label == 'Entity' and evidence == 'love' and net == net"
    )
    apart = data.entities.require(["love"])[0]
    links = data.item_entities.where(data.item_entities.indices != apart)
    without = data.changed(links={ITEM_ENTITIES: links})
    for row in reasons.iloc[::9].itertuples():
        item = int(data.items.require([row.item])[0])
        before, after = model.score_users(data, row.user)[item], model.score_users(without, row.user)[item]
        assert row.effect == pytest.approx(before - after, abs=3e-5)


def test_the_held_effect_of_an_only_input_is_the_whole_score() -> None:
    """An item without entities: with nothing put in, log Σ_c p(t, c) = 0 is left."""
    data = toy_with_knowledge()
    model = Resolved(**SMALL).fit(data)
    bare = data.items.ids.to_pylist()[-1]
    new = with_facts(build({"one": {bare: 5.0}}, data.items.ids.to_pylist()), [], data.entities.ids.to_pylist())
    profiles, items = profiles_of(*model.align(new), np.array([0])), torch.tensor([[3, 0]])
    assert model.count_inputs(profiles).tolist() == [1]
    scores, evidence = model.score(profiles, items), model.evidence(profiles, items)
    chosen = choose(evidence, evidence.filled, reasons=9, against=9)
    held = model.held_effects(profiles, items, scores, evidence, chosen)
    of_item = chosen.valid & torch.from_numpy(evidence.labels[0][chosen.slots] == EVIDENCE_LABELS.index("Item"))
    assert of_item.any(dim=2).all()
    torch.testing.assert_close(held[of_item], scores[:, :, None].expand_as(held)[of_item], atol=1e-5, rtol=1e-5)
    assert torch.isnan(held[chosen.valid & ~of_item]).all(), "factors are no inputs"
    assert torch.isnan(model.effects(profiles, items, scores, evidence, chosen)).all()


def test_held_effects_of_entities_go_with_their_weights() -> None:
    """Where the model normalises again, entities' effects say less of their weights than held ones."""
    data = toy_with_knowledge(n_users=60, n_items=16)
    model = Resolved(**SMALL).fit(data)
    everybody = profiles_of(*model.align(data), np.arange(60))
    items = torch.arange(4).repeat(60, 1)
    summed = ModelExplainer().weigh(model, everybody, items)
    chosen = choose(summed, torch.from_numpy(summed.labels == GRAPH.label_code), reasons=20, against=20)
    scores = model.score(everybody, items)
    held, again = (
        measured_effects(model, everybody, items, scores, summed, chosen, held=held)[chosen.valid].numpy()
        for held in (True, False)
    )
    weights = chosen.weights[chosen.valid].numpy()
    assert np.corrcoef(held, weights)[0, 1] > 0.85
    assert np.corrcoef(again, weights)[0, 1] < 0.75


def test_the_anchor_is_the_taken_item_that_weighs_most_through_all_factors() -> None:
    data = toy_with_knowledge()
    model = Resolved(**SMALL).fit(data)
    reasons = frames(recommend(model, data, EVERYTHING))[1]
    own = reasons[reasons["label"] == "Item"].groupby(["user", "item", "evidence"])["weight"].sum()
    for row in reasons[reasons["label"] == "Entity"].iloc[::11].itertuples():
        entity = data.entities.require([row.evidence])[0]
        weights = own.loc[row.user, row.item]
        carrying = [
            name for name in weights.index if entity in data.item_entities.row(int(data.items.require([name])[0]))
        ]
        assert row.anchor == weights[carrying].idxmax()


def test_the_further_attribution_is_stored_as_its_own_method() -> None:
    data = toy_with_knowledge()
    model = Resolved(**SMALL).fit(data)
    asked = ModelExplainer(attribution="importance")
    reasons = frames(recommend(model, data, EVERYTHING, explainer=asked))[1]
    assert set(reasons["method"].astype(str)) == {"importance"}
    assert asked.claim(model).weight_unit == "affiliation"
    assert set(reasons["label"]) == {"Item", "Entity"}
    assert (reasons["weight"] > 0).all()
    assert reasons.loc[reasons["net"].notna(), "effect"].notna().mean() > 0.9
    with pytest.raises(UsageError, match=r"resolved has no attribution 'guess'.*responsibility, importance"):
        list(recommend(model, data, EVERYTHING, explainer=find_explainer("own")(attribution="guess")))
    assert ModelExplainer(attribution="responsibility").claim(model).weight_unit == "score"


def test_members_score_and_weigh_as_they_do_on_average() -> None:
    data = toy_with_knowledge()
    alone = [Resolved(**{**SMALL, "seed": seed_of_member(3, member)}).fit(data) for member in range(2)]
    together = Resolved(**SMALL, seed=3, members=2).fit(data)
    users = data.users.ids.to_pylist()
    mean = np.mean([model.score_users(data, users) for model in alone], axis=0)
    np.testing.assert_allclose(together.score_users(data, users), mean, atol=1e-5)
    joined = Resolved.mean_of(alone)
    np.testing.assert_allclose(joined.score_users(data, users), mean, atol=1e-5)
    assert joined.config.members == 2
    profiles = profiles_of(data, np.arange(len(users), dtype=np.int32), np.array([3, 4]))
    items = torch.tensor([[5, 7], [2, 9]])
    weights = [ModelExplainer().weigh(model, profiles, items).weights for model in (*alone, together)]
    torch.testing.assert_close(weights[2], (weights[0] + weights[1]) / 2, atol=1e-5, rtol=1e-5)
    with pytest.raises(UsageError, match="no mean"):
        Resolved.mean_of([alone[0], Resolved(**{**SMALL, "gamma": 0.2}).fit(data)])


# --- graphs of all kinds


def test_entities_without_links_change_nothing() -> None:
    plain = toy()
    linked_to_none = with_facts(plain, [], ["lonely", "lonelier"])
    users = plain.users.ids.to_pylist()
    scores = Resolved(**SMALL).fit(linked_to_none).score_users(linked_to_none, users)
    assert np.isfinite(scores).all()
    reasons = frames([gr.recommend(Resolved(**SMALL).fit(linked_to_none), linked_to_none, users[:3]).tables])[1]
    assert "Entity" not in set(reasons["label"])


def test_isolated_users_and_items() -> None:
    """A user without history is recommended nothing; an item that nobody took and nothing is known of has a score."""
    data = build({"a": {"i": 1.0, "j": 1.0}, "b": {"i": 1.0, "j": 1.0}, "alone": {}}, ["i", "j", "untouched"])
    model = Resolved(**SMALL).fit(data)
    scores = model.score_users(data, ["a", "alone"])
    assert np.isfinite(scores).all()
    assert not scores[1].any()
    rows, _ = frames([gr.recommend(model, data, k=3).tables])
    assert set(zip(rows["user"], rows["item"], strict=True)) == {("a", "untouched"), ("b", "untouched")}


def test_an_entity_that_came_after_the_fit_is_not_seen() -> None:
    data = toy_with_knowledge()
    model = Resolved(**SMALL).fit(data)
    names = [*data.entities.ids.to_pylist(), "new"]
    links = data.item_entities
    grown = data.changed(
        nodes={"Entity": IdMap.of("Entity", names)},
        links={ITEM_ENTITIES: Incidence(links.indptr, links.indices, len(names))},
        knowledge=Knowledge.empty(len(data.items), len(names)),
    )
    users = data.users.ids.to_pylist()
    np.testing.assert_array_equal(model.score_users(grown, users), model.score_users(data, users))


def test_a_checkpoint_of_another_graph_is_refused(tmp_path: Path) -> None:
    data = toy_with_knowledge()
    Resolved(**SMALL).fit(data, checkpoint=tmp_path)
    fewer = with_facts(data, [("i00", "about", "love")], data.entities.ids.to_pylist())
    with pytest.raises(ModelError, match=r"another training: (item_entities|knowledge) was"):
        Resolved(**SMALL).fit(fewer, checkpoint=tmp_path)
    with pytest.raises(ModelError, match=r"another training: config\.gamma was 0\.1 and is 0\.2"):
        Resolved(**{**SMALL, "gamma": 0.2}).fit(data, checkpoint=tmp_path)


@pytest.mark.parametrize("gamma", [0.005, 1e-4])
def test_affiliations_as_sharp_as_can_be(gamma: float) -> None:
    """What a softmax over so small a γ leaves of the weaker factors is 0, and its logarithm no number."""
    data = toy_with_knowledge()
    model = Resolved(**{**SMALL, "embedding_size": 2, "gamma": gamma}).fit(data)
    assert np.isfinite(model.score_users(data, data.users.ids.to_pylist())).all()
    rows, reasons = frames(recommend(model, data, EVERYTHING))
    assert np.isfinite(reasons["weight"]).all()
    assert (rows["rest"].abs() / np.maximum(rows["score"].abs(), 1)).max() < 1e-5


def test_an_importance_beyond_all_numbers_is_refused() -> None:
    data = toy_with_knowledge()
    model = Resolved(**{**SMALL, "temperature": 0.001}).fit(data)
    with pytest.raises(ModelError, match=r"exponential of \d+, beyond.*responsibility"):
        gr.recommend(model, data, "u00", explainer=ModelExplainer(attribution="importance")).to_pandas()
    assert np.isfinite(frames([gr.recommend(model, data, "u00").tables])[1]["weight"]).all()


@pytest.mark.parametrize(
    "settings", [{"item_factors": 0}, {"gamma": 0}, {"decoder": "dot"}, {"input_dropout": 1}, {"item_fanout": 0}]
)
def test_settings_out_of_range_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match=next(iter(settings))):
        Resolved(**settings)


def test_factors_come_with_a_run(tmp_path: Path) -> None:
    """Every factor is a node; items, entities and users belong to them, and each kind's weights sum to 1."""
    data = toy_with_knowledge()
    save_model(Resolved(**SMALL).fit(data), tmp_path / "fit")
    model = load_model(tmp_path / "fit")
    tables = gr.recommend(model, data, k=2, reasons=ALL).tables
    factors = tables.factors.to_pandas()
    assert len(factors) == 5
    assert factors["id"].is_unique
    assert factors["name"].is_unique
    assert set(factors["kind"]) == {"factor"}
    members = tables.memberships.to_pandas().astype({"label": str, "id": str, "factor": str})
    of_items = members[members["factor"].str.contains("/item-")]
    sums = of_items.groupby(["label", "id"])["weight"].sum()
    np.testing.assert_allclose(sums, 1, atol=1e-5)
    assert set(of_items["label"]) == {"Item", "User"}
    assert set(members["label"]) == {"Item", "User", "Entity"}
    recommended = set(tables.recommendations["user"].to_pylist())
    assert set(members.loc[members["label"] == "User", "id"]) == recommended
    vias = set(tables.reasons["via"].to_pylist())
    assert {f"factor:{name}" for name in factors["id"]} <= vias
    user = next(iter(recommended))
    mine = of_items[(of_items["label"] == "User") & (of_items["id"] == user)].set_index("factor")["weight"]
    items = data.items.ids.take(data.positives.row(int(data.users.require([user])[0]))).to_pylist()
    taken = of_items[(of_items["label"] == "Item") & of_items["id"].isin(items)]
    np.testing.assert_allclose(mine, taken.groupby("factor")["weight"].sum()[mine.index] / len(items), atol=1e-5)


def test_factors_are_a_step_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Users come without factors, in any ranges; a run begins with the factors and holds the same rows as before."""
    data = toy_with_knowledge()
    model = Resolved(**SMALL).fit(data)
    request = Request(k=2, reasons=3)
    factors = factor_tables(model, data)
    assert (factors.recommendations.num_rows, factors.reasons.num_rows) == (0, 0)
    assert set(factors.memberships["label"].to_pylist()) == {"Item", "Entity"}
    monkeypatch.setattr(ModelExplainer, "users_at_once", 7)
    parts = list(recommend(model, data, request))
    assert len(parts) > 3
    for part in parts:
        assert part.factors.num_rows == 0
        assert set(part.memberships["label"].to_pylist()) == {"User"}
        assert set(part.memberships["id"].to_pylist()) == set(part.recommendations["user"].to_pylist())
    run = list(run_batches(model, data, request))
    assert run[0].factors.equals(factors.factors)
    assert run[0].memberships.equals(factors.memberships)
    whole, ranges = joined(run), joined([factors, *parts])
    for name in ("recommendations", "reasons", "factors", "memberships"):
        assert getattr(whole, name).equals(getattr(ranges, name))
    users = data.users.ids.to_pylist()
    halves = [recommend(model, data, replace(request, users=tuple(users[half::2]))) for half in (0, 1)]
    apart = joined([part for half in halves for part in half]).recommendations.to_pylist()
    assert sorted(map(str, apart)) == sorted(map(str, whole.recommendations.to_pylist()))
    assert next(run_batches(EASE(reg=5.0).fit(data), data, request)).recommendations.num_rows > 0
