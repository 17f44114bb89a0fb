"""EASE: the battery, and its closed form against a direct calculation."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from graphrec.dataset.kinds import ITEM_ATTRIBUTES
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import ModelError, UsageError
from graphrec.models import ease_weights
from graphrec.models.ease import EASE
from graphrec.models.saving import load_model, save_model
from graphrec.recommendation.batches import recommend
from graphrec.testing import EVERYTHING, ModelBattery, frames
from graphrec.testing.knowledge import toy_with_knowledge, with_facts
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset


class TestPlain(ModelBattery):
    def make(self, **settings: Any) -> EASE:
        return EASE(**{"reg": 5.0, **settings})


class TestCollective(ModelBattery):
    def make(self, **settings: Any) -> EASE:
        return EASE(**{"reg": 5.0, "attribute_weight": 2.0, **settings})


class TestCollectiveWithEntities(ModelBattery):
    def make(self, **settings: Any) -> EASE:
        return EASE(**{"reg": 5.0, "attribute_weight": 2.0, "entity_weight": 1.0, **settings})

    def make_dataset(self) -> Dataset:
        return toy_with_knowledge()


def test_two_items_by_hand() -> None:
    """X = [[1, 1], [1, 0]], λ = 1: G = [[3, 1], [1, 2]], P = [[2, −1], [−1, 3]] / 5, B = [[0, 1/3], [1/2, 0]]."""
    data = build({"both": {"a": 5, "b": 5}, "one": {"a": 5}}, ["a", "b"])
    model = EASE(reg=1.0).fit(data)
    np.testing.assert_allclose(model.arrays()["item_weights"], [[0, 1 / 3], [1 / 2, 0]], atol=1e-6)
    np.testing.assert_allclose(model.score_users(data, "both"), [1 / 2, 1 / 3], atol=1e-6)
    np.testing.assert_allclose(model.score_users(data, "one"), [0, 1 / 3], atol=1e-6)


@pytest.mark.parametrize(("attributes", "entities"), [(0.0, 0.0), (0.7, 0.0), (0.0, 1.3), (0.7, 1.3)])
def test_the_formula(attributes: float, entities: float) -> None:
    """Collective EASE is plain EASE on interactions with √weight × attribute and entity rows stacked under them."""
    data = toy_with_knowledge()
    rows = [data.positives.csr(np.float64).toarray()]
    rows += [
        np.sqrt(weight) * carried.csr(np.float64).toarray().T
        for weight, carried in ((attributes, data.item_attributes), (entities, data.item_entities))
    ]
    stacked = np.vstack(rows)
    precision = np.linalg.inv(stacked.T @ stacked + 3.0 * np.eye(len(data.items)))
    expected = np.eye(len(data.items)) - precision / np.diag(precision)
    model = EASE(reg=3.0, attribute_weight=attributes, entity_weight=entities).fit(data)
    np.testing.assert_allclose(model.arrays()["item_weights"], expected, atol=1e-6)


def test_an_entity_that_two_items_share_by_hand() -> None:
    """One user took a and b, another a; both items are by Ito, entity_weight 2, λ = 1.

    G = [[2 + 2 + 1, 1 + 2], [1 + 2, 1 + 2 + 1]] = [[5, 3], [3, 4]], P = [[4, −3], [−3, 5]] / 11,
    B = [[0, 3/5], [3/4, 0]]: with the entity, each item speaks more for the other than the 1/3 and 1/2 without it.
    """
    data = build({"both": {"a": 5, "b": 5}, "one": {"a": 5}}, ["a", "b"])
    data = with_facts(data, [("a", "by", "Ito"), ("b", "by", "Ito")], ["Ito"])
    model = EASE(reg=1.0, entity_weight=2.0).fit(data)
    np.testing.assert_allclose(model.arrays()["item_weights"], [[0, 3 / 5], [3 / 4, 0]], atol=1e-6)


def test_a_catalogue_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(EASE, "most_items", 5)
    with pytest.raises(ModelError, match=r"12 items are too many.*at most 5; train elsa"):
        EASE().fit(toy())


def test_weights_that_are_no_numbers_are_no_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ease_weights, "_inverse", lambda gram, setting: np.full_like(gram, np.nan))
    model = EASE()
    with pytest.raises(ModelError, match="weights that are no finite numbers"):
        model.fit(toy())
    with pytest.raises(ModelError):
        _ = model.record


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"reg": -1}, "'reg'"),
        ({"reg": float("inf")}, "'reg'"),
        ({"seed": 2**63}, "'seed'"),
        ({"size": 3}, "'size'"),
        ({"reg": "x"}, "'reg'"),
    ],
)
def test_settings_out_of_range_are_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        EASE(**settings)


def test_half_an_input_counts_half() -> None:
    """B is [[0, 1/3], [1/2, 0]] as above: b weighs 1/2 for a, and a weighs 1/3 for b, times their strengths."""
    data = build({"both": {"a": 5, "b": 5}, "one": {"a": 5}}, ["a", "b"])
    model = EASE(reg=1.0).fit(data)
    profiles = profiles_of(*model.align(data), np.array([0]))
    strengths = torch.tensor([[[1.0, 0.5], [0.25, 0.0], [0.0, 1.0]]], requires_grad=True)
    for items in (None, torch.tensor([[0, 1]])):
        scores = model.score_with(profiles, model.inputs(profiles), strengths, items)
        torch.testing.assert_close(scores, torch.tensor([[[1 / 4, 1 / 3], [0, 1 / 12], [1 / 2, 0]]]))
        (gradient,) = torch.autograd.grad(scores[0, :, 1].sum() + 2 * scores[0, :, 0].sum(), strengths)
        torch.testing.assert_close(gradient, torch.tensor([[[1 / 3, 1.0]] * 3]))


def test_weights_split_into_what_users_and_shared_values_put_in() -> None:
    """Each stacked row's part of the regression, solved by itself: of shared values by kind, and the rest."""
    data = toy_with_knowledge()
    model = EASE(reg=3.0, attribute_weight=0.7, entity_weight=1.3).fit(data)
    kinds = data.attributes.columns["kind"].to_pylist()

    def of(kind: str) -> list[bool]:
        return [each == kind for each in kinds]

    groups = [
        (0.7, data.item_attributes, f"attribute:{kind}", [k == kind for k in kinds]) for kind in sorted(set(kinds))
    ]
    groups.append((1.3, data.item_entities, "relation:entities", [True] * len(data.entities)))
    taken = data.positives.csr(np.float64).toarray()
    gram = taken.T @ taken + 3.0 * np.eye(len(data.items))
    gram += sum(w * links.csr(np.float64).toarray() @ links.csr(np.float64).toarray().T for w, links in
                ((0.7, data.item_attributes), (1.3, data.item_entities)))  # fmt: skip
    users = np.flatnonzero(data.positives.counts)
    profiles = profiles_of(*model.align(data), users)
    items = torch.arange(len(data.items)).repeat(len(users), 1)
    evidence = model.evidence(profiles, items)
    names = evidence.via_names.to_pylist()
    assert names == ["self", *(name for _, _, name, _ in groups)]
    for weight, links, name, chosen in groups:
        carried = links.csr(np.float64).toarray() * np.array(chosen)
        for i in range(0, len(data.items), 5):
            others = np.arange(len(data.items)) != i
            solved = np.zeros_like(carried)
            solved[others] = np.linalg.solve(gram[np.ix_(others, others)], weight * carried[others] * carried[i])
            expected = (solved * carried).sum(axis=1)  # of the values that j carries too
            mine = (evidence.vias == names.index(name)) & (evidence.labels >= 0)
            row, slot = np.nonzero(mine)
            np.testing.assert_allclose(evidence.weights[row, i, slot], expected[evidence.nodes[row, slot]], atol=1e-5)
    np.testing.assert_allclose(evidence.weights.sum(dim=2), model.score(profiles), atol=1e-5)


def test_reasons_name_the_ways_and_effects_are_of_the_whole_item(tmp_path: Path) -> None:
    data = toy_with_knowledge()
    save_model(EASE(reg=3.0, attribute_weight=2.0).fit(data), tmp_path / "fit")
    model = load_model(tmp_path / "fit")
    _, reasons = frames(recommend(model, data, EVERYTHING))
    assert {"self", "attribute:genre", "attribute:director"} <= set(reasons["via"])
    of_node = reasons.groupby(["user", "item", "evidence"])
    totals, effects = of_node["weight"].sum(), of_node["effect"].max()
    np.testing.assert_allclose(effects, totals, atol=1e-6)
    shared = reasons[reasons["via"] == "attribute:genre"].iloc[0]
    both = [set(data.item_attributes.row(int(data.items.require([each])[0])).tolist())
            for each in (shared["item"], shared["evidence"])]  # fmt: skip
    genres = {place for place, kind in enumerate(data.attributes.columns["kind"].to_pylist()) if kind == "genre"}
    assert both[0] & both[1] & genres


def test_what_is_no_longer_shared_is_not_said_to_be() -> None:
    """The data lose directors after the fit: what they put in is told as the item's own, and weights stay."""
    data = toy()
    model = EASE(reg=3.0, attribute_weight=2.0).fit(data)
    _, before = frames(recommend(model, data, EVERYTHING))
    director = np.array([kind == "director" for kind in data.attributes.columns["kind"].to_pylist()])
    links = {
        kind: matrix.where(~director[matrix.indices]) if kind == ITEM_ATTRIBUTES else matrix
        for kind, matrix in data.links.items()
    }
    _, after = frames(recommend(model, replace(data, links=links), EVERYTHING))
    assert "attribute:director" in set(before["via"])
    assert set(before["via"]) - set(after["via"]) == {"attribute:director"}
    key = ["user", "item", "evidence"]
    nets = [each.dropna(subset="net").set_index(key)["net"].sort_index() for each in (before, after)]
    assert nets[0].index.equals(nets[1].index)
    np.testing.assert_allclose(nets[0], nets[1], atol=1e-6)


def test_a_fit_without_its_parts_tells_items_alone() -> None:
    """Fits of versions before 0.4 have the weights and nothing else."""
    data = toy()
    model = EASE(reg=3.0, attribute_weight=2.0).fit(data)
    model.restore({"item_weights": model.arrays()["item_weights"]})
    assert set(frames(recommend(model, data, EVERYTHING))[1]["via"]) == {"self"}


def test_items_that_nobody_took_are_left_out_and_weigh_nothing() -> None:
    """B of a and b is as above; c, which nobody took and nothing is said of, is as if it were not there."""
    data = build({"both": {"a": 5, "b": 5}, "one": {"a": 5}}, ["a", "b", "c"])
    weights = EASE(reg=1.0).fit(data).arrays()["item_weights"]
    np.testing.assert_allclose(weights, [[0, 1 / 3, 0], [1 / 2, 0, 0], [0, 0, 0]], atol=1e-6)


def test_precision_of_all_items_is_the_inverse() -> None:
    gram = np.array([[2.0, 0.0, 1.0], [0.0, 0.0, 0.0], [1.0, 0.0, 1.0]])
    inverse = np.linalg.inv(gram + 0.5 * np.eye(3))
    np.testing.assert_allclose(ease_weights.precision_of(gram, 0.5).whole(), inverse, atol=1e-12)


def test_an_inverse_that_is_mirrored_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ease_weights, "NUMBERS_AT_ONCE", 50)
    rows = np.random.default_rng(1).normal(size=(40, 17))
    gram = rows.T @ rows
    expected = np.linalg.inv(gram + 2.0 * np.eye(17))
    np.testing.assert_allclose(ease_weights.precision_of(gram, 2.0).values, expected, atol=1e-12)


@pytest.mark.parametrize("attribute_weight", [0.0, 0.7])
def test_single_precision_gives_nearly_the_same(attribute_weight: float) -> None:
    half, whole = (
        EASE(reg=3.0, attribute_weight=attribute_weight, precision=precision).fit(toy()).arrays()["item_weights"]
        for precision in ("float32", "float64")
    )
    assert half.dtype == whole.dtype == np.float32
    np.testing.assert_allclose(half, whole, atol=1e-5)
