"""Which recommendations are measured: a seeded sample, spread over users, the same from every store."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.verification.claims import read_claims
from tests.store import embedded_worker as worker


def test_without_a_sample_every_batch_is_measured_whole() -> None:
    found = list(read_claims(worker.batches("r"), 0))
    assert [part.recommendations.num_rows for part in found] == [150] * 6
    assert all(part.measured.all() for part in found)
    assert sum(part.reasons.num_rows for part in found) == 1800


@pytest.mark.parametrize("sample", [7, 300, 450, 5000])
def test_a_sample_has_everybody_once_before_anybody_twice(sample: int) -> None:
    (found,) = read_claims(worker.batches("r"), sample, seed=3)
    assert found.measured.sum() == min(sample, 900)
    users = np.array(found.recommendations["user"].to_pylist())
    counts = np.unique(users[found.measured], return_counts=True)[1]
    assert counts.max() - counts.min() <= 1 if sample >= 300 else counts.max() == 1
    assert found.recommendations.num_rows == 3 * len(set(users))  # whole lists
    assert found.reasons.num_rows == 2 * found.recommendations.num_rows


def test_a_sample_depends_on_the_seed_and_not_on_the_batches() -> None:
    def chosen(seed: int, batches: list[object]) -> list[tuple[str, str]]:
        (found,) = read_claims(batches, 40, seed=seed)
        rows = found.recommendations.filter(found.measured).select(["user", "item"]).to_pylist()
        return [(row["user"], row["item"]) for row in rows]

    batches = worker.batches("r")
    assert chosen(1, batches) == chosen(1, batches[::-1])
    assert chosen(1, batches) != chosen(2, batches)
