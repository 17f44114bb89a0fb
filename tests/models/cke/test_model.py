"""CKE: the battery, both losses by hand, and what facts bring."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from graphrec.dataset.ids import IdMap
from graphrec.dataset.knowledge import Knowledge
from graphrec.errors import UsageError
from graphrec.evaluation import evaluate
from graphrec.models.cke.examples import Examples, Facts, SampledPairs
from graphrec.models.cke.model import CKE
from graphrec.models.cke.network import CKENetwork
from graphrec.testing import RecommenderBattery
from graphrec.testing.knowledge import KnowledgeBattery, toy_with_knowledge, with_facts
from graphrec.testing.toy import build, toy

SMALL: dict[str, Any] = {"embedding_size": 4, "epochs": 5, "batch_size": 32, "averaging": 0.5, "device": "cpu"}


class TestWithoutFacts(RecommenderBattery):
    newcomers = False  # they are scored, but not as those are who were trained on

    def make(self, **settings: Any) -> CKE:
        return CKE(**{**SMALL, **settings})


class TestWithFacts(KnowledgeBattery):
    newcomers = False

    def make(self, **settings: Any) -> CKE:
        return CKE(**{**SMALL, "relation_size": 3, **settings})


@pytest.fixture
def network() -> CKENetwork:
    """One user u = (1, 2); items a, b with η = (1, 0), (0, 1); nodes a, b, x with v = (0, 1), (1, 1), (2, 0); r, M."""
    knowledge = Knowledge.of(np.array([0]), np.array([0]), np.array([2]), ["r"], 2, 1)
    made = CKENetwork(1, knowledge, CKE(embedding_size=2, relation_size=1, reg=0.1).config)
    values = {
        "users": [[1.0, 2.0]],
        "items": [[1.0, 0.0], [0.0, 1.0]],
        "nodes": [[0.0, 1.0], [1.0, 1.0], [2.0, 0.0]],
        "relations": [[0.5]],
        "projections": [[[1.0], [3.0]]],
    }
    made.load_state_dict({name: torch.tensor(value) for name, value in values.items()})
    return made


def test_the_collaborative_loss_by_hand(network: CKENetwork) -> None:
    """e_a = (1, 1), e_b = (1, 2): ⟨u, e⟩ = 3 and 5, −ln σ(3 − 5) = ln(1 + e²).

    Squares: u 5, η_a 1, v_a 1, η_b 1, v_b 2, in sum 10.
    """
    one = np.zeros(1, dtype=np.int64)
    pairs = SampledPairs(one, one, np.array([[1]]), np.array([[True]]))
    assert network.ranking(pairs).item() == pytest.approx(np.log1p(np.exp(2)) + 0.1 * 10)
    none = SampledPairs(one, one, np.array([[1]]), np.array([[False]]))
    assert network.ranking(none).item() == pytest.approx(1.0)


def test_the_structural_loss_by_hand(network: CKENetwork) -> None:
    """v M: a 3, b 4, x 2. f(a, r, x) = (3 + .5 − 2)² = 2.25 and f(a, r, b) = (3 + .5 − 4)² = .25: ln(1 + e²).

    Squares: v 1 + 4 + 2, r .25, M 10, in sum 17.25.
    """
    one = np.zeros(1, dtype=np.int64)
    facts = Facts(one, one, np.array([2]), np.array([[1]]), np.array([[True]]))
    assert network.structural(facts).item() == pytest.approx(np.log1p(np.exp(2)) + 0.1 * 17.25)


def test_an_epoch_has_every_positive_and_every_fact_once() -> None:
    data = toy_with_knowledge()
    facts = data.knowledge
    examples = Examples(data.positives, facts, batch_size=16, negatives=3)
    pairs, triples, is_fact = [], [], set(zip(facts.head, facts.relation, facts.tail, strict=True))
    for of_pairs, of_facts in examples.epoch(np.random.default_rng(0)):
        assert 0 < len(of_pairs.users) <= 16
        assert len(of_facts.heads) > 0
        pairs += zip(of_pairs.users, of_pairs.items, strict=True)
        triples += zip(of_facts.heads, of_facts.relations, of_facts.tails, strict=True)
        for user, drawn, counts in zip(of_pairs.users, of_pairs.negatives, of_pairs.counts, strict=True):
            assert counts.tolist() == [item not in data.positives.row(user) for item in drawn]
        for head, relation, drawn, counts in zip(
            of_facts.heads, of_facts.relations, of_facts.negative_tails, of_facts.counts, strict=True
        ):
            assert counts.tolist() == [(head, relation, node) not in is_fact for node in drawn]
    assert sorted(pairs) == sorted(zip(data.positives.row_of_entry, data.positives.indices, strict=True))
    assert sorted(triples) == sorted(is_fact)


def test_facts_place_an_item_that_nobody_took() -> None:
    """Two items are known by their facts alone: users who took what is about love see the one about love first."""
    items = [*(f"love{n}" for n in range(4)), *(f"war{n}" for n in range(4)), "new love", "new war"]
    taken = {
        f"{taste}r{n}": {f"{taste}{m}": 5.0 for m in range(4) if m != n % 4}
        for taste in ("love", "war")
        for n in range(12)
    }
    facts = [(item, "about", "love" if "love" in item else "war") for item in items]
    data = with_facts(build(taken, items), facts, ["love", "war"])
    settings = {
        "embedding_size": 8,
        "epochs": 30,
        "batch_size": 24,
        "learning_rate": 0.05,
        "reg": 0.001,
        "averaging": 0.0,
    }
    differences = {}
    for weight in (0.0, 1.0):
        scores = CKE(**{**settings, "knowledge_weight": weight}).fit(data).score_users(data, list(taken))
        differences[weight] = (scores[:12, 8] - scores[:12, 9]).mean() - (scores[12:, 8] - scores[12:, 9]).mean()
    assert differences[1.0] > 1
    assert abs(differences[0.0]) < 0.5


def test_a_newcomer_is_the_mean_of_what_was_taken() -> None:
    data = toy()
    model = CKE(**SMALL).fit(data)
    users = data.users.ids.to_pylist()
    strangers = data.changed(nodes={"User": IdMap.of("User", [f"new {user}" for user in users])})
    items = model.arrays()["items"]
    mean = items[data.positives.row(users.index("u03"))].mean(axis=0)
    np.testing.assert_allclose(model.score_users(strangers, "new u03"), items @ mean, atol=1e-6)


def test_without_their_weight_facts_are_left_out() -> None:
    data = toy_with_knowledge()
    bare = replace(data, knowledge=Knowledge.empty(len(data.items), len(data.entities)))
    first, second = (CKE(**SMALL, knowledge_weight=0).fit(part).arrays() for part in (data, bare))
    for name, array in first.items():
        np.testing.assert_array_equal(array, second[name])


def test_validation_of_users_whom_training_does_not_see_is_by_their_history() -> None:
    """What validation says is what the fitted model is worth on the same users."""
    data = toy_with_knowledge()
    seen = data.interactions
    held_out, shown = seen.user < 8, np.arange(len(seen)) % 2 == 0
    train = data.keeping(~held_out, split="half")
    given = data.keeping(~held_out | shown, split="half")
    asked = data.positives.where(~given.taken.has(data.positives.row_of_entry, data.positives.indices))
    model = CKE(**SMALL).fit(train, validation=asked, fold_in=given)
    found = evaluate(model, (given, asked), ["ndcg@100"]).means["ndcg@100"]
    assert model.record.metrics["validation_ndcg@100"] == pytest.approx(found, abs=1e-6)


def test_stops_early_on_validation() -> None:
    data = toy_with_knowledge()
    model = CKE(**{**SMALL, "epochs": 60, "patience": 2}).fit(data, validation=data.positives, fold_in=empty(data))
    assert model.record.metrics["epochs"] < 60
    assert "validation_ndcg@100" in model.record.metrics


def empty(data: Any) -> Any:
    """Return the data with nothing taken, so that what was taken can be found."""
    return data.keeping(np.zeros(len(data.interactions), dtype=np.bool_), split="none")


def test_settings_out_of_range_are_refused() -> None:
    with pytest.raises(UsageError, match="'knowledge_weight'"):
        CKE(knowledge_weight=-1)
