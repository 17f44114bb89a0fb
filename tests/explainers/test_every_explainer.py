"""What holds for every explainer on every model."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from graphrec.errors import UsageError
from graphrec.explainers.registry import EXPLAINERS, FORMER_NAMES, find_explainer
from graphrec.explainers.shapley import enumerated_shapley
from graphrec.explaining.explanation import RecommendedBatch
from graphrec.explaining.input_switching import measured_effects
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.schema.property_graph import EVIDENCE_LABELS
from tests.explainers.handmade import MODELS, Handmade, first_items, fitted, taking

if TYPE_CHECKING:
    from graphrec.explaining.explainer import Explainer

FEW = {"shapley": {"permutations": 10}, "lime": {"samples": 60}, "counterfactual": {"top": 3}}


def make(name: str, **settings: object) -> Explainer:
    return find_explainer(name)(**{**FEW.get(name, {}), **settings})


@pytest.mark.parametrize("name", EXPLAINERS)
@pytest.mark.parametrize("model_name", MODELS)
def test_weighs_exactly_the_inputs_that_can_be_switched_off(name: str, model_name: str) -> None:
    dataset, model, profiles = fitted(model_name)
    found = make(name).prepare(model, dataset).weigh(model, profiles, first_items(profiles))
    slots = model.inputs(profiles)
    np.testing.assert_array_equal(found.labels, slots.labels)
    np.testing.assert_array_equal(found.nodes, slots.nodes)
    assert found.weights.shape == (len(profiles), 3, slots.labels.shape[1])
    assert found.weights.dtype == torch.float32
    assert torch.isfinite(found.weights).all()
    padding = ~slots.filled[:, None, :].expand_as(found.weights)
    assert padding.any()
    assert not found.weights[padding].any()
    assert (model.count_inputs(profiles) == 0).any()
    assert found.weights.abs().sum() > 0


@pytest.mark.parametrize("name", EXPLAINERS)
@pytest.mark.parametrize("model_name", MODELS)
def test_neither_the_batch_nor_asking_again_changes_a_weight(name: str, model_name: str) -> None:
    dataset, model, profiles = fitted(model_name)
    items = first_items(profiles)
    whole = make(name).prepare(model, dataset).weigh(model, profiles, items).weights
    again = make(name).prepare(model, dataset)
    for row in (0, 7, 20):
        alone = again.weigh(model, profiles.rows(np.array([row])), items[row : row + 1]).weights
        torch.testing.assert_close(whole[row : row + 1, :, : alone.shape[2]], alone, atol=2e-6, rtol=1e-5)
    mixed = np.array([20, 7, 0])
    shuffled = again.weigh(model, profiles.rows(mixed), items[mixed]).weights
    torch.testing.assert_close(whole[mixed][:, :, : shuffled.shape[2]], shuffled, atol=2e-6, rtol=1e-5)


@pytest.mark.parametrize("name", EXPLAINERS)
def test_the_size_of_a_block_changes_no_weight(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    dataset, model, profiles = fitted("reconet + layer")
    items = first_items(profiles)
    expected = make(name).prepare(model, dataset).weigh(model, profiles, items).weights
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 300)
    found = make(name).prepare(model, dataset).weigh(model, profiles, items).weights
    torch.testing.assert_close(found, expected, atol=2e-6, rtol=1e-5)


@pytest.mark.parametrize("name", EXPLAINERS)
def test_users_without_any_input(name: str) -> None:
    dataset, model, _ = fitted("ease")
    nobody = taking([], [], items=len(dataset.items))
    found = make(name).prepare(model, dataset).weigh(model, nobody, first_items(nobody))
    assert found.weights.shape == (2, 3, 0)


def test_all_agree_on_an_additive_model() -> None:
    """For EASE the own weight, the effect, the Shapley value and LIME's coefficient are one number."""
    _, model, profiles = fitted("ease")
    items = first_items(profiles)
    own = make("model").weigh(model, profiles, items).weights
    assert own.abs().max() > 0.1
    for name, off in (("removal", 1e-6), ("shapley", 1e-6), ("lime", 2e-4)):
        torch.testing.assert_close(make(name).weigh(model, profiles, items).weights, own, atol=off, rtol=0)
    torch.testing.assert_close(enumerated_shapley(model, profiles, items).weights, own, atol=1e-6, rtol=0)
    exact = make("lime", alpha=1e-8).weigh(model, profiles, items).weights
    torch.testing.assert_close(exact, own, atol=2e-6, rtol=0)


@pytest.mark.parametrize(("name", "off"), [("removal", 0), ("shapley", 0), ("lime", 0.006)])
def test_a_single_input_weighs_the_whole_score(name: str, off: float) -> None:
    """LIME's kernel counts a user without anything so little (√exp(−16)) that the ridge penalty shows."""
    one = taking([1], items=3)
    model = Handmade([[0, 0, 0], [2, 0, -4], [0, 0, 0]], mean=True)
    weights = make(name).weigh(model, one, torch.tensor([[0, 1, 2]])).weights
    torch.testing.assert_close(weights, torch.tensor([[[2.0], [0.0], [-4.0]]]), atol=1e-7, rtol=off)


def test_a_single_input_is_no_counterfactual() -> None:
    """Without it nothing remains that could be recommended from."""
    model = Handmade([[0, 5, 4], [0, 0, 0], [0, 0, 0]])
    found = make("counterfactual", top=1).find_sets(model, taking([0], items=3), torch.tensor([[1]]))
    assert not found.flips.any()


def test_settings_are_read_and_checked() -> None:
    assert find_explainer("shapley").Config.read({"permutations": "200", "seed": "7"}).permutations == 200
    for name, settings in (
        ("shapley", {"permutations": 3}),
        ("shapley", {"permutations": 0}),
        ("lime", {"removed": 1}),
        ("lime", {"selection": "forward_selection"}),
        ("counterfactual", {"top": 0}),
        ("removal", {"samples": 5}),
    ):
        with pytest.raises(UsageError, match=r"the setting .* Settings of this explainer: seed"):
            make(name, **settings)
    with pytest.raises(UsageError, match=r"there is no explainer 'shap'. Known explainers: counterfactual, groups"):
        find_explainer("shap")


@pytest.mark.parametrize("name", EXPLAINERS)
def test_what_a_run_may_say_of_its_reasons(name: str) -> None:
    _, model, _ = fitted("reconet")
    made = make(name)
    assert made.method(model) == ("lrp" if name == "model" else name)
    if not made.storable:
        assert name in ("random", "popularity")
        with pytest.raises(UsageError, match=r"says? nothing about reconet"):
            made.claim(model)
        return
    claim = made.claim(model)
    units = {"model": "score", "shapley": "score", "sep": "path"}
    assert claim.weight_unit == units.get(name, "perturbation")
    assert "effect is null for a user's only input" in claim.note
    assert not claim.note.endswith(".")


def test_former_names_find_the_same_explainers() -> None:
    """Runs, recipes and commands written before say ``own`` where ``model`` is registered now."""
    assert FORMER_NAMES == {"own": "model"}
    assert find_explainer("own") is find_explainer("model") is ModelExplainer
    assert not set(FORMER_NAMES) & set(EXPLAINERS)


@pytest.mark.parametrize("name", EXPLAINERS)
def test_every_explainer_returns_the_same_shape(name: str) -> None:
    """What is explained is what was weighed, chosen and measured; only those of two explainers form sets."""
    dataset, model, everybody = fitted("reconet")
    profiles = everybody.rows(np.flatnonzero(model.count_inputs(everybody) > 1)[:5])
    taken, n_items = profiles.items, profiles.items.n_columns
    scores = model.score(profiles)
    scores[taken.row_of_entry, taken.indices] = float("-inf")
    values, items = torch.topk(scores, 2, dim=1)
    shown = np.ones(len(dataset.attributes), dtype=np.bool_)
    batch = RecommendedBatch(profiles, items, values, taken, np.ones(n_items, dtype=np.bool_), shown)
    explanation = make(name).prepare(model, dataset).explain(model, batch, reasons=3, against=1)
    evidence, chosen = explanation.evidence, explanation.chosen
    assert evidence.weights.shape[:2] == (5, 2)
    assert explanation.effects.shape == chosen.weights.shape
    assert chosen.weights.shape[:2] == (5, 2)
    assert chosen.weights.shape[2] == 4 or name == "groups", "a group has a reason for each member"
    assert torch.equal(chosen.weights[chosen.valid], evidence.weights.gather(2, chosen.slots)[chosen.valid])
    assert (explanation.sets is not None) == (name in ("counterfactual", "groups"))
    measured = measured_effects(model, profiles, items, values, evidence, chosen)
    there = chosen.valid & ~torch.isnan(measured)
    torch.testing.assert_close(explanation.effects[there], measured[there], atol=2e-5, rtol=1e-4)
    assert (explanation.held_effects is not None) == model.normalises
    if explanation.held_effects is not None:
        held = measured_effects(model, profiles, items, values, evidence, chosen, held=True)
        torch.testing.assert_close(explanation.held_effects[there], held[there], atol=2e-5, rtol=1e-4)
    kinds = np.asarray(dataset.attributes.columns["kind"].to_pylist())
    protected = replace(batch, shown=kinds == "director")
    hidden = make(name).prepare(model, dataset).explain(model, protected, reasons=9, protect=("genre", "age", "gender"))
    labels = hidden.evidence.labels[np.arange(5)[:, None, None], hidden.chosen.slots.numpy()]
    nodes = hidden.evidence.nodes[np.arange(5)[:, None, None], hidden.chosen.slots.numpy()]
    attribute = hidden.chosen.valid.numpy() & (labels == EVIDENCE_LABELS.index("Attribute"))
    assert set(kinds[nodes[attribute]]) <= {"director"}
    assert hidden.chosen.valid.any()


def test_labels_are_those_of_the_schema() -> None:
    _, model, profiles = fitted("reconet")
    labels = make("removal").weigh(model, profiles, first_items(profiles)).labels
    assert {EVIDENCE_LABELS[label] for label in np.unique(labels[labels >= 0])} == {"Item", "Attribute"}
