"""KGCN: the battery, with facts and without, and who is scored."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from graphrec.dataset.ids import IdMap
from graphrec.dataset.kinds import ITEM_ENTITIES
from graphrec.dataset.knowledge import Knowledge
from graphrec.models.kgcn.model import KGCN
from graphrec.testing import RecommenderBattery
from graphrec.testing.toy import NOBODY, build, toy

SMALL: dict[str, Any] = {"embedding_size": 5, "epochs": 4, "batch_size": 32, "learning_rate": 0.05, "device": "cpu"}


class TestWithoutFacts(RecommenderBattery):
    newcomers = False  # a user is a vector of its own
    learns_from_one = False

    def make(self, **settings: Any) -> KGCN:
        return KGCN(**{**SMALL, **settings})


class TestDeep(TestWithoutFacts):
    def make(self, **settings: Any) -> KGCN:
        return KGCN(**{**SMALL, "hops": 2, "aggregator": "concat", **settings})


def with_facts(n_entities: int = 4) -> Any:
    """The toy data; item i has entity i mod 2 by ``of`` and 2 + i mod 2 by ``by``, entity 0 leads to entity 3."""
    data = toy()
    items = np.arange(len(data.items))
    n = len(items)
    head = np.concatenate([items, items, [n]])
    relation = np.repeat([0, 1, 2], [n, n, 1])
    tail = np.concatenate([n + items % 2, n + 2 + items % 2, [n + 3]])
    knowledge = Knowledge.of(head, relation, tail, ["of", "by", "near"], n, n_entities)
    entities = IdMap.of("Entity", [f"e{number}" for number in range(n_entities)])
    return data.changed(
        nodes={"Entity": entities}, links={ITEM_ENTITIES: knowledge.links("item", "entity")}, knowledge=knowledge
    )


@pytest.mark.parametrize("hops", [1, 2, 3])
@pytest.mark.parametrize("aggregator", ["sum", "concat", "neighbour"])
def test_learns_what_the_toy_data_holds(hops: int, aggregator: str) -> None:
    """Two tastes, even and odd items, and entities to match."""
    data = with_facts()
    settings = {**SMALL, "epochs": 40, "neighbours": 4, "hops": hops, "aggregator": aggregator}
    scores = KGCN(**settings).fit(data).score_users(data, [f"u{number:02}" for number in range(24)])
    own = np.arange(24)[:, None] % 2 == np.arange(12)[None, :] % 2
    assert scores[own].mean() > scores[~own].mean() + 0.5


def test_an_isolated_item_and_an_entity_without_facts() -> None:
    data = with_facts(n_entities=6)
    graph = data.knowledge
    lonely = replace(data, knowledge=graph.where((graph.head != 3) & (graph.tail != 3)))
    scores = KGCN(**SMALL, hops=2).fit(lonely).score_users(lonely, "u00")
    assert np.isfinite(scores).all()
    assert scores[3] != 0


def test_whoever_took_everything_is_left_out_of_training() -> None:
    data = build({"all": {"a": 5, "b": 5}, "one": {"a": 5}}, ["a", "b"])
    model = KGCN(**SMALL).fit(data)
    assert np.isfinite(model.score_users(data, ["all", "one"])).all()


def test_stops_early_on_validation() -> None:
    data = toy()
    model = KGCN(**{**SMALL, "epochs": 60, "patience": 2}).fit(data, validation=data.positives)
    assert model.record.metrics["epochs"] < 60
    assert "validation_ndcg@100" in model.record.metrics


def test_who_has_no_vector_is_recommended_nothing() -> None:
    data = with_facts()
    model = KGCN(**SMALL).fit(data)
    assert not model.score_users(data, NOBODY).any()
    with pytest.raises(AssertionError):
        np.testing.assert_array_equal(model.score_users(data, "u00"), model.score_users(data, "u01"))
