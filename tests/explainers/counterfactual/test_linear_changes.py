"""The smallest changes for linear scores: by hand, and against mixed-integer programming."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from scipy.optimize import Bounds, LinearConstraint, milp

from graphrec.explainers.counterfactual.linear_changes import least_changes, least_size

if TYPE_CHECKING:
    import numpy.typing as npt


def tensors(*values: list[list[float]] | list[float]) -> list[torch.Tensor]:
    return [torch.tensor(each, dtype=torch.float64) for each in values]


def test_one_feature_is_enough_if_one_is() -> None:
    """Need 6. Feature 0 takes 2 a unit of 2, so 4; 1 takes 1.5 of 4, so 6; 2 takes 1 of 9: 6/1.5 = 4 is the least."""
    need, worth, room = tensors([6.0], [[2.0, 1.5, 1.0]], [[2.0, 4.0, 9.0]])
    assert least_changes(need, worth, room, 10).tolist() == [[0.0, 4.0, 0.0]]
    # Without a bound on their number 2 units of 0 take 4, and 2/1.5 of 1 the rest.
    assert least_size(need, worth, room).tolist() == pytest.approx([2 + 2 / 1.5])


def test_two_features_one_whole_and_one_in_part() -> None:
    """Need 9: no feature takes so much. 1 whole takes 6, and 3/2 of 0 the rest: 5.5. 0 whole and 5/1.5 of 1: 5.33."""
    need, worth, room = tensors([9.0], [[2.0, 1.5, 0.1]], [[2.0, 4.0, 9.0]])
    torch.testing.assert_close(least_changes(need, worth, room, 10), *tensors([[2.0, 5 / 1.5, 0.0]]))
    assert least_changes(need, worth, room, 1).tolist() == [[0.0, 0.0, 0.0]], "two are more than one"


def test_nothing_where_all_together_do_not_suffice() -> None:
    need, worth, room = tensors([11.0], [[2.0, 1.5]], [[2.0, 4.0]])
    assert least_changes(need, worth, room, 10).tolist() == [[0.0, 0.0]]
    assert least_size(need, worth, room).tolist() == [float("inf")]


ROOMS = {
    "amounts of mentions": lambda shape: 1 + 4 * torch.tanh(torch.randint(1, 5, shape).double() / 2),
    "any": lambda shape: 5 * torch.rand(shape).double(),
    "two levels": lambda shape: torch.where(torch.rand(shape) < 0.5, 5.0, 2.0).double(),
}


@pytest.mark.parametrize("kind", ROOMS)
def test_as_small_as_any_set_of_as_few(kind: str) -> None:
    """Of 60 random margins that take several features, no set is larger than 1.01 times the smallest of its number."""
    torch.manual_seed(0)
    worth, room = torch.rand(60, 20).double() ** 2, ROOMS[kind]((60, 20))
    need = (worth * room).sum(dim=1) * (0.1 + 0.5 * torch.rand(60))
    changes = least_changes(need, worth, room, 20)
    members = (changes > 0).sum(dim=1)
    assert ((worth * changes).sum(dim=1) >= need * (1 - 1e-9)).all()
    assert (changes <= room + 1e-9).all()
    assert members.max() > 3
    most = [(worth * room)[row].sort(descending=True).values[: int(n) - 1].sum() for row, n in enumerate(members)]
    assert (torch.stack(most) < need).all(), "no smaller number would do"
    exact = [_smallest(*(each[row].numpy() for each in (need, worth, room)), int(members[row])) for row in range(60)]
    ratio = changes.sum(dim=1).numpy() / np.array(exact)
    assert ratio.max() <= 1.01
    assert (least_size(need, worth, room).numpy() <= np.array(exact) * (1 + 1e-6)).all()


def _smallest(
    need: npt.NDArray[np.float64], worth: npt.NDArray[np.float64], room: npt.NDArray[np.float64], members: int
) -> float:
    """Return the least sum of changes of so many features at most: x ≤ u z with z in {0, 1}."""
    width = len(worth)
    zeros, every = np.zeros(width), np.eye(width)
    found = milp(
        np.r_[np.ones(width), zeros],
        constraints=[
            LinearConstraint(np.r_[worth, zeros], need, np.inf),
            LinearConstraint(np.c_[every, -np.diag(room)], -np.inf, 0),
            LinearConstraint(np.r_[zeros, np.ones(width)], 0, members),
        ],
        integrality=np.r_[zeros, np.ones(width)],
        bounds=Bounds(0, np.r_[room, np.ones(width)]),
        options={"mip_rel_gap": 1e-6},
    )
    return float(found.fun)
