"""Batching changes nothing but memory."""

from __future__ import annotations

import pandas as pd
import pytest

from graphrec.models.ease import EASE
from graphrec.recommend import batches
from graphrec.recommend.batches import recommend
from graphrec.recommend.request import Request
from tests.models.battery import frames
from tests.models.toy import toy


@pytest.mark.parametrize(("users", "weights"), [(5, 10**6), (1024, 1), (3, 100)])
def test_small_batches_give_the_same_rows(users: int, weights: int, monkeypatch: pytest.MonkeyPatch) -> None:
    data = toy()
    model = EASE(reg=5.0).fit(data)
    request = Request(k=3, reasons=4, against=2)
    expected = frames(recommend(model, data, request))
    monkeypatch.setattr(batches, "USERS_AT_ONCE", users)
    monkeypatch.setattr(batches, "WEIGHTS_AT_ONCE", weights)
    told: list[tuple[str, int, int]] = []
    found = frames(recommend(model, data, request, lambda *at: told.append(at)))
    for before, after in zip(expected, found, strict=True):
        pd.testing.assert_frame_equal(before, after)
    assert told[-1] == ("recommending", len(data.users), len(data.users))
    assert len(told) == -(-len(data.users) // users)
