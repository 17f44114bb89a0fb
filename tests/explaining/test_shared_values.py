"""Which items share a value of a kind: by hand, and against sets in Python."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.explaining import shared_values
from graphrec.explaining.shared_values import ItemValues

FILMS = {0: {"genre=drama", "director=lee"}, 1: {"genre=drama", "genre=sf"}, 2: {"director=lee"}, 3: set()}


def by_hand() -> ItemValues:
    names = sorted(set.union(*FILMS.values()))
    pairs = [(film, names.index(value)) for film, values in FILMS.items() for value in values]
    row, column = np.array(pairs).T
    return ItemValues.of(Incidence.from_pairs(row, column, (4, len(names))), [n.partition("=")[0] for n in names])


def test_four_films_by_hand() -> None:
    values = by_hand()
    assert values.kinds == ("director", "genre")
    shared = values.shared(np.array([[0, 1, 2, 3, -1]], np.int32), np.array([[0, 1, -1]]))
    director, genre = shared[0, :, :, 0].astype(int), shared[0, :, :, 1].astype(int)
    assert director.tolist() == [[1, 0, 1, 0, 0], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]]
    assert genre.tolist() == [[1, 1, 0, 0, 0], [1, 1, 0, 0, 0], [0, 0, 0, 0, 0]]


@pytest.mark.parametrize("at_once", [1, 50, 2_000_000])
def test_many_values_as_sets_say(at_once: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few values and many, hubs among them, items with none and with a hundred; whatever is compared at once."""
    monkeypatch.setattr(shared_values, "NUMBERS_AT_ONCE", at_once)
    rng = np.random.default_rng(5)
    kinds = ["few"] * 64 + ["more"] * 65 + ["many"] * 700 + ["one"]
    carried: list[set[int]] = []
    for item in range(40):
        size = (0, 3, 100)[item % 3] if item else 0
        some = set(rng.choice(len(kinds), size, replace=False).tolist())
        carried.append(some | ({64} if item % 2 else set()))
    row, column = np.array([(item, value) for item, values in enumerate(carried) for value in values]).T
    values = ItemValues.of(Incidence.from_pairs(row, column, (40, len(kinds))), kinds)
    nodes, items = rng.integers(-1, 40, (6, 9)).astype(np.int32), rng.integers(0, 40, (6, 4))
    shared = values.shared(nodes, items)
    assert shared.shape == (6, 4, 9, 4)
    for user, place, slot, kind in np.ndindex(shared.shape):
        both = carried[nodes[user, slot]] & carried[items[user, place]] if nodes[user, slot] >= 0 else set()
        assert shared[user, place, slot, kind] == any(kinds[value] == values.kinds[kind] for value in both)
    assert shared[..., 0].any()
    assert not shared.all()


def test_without_attributes_there_are_no_kinds() -> None:
    values = ItemValues.of(Incidence.empty(3, 0), [])
    assert values.kinds == ()
    assert values.shared(np.zeros((2, 5), np.int32), np.zeros((2, 1), np.int64)).shape == (2, 1, 5, 0)
    assert ItemValues.of(Incidence.empty(3, 0), []).shared(np.zeros((0, 0), np.int32), np.zeros((0, 1), int)).size == 0


def test_memory_does_not_grow_with_the_catalogue_squared() -> None:
    """100,000 items of 3 kinds, 64 users with 90 taken items and 10 recommended: 57,600 pairs, below 30 MB."""
    rng = np.random.default_rng(0)
    row, per_kind = np.repeat(np.arange(100_000), 3), (20, 5_000, 40_000)
    column = np.stack([rng.integers(0, n, 100_000) + start for n, start in zip(per_kind, (0, 20, 5_020), strict=True)])
    kinds = [name for name, n in zip(("genre", "director", "actor"), per_kind, strict=True) for _ in range(n)]
    values = ItemValues.of(Incidence.from_pairs(row, column.T.reshape(-1), (100_000, len(kinds))), kinds)
    nodes, items = rng.integers(0, 100_000, (64, 90)).astype(np.int32), rng.integers(0, 100_000, (64, 10))
    tracemalloc.start()
    shared = values.shared(nodes, items)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 30e6
    assert shared[..., 2].mean() == pytest.approx(1 / 20, abs=0.01)
    assert shared[..., 1].mean() == pytest.approx(1 / 5_000, abs=2e-4)
