"""Random and popularity: what every explainer has to beat."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
import torch
from scipy import stats

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UsageError
from graphrec.explainers.popularity import Popularity
from graphrec.explainers.random_order import RandomOrder
from graphrec.explaining.evidence import Slots
from graphrec.models.reconet.model import RecoNet
from graphrec.schema.property_graph import EVIDENCE_LABELS
from graphrec.testing.toy import build
from tests.explainers.handmade import Handmade, first_items, fitted, taking


def test_random_draws_afresh_for_every_pair() -> None:
    _, model, profiles = fitted("reconet")
    items = torch.arange(12).repeat(len(profiles), 1)
    slots = model.inputs(profiles)
    drawn = RandomOrder().weigh(model, profiles, items).weights
    values = drawn[slots.filled[:, None, :].expand_as(drawn)].numpy()
    assert ((values > 0) & (values < 1)).all()
    assert len(np.unique(values)) > 0.99 * len(values)
    assert stats.kstest(values, "uniform").pvalue > 0.001
    assert not torch.equal(drawn, RandomOrder(seed=1).weigh(model, profiles, items).weights)
    assert torch.equal(drawn[:, 3:5], RandomOrder().weigh(model, profiles, items[:, 3:5]).weights)


def test_every_input_comes_first_equally_often() -> None:
    model = Handmade(np.zeros((400, 400)))
    user = taking([3, 70, 200, 399], items=400)
    drawn = RandomOrder().weigh(model, user, torch.arange(400)[None, :]).weights[0]
    first = np.bincount(drawn.argmax(dim=1).numpy(), minlength=4)
    assert stats.chisquare(first).pvalue > 0.001


def test_popularity_counts_users() -> None:
    """a is taken by ann and bob, b by ann alone; old: bob carries it; drama: a and c carry it, so ann, bob and cem."""
    data = build(
        {"ann": {"a": 5, "b": 5}, "bob": {"a": 4}, "cem": {"c": 3, "b": 1}},
        ["a", "b", "c"],
        carried={"a": ["item.genre=drama"], "c": ["item.genre=drama"], "bob": ["user.age=old"]},
        attributes={"item.genre=drama": ("item", "genre"), "user.age=old": ("user", "age")},
        positive_if="rating>=3",
    )
    model = RecoNet(embedding_size=2, epochs=1, device="cpu").fit(data)
    profiles = profiles_of(*model.align(data), np.arange(3))
    found = Popularity().prepare(model, data).weigh(model, profiles, torch.tensor([[2, 1]] * 3))
    slots = model.inputs(profiles)
    labels = [[EVIDENCE_LABELS[label] for label in row if label >= 0] for row in slots.labels]
    assert labels == [["Item", "Item", "Attribute"], ["Item", "Attribute", "Attribute"], ["Item", "Attribute"]]
    assert found.weights[:, 0].tolist() == [[2, 1, 3], [2, 3, 1], [1, 3, 0]]
    assert torch.equal(found.weights[:, 0], found.weights[:, 1])


def test_popularity_is_counted_in_the_data_that_it_is_given() -> None:
    dataset, model, profiles = fitted("ease")
    half = dataset.keeping(dataset.interactions.user < 12, split="half")
    items = first_items(profiles)
    whole, part = (Popularity().prepare(model, data).weigh(model, profiles, items).weights for data in (dataset, half))
    assert (part <= whole).all()
    assert part.sum() < whole.sum()
    with pytest.raises(UsageError, match=r"Call prepare\(model, dataset\) first"):
        Popularity().weigh(model, profiles, items)


def test_what_nobody_counts_has_no_popularity(monkeypatch: pytest.MonkeyPatch) -> None:
    dataset, model, profiles = fitted("ease")
    some = profiles.rows(np.array([0]))
    person = Slots(
        np.array([[EVIDENCE_LABELS.index("User"), EVIDENCE_LABELS.index("Item")]], np.int8),
        np.array([[0, 0]], np.int32),
        np.zeros((1, 2), np.int8),
        np.zeros((1, 2), np.int32),
        pa.array(["self"]),
    )
    monkeypatch.setattr(model, "inputs", lambda profiles: person)
    weights = Popularity().prepare(model, dataset).weigh(model, some, torch.tensor([[1]])).weights
    assert weights.tolist() == [[[0.0, float(dataset.positives.csr()[:, [0]].sum())]]]
