"""PNN: the battery, both product layers by hand, and every case of a fit field by field."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graphrec.models.fields.arithmetic import FieldCounts
from graphrec.models.pnn import PNN, InnerProducts, OuterProducts, PNNArithmetic
from graphrec.testing import RecommenderBattery
from graphrec.testing.toy import toy
from tests.models.fields.by_hand import assert_scores_case_by_case, fields, score, set_to

SMALL: dict[str, Any] = {"epochs": 6, "embedding_size": 5, "learning_rate": 0.05, "batch_size": 32, "hidden_size": 6}
USER, ITEM = fields([[1.0, 2.0]]), fields([[3.0, -1.0], [0.0, 2.0]])
"""A user of one field, and an item of two."""


class Ranked(RecommenderBattery):
    """A newcomer's history is no field, the attributes are: such a user is scored like one without history."""

    scores_anyone = True
    newcomers = False


class TestInner(Ranked):
    def make(self, **settings: Any) -> PNN:
        return PNN(**{**SMALL, **settings})


class TestOuter(Ranked):
    def make(self, **settings: Any) -> PNN:
        return PNN(**{**SMALL, "product": "outer", "loss": "bpr", "dropout": 0.2, **settings})


def test_inner_products_by_hand() -> None:
    """⟨u, u⟩ = 5; ⟨i, i⟩ = 10, ⟨i, g⟩ = −2, ⟨g, g⟩ = 4; ⟨u, i⟩ = 1, ⟨u, g⟩ = 4, each with a weight of its own.

    2 · 5 + 1 · 10 + 10 · (−2) + 100 · 4 + 1000 · 1 + 3000 · 4 = 13,400, and l_z takes u's second number, −8 · 2. The
    first layer has −1,384 of b as well: 12,000, the score half of it and w_0 = 1.
    """
    arithmetic = PNNArithmetic(FieldCounts(1, 2), PNN(embedding_size=2, hidden_size=1, layers=1).config)
    products = arithmetic.products
    assert isinstance(products, InnerProducts)
    set_to(products.within["user"].weight, [[2.0]])
    set_to(products.within["item"].weight, [[1.0, 10.0, 100.0]])
    set_to(products.across.weight, [[1000.0, 3000.0]])
    set_to(arithmetic.deep.first.weight, [[0.0, -8.0, 0.0, 0.0, 0.0, 0.0]])
    set_to(arithmetic.deep.first.bias, -1384.0)
    set_to(arithmetic.deep.rest[-1].weight, 0.5)
    set_to(arithmetic.bias, 1.0)
    assert score(arithmetic, USER, ITEM) == pytest.approx(12_000 / 2 + 1)


def test_the_outer_product_by_hand() -> None:
    """s = (1, 2) + (3, −1) + (0, 2) = (4, 3): s sᵀ = (16, 12; 12, 9). W = (1, 2; 4, 10): 16 + 24 + 48 + 90 = 178."""
    arithmetic = PNNArithmetic(
        FieldCounts(1, 2), PNN(embedding_size=2, hidden_size=1, layers=1, product="outer").config
    )
    assert isinstance(arithmetic.products, OuterProducts)
    set_to(arithmetic.products.weight, [[[1.0, 2.0], [4.0, 10.0]]])
    set_to(arithmetic.deep.first.weight, 0.0)
    set_to(arithmetic.deep.first.bias, 0.0)
    set_to(arithmetic.deep.rest[-1].weight, 1.0)
    assert score(arithmetic, USER, ITEM) == pytest.approx(178)


@pytest.mark.parametrize("product", ["inner", "outer"])
def test_every_case_field_by_field(product: str) -> None:
    data = toy()
    model = PNN(**SMALL, product=product).fit(data)

    def products(user: np.ndarray, item: np.ndarray, rest: dict[str, np.ndarray]) -> Any:
        if product == "outer":
            total = user.sum(axis=0) + item.sum(axis=0)
            return np.einsum("hde,d,e->h", rest["products.weight"], total, total)
        parts = rest["products.across.weight"] @ (item @ user.T).ravel()
        for name, side in (("user", user), ("item", item)):
            pairs = [side[a] @ side[b] for a in range(len(side)) for b in range(a, len(side))]
            parts = parts + rest[f"products.within.{name}.weight"] @ np.array(pairs)
        return parts

    def expected(user: np.ndarray, item: np.ndarray, weights: float, rest: dict[str, np.ndarray]) -> Any:
        every = np.concatenate([user, item]).ravel()
        layer = rest["deep.first.weight"] @ every + rest["deep.first.bias"] + products(user, item, rest)
        layer = rest["deep.rest.2.weight"] @ np.maximum(layer, 0) + rest["deep.rest.2.bias"]
        assert weights == 0  # PNN has no linear part
        return rest["bias"] + rest["deep.rest.5.weight"][0] @ np.maximum(layer, 0)

    assert_scores_case_by_case(model, data, expected)
