"""Sums of rows of a dense matrix against the product of a sparse and a dense matrix."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.models import row_sums as module
from graphrec.models.row_sums import row_sums


def test_sums_by_hand() -> None:
    between = np.array([[0, 1, 2], [4, 0, 8], [16, 32, 0]], dtype=np.float32)
    taken = Incidence.from_pairs(np.array([0, 0, 2]), np.array([0, 2, 1]), (3, 3))
    assert row_sums(taken, between).tolist() == [[16, 33, 2], [0, 0, 0], [4, 0, 8]]


def test_nobody_and_nothing() -> None:
    between = np.ones((3, 2), dtype=np.float32)
    assert row_sums(Incidence.empty(0, 3), between).shape == (0, 2)
    assert row_sums(Incidence.empty(2, 3), between).tolist() == [[0, 0], [0, 0]]


@pytest.mark.parametrize("users", [1, 40])  # few read the matrix as it is, many read it in columns
def test_equal_to_the_last_bit(users: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NUMBERS_IN_CACHE", 1000)
    rng = np.random.default_rng(3)
    between = rng.normal(size=(50, 71)).astype(np.float32)
    drawn = rng.random((users, 50)) < 0.4
    drawn[users // 2] = False
    taken = Incidence.from_pairs(*np.nonzero(drawn), (users, 50))
    assert np.array_equal(row_sums(taken, between).numpy(), taken.csr() @ between)
