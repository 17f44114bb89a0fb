"""RippleNet: the battery, with facts and without, and who is scored."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graphrec.models.ripplenet.model import RippleNet
from graphrec.testing import RecommenderBattery
from graphrec.testing.toy import toy
from tests.models.kgcn.test_model import with_facts

SMALL: dict[str, Any] = {"embedding_size": 4, "epochs": 4, "batch_size": 32, "learning_rate": 0.05, "device": "cpu"}


class TestWithoutFacts(RecommenderBattery):
    learns_from_one = False

    def make(self, **settings: Any) -> RippleNet:
        return RippleNet(**{**SMALL, **settings})


@pytest.mark.parametrize("backwards", [True, False])
@pytest.mark.parametrize("hops", [1, 3])
def test_learns_what_the_toy_data_holds(hops: int, backwards: bool) -> None:
    """Two tastes, even and odd items, and entities to match."""
    data = with_facts()
    model = RippleNet(**{**SMALL, "epochs": 40, "hops": hops, "backwards": backwards}).fit(data)
    scores = model.score_users(data, [f"u{number:02}" for number in range(24)])
    own = np.arange(24)[:, None] % 2 == np.arange(12)[None, :] % 2
    assert scores[own].mean() > scores[~own].mean() + 0.5


def test_fewer_facts_than_there_are() -> None:
    data = with_facts()
    model = RippleNet(**SMALL, ripple_size=2).fit(data)
    once, again = (model.score_users(data, "u00") for _ in range(2))
    np.testing.assert_array_equal(once, again)


def test_stops_early_on_validation() -> None:
    data = toy()
    model = RippleNet(**{**SMALL, "epochs": 60, "patience": 2}).fit(data, validation=data.positives)
    assert model.record.metrics["epochs"] < 60
    assert "validation_ndcg@100" in model.record.metrics
