"""The values of a mapping, by hand on two clusters and two groups."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.arrays import bounded_blocks
from graphrec.errors import UsageError
from graphrec.evaluation.clusters.factor_mapping import mapping_values
from graphrec.models.ease import EASE
from tests.clustered import TOOK, films
from tests.toy_mixture import Mixture

ANN, HAL = 0, len(TOOK) - 1
"""Ann took films of group 1 alone, so that her gates are .81/.82 and .01/.82; Hal's are the other way round."""


def test_values_are_counted_by_interval_and_zeros_apart() -> None:
    """Ann: .25 π_1 = .247, .05 π_1 = .049, 0, 0 by group 1 and 2 … and 1.5 π_2 = .018; Hal: .003, .0006, 1.48."""
    data = films()
    found = mapping_values(Mixture().fit(data), data, np.array([ANN, HAL]))
    assert found.users == 2
    assert found.counts.tolist() == [4, 0, 1, 0, 0, 0, 0, 0, 0, 1]  # what is above 1 counts in the last one
    assert found.zeros == 2  # no cluster links the first dimension to group 2
    assert found.largest == pytest.approx(1.5 * 81 / 82)
    assert found.linked.tolist() == [[True, False], [False, True]]
    # of the first dimension all is of group 1; of the second Ann has .049 and .018, Hal .0006 and 1.48
    ann, hal = 0.05 * 81 / (0.05 * 81 + 1.5 * 1), 1.5 * 81 / (1.5 * 81 + 0.05 * 1)
    assert found.concentration == pytest.approx((1 + 1 + ann + hal) / 4)


def test_intervals_have_the_width_that_is_wanted() -> None:
    data = films()
    found = mapping_values(Mixture().fit(data), data, np.array([ANN]), width=0.02)
    assert found.counts.tolist() == [1, 0, 1, 0, 0, 0, 0, 0, 0, 1]  # .018, .049, and .247


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    data = films()
    model = Mixture().fit(data)
    whole = mapping_values(model, data, np.arange(8))
    monkeypatch.setattr(bounded_blocks, "NUMBERS_AT_ONCE", 5)
    apart = mapping_values(model, data, np.arange(8)).to_dict()
    assert {name: pytest.approx(value) for name, value in whole.to_dict().items() if name != "linked"} == {
        name: value for name, value in apart.items() if name != "linked"
    }


def test_what_is_put_to_random_dimensions_is_less_of_one_group() -> None:
    """With shuffled dimensions a group's values meet those of others: never in two dimensions that fit by chance."""
    data = films()
    model = Mixture().fit(data)
    shares = {mapping_values(model, data, np.arange(8), seed=seed).shuffled for seed in range(6)}
    own = mapping_values(model, data, np.arange(8)).concentration
    assert len(shares) == 2
    assert any(share == pytest.approx(own) for share in shares)


def test_a_mapping_of_zeros_has_no_concentration() -> None:
    data = films()
    found = mapping_values(Mixture().fit(data).without_mapping(), data, np.arange(8))
    assert (found.zeros, found.counts.sum(), found.linked.any()) == (8 * 4, 0, False)
    assert found.to_dict()["concentration"] is None


def test_a_model_without_a_mapping_is_refused() -> None:
    data = films()
    with pytest.raises(UsageError, match="ease has no mapping"):
        mapping_values(EASE().fit(data), data, np.arange(8))
