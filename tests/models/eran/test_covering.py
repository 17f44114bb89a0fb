"""Where no kinds are named, a network of few items is left out, and said so."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np

from graphrec.models.eran.model import ERAN
from graphrec.testing.toy import build

if TYPE_CHECKING:
    import pytest

    from graphrec.dataset.dataset import Dataset

ITEMS = [f"i{number:02}" for number in range(40)]
ATTRIBUTES = {
    **{f"item.genre={name}": ("item", "genre") for name in ("comedy", "drama")},
    "item.tag=odd": ("item", "tag"),
}


def data(tagged: int) -> Dataset:
    """Return 20 users with 8 items each of one of two genres; the first few items have a tag besides."""
    carried = {item: [f"item.genre={'comedy' if place % 2 else 'drama'}"] for place, item in enumerate(ITEMS)}
    for item in ITEMS[:tagged]:
        carried[item] = [*carried[item], "item.tag=odd"]
    rng = np.random.default_rng(0)
    taken = {
        f"u{user:02}": {ITEMS[2 * int(place) + user % 2]: 5.0 for place in rng.choice(20, 8, replace=False)}
        | {ITEMS[0]: 5.0, ITEMS[2]: 5.0}
        for user in range(20)
    }
    return build(taken, ITEMS, carried=carried, attributes=ATTRIBUTES)


def test_a_network_of_few_items_is_left_out(caplog: pytest.LogCaptureFixture) -> None:
    """3 of 40 items have a tag: no network, unless it is named; with 12 of them it is one."""
    with caplog.at_level(logging.WARNING):
        assert ERAN(epochs=1, embedding_size=4).fit(data(3)).networks == ("genre",)
    assert "have an edge in the network tag, which is left out" in caplog.text
    assert ERAN(epochs=1, embedding_size=4, attributes="genre,tag").fit(data(3)).networks == ("genre", "tag")
    assert ERAN(epochs=1, embedding_size=4).fit(data(12)).networks == ("genre", "tag")


def test_where_all_are_small_all_stay() -> None:
    few = {"item.tag=odd": ("item", "tag")}
    taken = {"ada": {"i00": 5.0, "i01": 5.0}, **{f"u{n}": {item: 5.0} for n, item in enumerate(ITEMS)}}
    alone = build(taken, ITEMS, carried={item: list(few) for item in ITEMS[:2]}, attributes=few)
    assert ERAN(epochs=1, embedding_size=4).fit(alone).networks == ("tag",)
