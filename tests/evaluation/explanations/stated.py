"""Models of which every score is known on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import Profiles
from graphrec.errors import UsageError
from graphrec.evaluation.explanations.orders import Order, order_of_listed
from graphrec.explaining.explainer import Claim, Explainer
from graphrec.models.ease import EASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.explaining.evidence import Evidence
    from graphrec.models.model import Model


def adding(between: Sequence[Sequence[float]]) -> EASE:
    """Return a model whose score of item i is the sum of ``between[j][i]`` over the taken items j."""
    model = EASE()
    model.restore({"item_weights": np.array(between, dtype=np.float32)})
    return model


def histories(taken: Sequence[Sequence[int]], n_items: int) -> Profiles:
    """Return profiles of users who took these items and carry nothing."""
    rows = np.repeat(np.arange(len(taken)), [len(of) for of in taken])
    columns = np.array([item for of in taken for item in of], dtype=np.int64)
    return Profiles(
        np.arange(len(taken), dtype=np.int32),
        Incidence.from_pairs(rows, columns, (len(taken), n_items)),
    )


def held(items: Sequence[Sequence[int]], n_items: int) -> Incidence:
    """Return users × items."""
    return histories(items, n_items).items


def listing(places: Sequence[Sequence[Sequence[int]]], slots: int) -> Order:
    """Return the order that lists these slots for each pair [B, k, R]; shorter lists end with −1."""
    return order_of_listed(torch.tensor(places), slots)


class Stating(Explainer):
    """Weights that are a constant of the input, whatever the model: those of the item's number."""

    name = "stating"

    def __init__(self, weights: Sequence[float]) -> None:
        super().__init__()
        self._weights = torch.tensor(weights, dtype=torch.float32)

    def weigh(self, model: Model, profiles: Profiles, items: torch.Tensor) -> Evidence:
        slots = model.inputs(profiles)
        weights = self._weights[torch.from_numpy(np.maximum(slots.nodes, 0)).long()] * slots.filled
        return slots.weighed(weights[:, None, :].repeat(1, items.shape[1], 1))

    def claim(self, model: Model) -> Claim:
        raise UsageError("stated reasons say nothing of the model, and are not stored")


# Five items; 0, 1, 2 are taken and speak for 3 with 3, 2, −1 and for 4 with 0, 1, 2.
FIVE = [[0, 0, 0, 3, 0], [0, 0, 0, 2, 1], [0, 0, 0, -1, 2], [0] * 5, [0] * 5]
