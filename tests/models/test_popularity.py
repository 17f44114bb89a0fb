"""Popularity: the battery of what scores without saying why, and counts by hand."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphrec.models.popularity import Popularity
from graphrec.testing import RecommenderBattery
from graphrec.testing.toy import build


class TestPopularity(RecommenderBattery):
    scores_anyone = True

    def make(self, **settings: Any) -> Popularity:
        return Popularity(**settings)


def test_counts_positives_of_all_users() -> None:
    taken = {"u": {"a": 5.0, "b": 3.0}, "v": {"a": 4.0, "b": 1.0}, "w": {}}
    data = build(taken, ["a", "b", "c"], positive_if="rating>=3")
    model = Popularity().fit(data)
    for user in taken:
        np.testing.assert_array_equal(model.score_users(data, user), [2, 1, 0])
