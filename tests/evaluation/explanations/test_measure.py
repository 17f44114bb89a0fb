from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UsageError
from graphrec.evaluation.explanations import pair_batches as pairs
from graphrec.evaluation.explanations.measure_explainers import Settings, measure
from graphrec.evaluation.explanations.orders import UNLISTED, Order
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.models.reconet.model import RecoNet
from graphrec.rankings.top_items import top_items
from graphrec.testing.toy import toy
from tests.evaluation.explanations.stated import FIVE, Stating, adding, held, histories, listing

MODEL = adding(FIVE)
ALL = Settings(sizes=(1, 2), shares=(0.1, 0.5), ranks=True, removed=(1,), list_length=1, depth=3)
USERS = histories([[0, 1, 2], [1, 2], [0], []], 5)
ITEMS = torch.tensor([[3, 4], [4, -1], [3, 4], [3, 4]])


def test_every_number_by_hand():
    items = torch.tensor([[3], [4]])
    found = measure(
        MODEL,
        {"own": ModelExplainer(), "wrong": Stating([-3, -2, 5, 0, 0])},
        histories([[0, 1, 2], [1, 2]], 5),
        items,
        held_out=held([[3], [4]], 5),
        settings=Settings(sizes=(1,), removed=(1,), list_length=1, depth=1),
    )
    own, wrong = found.methods["own"], found.methods["wrong"]
    # 4 → 1 without input 0; 3 → 1 without input 2. The wrong one names input 2 for both: 4 → 5, 3 → 1.
    assert own.by_count.delta.tolist() == [[[-3]], [[-2]]]
    assert wrong.by_count.delta.tolist() == [[[1]], [[-2]]]
    assert own.additivity.residual.tolist() == [[0], [0]]
    assert wrong.additivity.residual.tolist() == [[4], [0]]
    assert wrong.additivity.to_dict()["max"] == 4
    # Without 0 item 3 has 1 against 3, without 2 item 4 has 1 against 2; the wrong one loses the second alone.
    assert own.shift.after.tolist() == [[0], [0]]
    assert wrong.shift.after.tolist() == [[1], [0]]
    compared = found.compare("own", "wrong")
    assert compared.comprehensiveness.difference.mean == 2
    assert (compared.comprehensiveness.won, compared.comprehensiveness.lost) == (0.5, 0)
    assert compared.shift.difference.mean.tolist() == [0.5]
    # Alone: input 0 says 3 of 4 against −1 of 4; input 2 says 2 of 3 for both.
    assert compared.hold.difference.mean.tolist() == [2]
    assert found.agreements["own", "wrong"].same[:, 0, 0].tolist() == [0, 1]


def test_a_method_that_does_not_beat_random_is_named():
    users = histories([[0, 1, 2]] * 60, 5)
    users.known[:] = np.arange(60)
    items = torch.full((60, 1), 3)
    found = measure(
        MODEL,
        {"own": ModelExplainer(), "opposite": Stating([-3, -2, 1, 0, 0])},
        users,
        items,
        settings=Settings(sizes=(1, 2)),
    )
    assert found.no_better_than_random == ("opposite",)
    said = found.to_dict()
    assert said["no_better_than_random"] == ["opposite"]
    beats = {tuple(one["methods"]): one["beats"] for one in said["comparisons"]}
    assert beats == {("own", "random"): True, ("opposite", "random"): False, ("own", "opposite"): True}
    assert found.compare("own", "random").test.p_less[0] < 1e-4
    # Random removes 3, 2 or −1, each with the chance 1/3
    assert found.random.by_count.delta[:, 0, 0].mean() == pytest.approx(-4 / 3, abs=0.8)


@pytest.mark.parametrize("at_once", [1, 300])
def test_batches_change_nothing(monkeypatch, at_once):
    dataset = toy()
    model = RecoNet(epochs=2, embedding_size=4).fit(dataset)
    data, known = model.align(dataset)
    users = profiles_of(data, known, np.arange(len(dataset.users)))
    items, _ = top_items(model.score(users).numpy(), data.taken, np.ones(len(dataset.items), bool), 2)

    def measured():
        return measure(
            model,
            {"own": ModelExplainer()},
            users,
            torch.from_numpy(items),
            held_out=data.taken,  # what they took and did not like
            settings=ALL,
        ).to_dict()

    whole = json.loads(json.dumps(measured()))
    monkeypatch.setattr(pairs, "NUMBERS_AT_ONCE", at_once)
    parts = json.loads(json.dumps(measured()))
    assert_alike(whole, parts)


def assert_alike(first, second):
    if isinstance(first, dict):
        assert list(first) == list(second)
        for name in first:
            assert_alike(first[name], second[name])
    elif isinstance(first, list):
        assert len(first) == len(second)
        for one, two in zip(first, second, strict=True):
            assert_alike(one, two)
    else:
        assert first == (pytest.approx(second, rel=1e-4, abs=1e-6) if isinstance(second, float) else second)


def test_users_without_inputs_and_pairs_without_items_are_not_counted():
    found = measure(MODEL, {"own": ModelExplainer()}, USERS, ITEMS, settings=ALL).methods["own"]
    assert found.by_count.pairs.tolist() == [3, 2]
    assert np.isnan(found.by_count.delta[2:]).all()
    assert np.isnan(found.by_count.before[1, 1])
    assert found.shift is None
    assert found.additivity.to_dict()["pairs"] == 5


def test_an_order_is_measured_like_the_explainer_it_came_from():
    users, items = histories([[0, 1, 2], [1, 2]], 5), torch.tensor([[3], [3]])
    stated = listing([[[0, 1, 2]], [[0, 1, -1]]], 3)
    found = measure(MODEL, {"own": ModelExplainer(), "stored": stated}, users, items, settings=Settings(sizes=(1, 2)))
    own, stored = (found.methods[name] for name in ("own", "stored"))
    np.testing.assert_array_equal(own.by_count.delta, stored.by_count.delta)
    assert (stored.additivity, stored.shift, stored.cost) == (None, None, None)
    assert found.agreements["own", "stored"].rbo.tolist() == [[1], [1]]


def test_comparing_with_a_short_order_is_at_the_sizes_that_it_has():
    users, items = histories([[0, 1, 2]], 5), torch.tensor([[3]])
    short = Order(torch.tensor([[[0, UNLISTED, UNLISTED]]], dtype=torch.int32), torch.tensor([[1]]))
    found = measure(MODEL, {"own": ModelExplainer(), "short": short}, users, items, settings=Settings(sizes=(1, 2)))
    assert found.compare("own", "short").comprehensiveness.difference.mean == 0


def test_cost_stands_beside_where_it_is_asked_for():
    found = measure(MODEL, {"own": ModelExplainer()}, USERS, ITEMS, settings=Settings(sizes=(1,), cost_users=2))
    assert found.methods["own"].cost.per_second > 0
    assert found.times_cheaper("own", "random") > 0
    with pytest.raises(UsageError, match="cost_users"):
        found.times_cheaper("own", "other")


@pytest.mark.parametrize(
    ("explainers", "items", "settings"),
    [
        ({"random": ModelExplainer()}, ITEMS, ALL),
        ({}, torch.full((4, 1), -1), ALL),
        ({}, ITEMS, Settings(sizes=())),
        ({}, ITEMS, Settings(sizes=(0, 1))),
        ({}, ITEMS, Settings(shares=(0.5, 1.0))),
    ],
)
def test_what_makes_no_sense_is_refused(explainers, items, settings):
    with pytest.raises(UsageError):
        measure(MODEL, explainers, USERS, items, settings=settings)


def test_a_name_that_was_not_measured_is_refused():
    with pytest.raises(UsageError, match="own"):
        measure(MODEL, {"own": ModelExplainer()}, USERS, ITEMS).compare("own", "lime")
