"""Fields with set numbers, and the fields of a fitted model read from its arrays, one user and one item at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from graphrec.models.fields.field_vectors import FieldVectors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.fields.arithmetic import FieldArithmetic
    from graphrec.models.fields.field_model import FieldModel


def fields(vectors: Sequence[Sequence[float]], weight: float = 0.0) -> FieldVectors:
    """Return the fields of one node."""
    return FieldVectors(torch.tensor([vectors]), torch.tensor([weight]), torch.zeros(1))


def score(arithmetic: FieldArithmetic, user: FieldVectors, item: FieldVectors) -> float:
    """Return the score of one user and one item."""
    items = {name: part[None] for name, part in arithmetic.alone("item", item).items()}
    return arithmetic.together(arithmetic.alone("user", user), items).item()


def set_to(parameter: Any, values: Any) -> None:
    """Give a parameter these values; a number fills it."""
    with torch.no_grad():
        parameter.copy_(torch.as_tensor(values, dtype=torch.float32).expand_as(parameter))


def assert_scores_case_by_case(
    model: FieldModel, data: Dataset, expected: Callable[[np.ndarray, np.ndarray, float, dict[str, np.ndarray]], Any]
) -> None:
    """Compare every score with what a function of single fields says.

    Args:
        model: fitted on the data.
        data: of few users and items.
        expected: from the fields of the user [F, d] and the item [F, d], the sum of their linear weights and the
            parameters of the arithmetic, in double precision.
    """
    arrays = model.arrays()
    rest = {name.removeprefix("arithmetic."): part.astype(float) for name, part in arrays.items() if "arith" in name}
    kinds = np.array(data.attributes.columns["kind"].to_pylist())
    owners = np.array(data.attributes.columns["owner"].to_pylist())

    def of_user(own: np.ndarray, carried: Incidence, row: int) -> np.ndarray:
        every = [own]
        for kind in sorted(set(kinds[owners == "user"])):
            values = [arrays["attributes"][a] for a in carried.row(row) if kinds[a] == kind]
            every.append(np.mean(values, axis=0) if values else np.zeros_like(own))
        return np.stack(every).astype(float)

    users = data.users.ids.to_pylist()
    scores = model.score_users(data, users)
    for user in range(len(users)):
        mine = of_user(arrays["users"][user], data.user_attributes, user)
        for item in range(len(data.items)):
            its, weight = arrays["item_vectors"][item].astype(float), arrays["item_weights"][item]
            value = expected(mine[:, :-1], its, mine[:, -1].sum() + weight, rest)
            assert scores[user, item] == np.float32(value) or abs(scores[user, item] - value) < 1e-4
