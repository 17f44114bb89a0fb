"""How mentions become numbers: equation (1) and tf-idf, by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.models.reviews.config import ReviewConfig
from graphrec.models.reviews.profiles import bags_of, learned_values
from graphrec.testing.reviews import with_mentions
from graphrec.testing.toy import build


def data() -> Any:
    """u mentions sound twice, of a and of b, and price once; v sound once; w nothing. Nobody mentions colour."""
    taken = build({"u": {"a": 5, "b": 5}, "v": {"b": 5}, "w": {"a": 5}}, ["a", "b", "c"], attributes={})
    rows = [
        ("u", "a", "sound", 1.0, 1),
        ("u", "b", "sound", -1.0, 1),
        ("u", "b", "price", 0.5, 1),
        ("v", "b", "sound", 1.0, 3),
    ]
    return with_mentions(taken, rows, ["sound", "price", "colour"])


def numbers(side: Any, **settings: Any) -> np.ndarray:
    dataset = data()
    profiles = profiles_of(dataset, np.arange(3, dtype=np.int32), np.arange(3))
    values = learned_values(dataset, ReviewConfig(**settings))
    dense = values.dense(side, profiles)
    torch.testing.assert_close(bags_of(values, side, profiles).dense(), dense)
    return dense.numpy()


def of_user(t: float) -> float:
    return 1 + 4 * (2 / (1 + np.exp(-t)) - 1)


def of_item(t: float, s: float) -> float:
    return 1 + 4 / (1 + np.exp(-t * s))


def test_users_by_hand() -> None:
    """u's sound is mentioned 1 + 1 times."""
    expected = [[of_user(2), of_user(1), 0], [of_user(3), 0, 0], [0, 0, 0]]
    np.testing.assert_allclose(numbers("user"), expected, rtol=1e-6)


def test_items_by_hand() -> None:
    """b's sound is mentioned 1 + 3 times, with (−1 + 3)/4 in the mean; nobody says anything of c."""
    expected = [[of_item(1, 1), 0, 0], [of_item(4, 0.5), of_item(1, 0.5), 0], [0, 0, 0]]
    np.testing.assert_allclose(numbers("item"), expected, rtol=1e-6)


def test_the_largest_number_of_mentions() -> None:
    """Without an overflow on the way, which would be an error here."""
    values = learned_values(data(), ReviewConfig())
    many, features = np.full(2, 2.0**31 - 1), np.zeros(2, dtype=np.int32)
    assert values.of_mentions("item", many, np.array([-1.0, 1.0]), features).tolist() == [1, 5]
    assert values.of_mentions("user", many, np.array([-1.0, 1.0]), features).tolist() == [5, 5]


@pytest.mark.parametrize(("side", "rest"), [("user", 1.0), ("item", 3.0)])
def test_what_is_not_mentioned_by_the_formula(side: Any, rest: float) -> None:
    """t = 0 gives 1 for a user and 3 for an item; what is mentioned counts as before."""
    by_formula, by_zero = numbers(side, unmentioned="formula"), numbers(side)
    np.testing.assert_allclose(by_formula, np.where(by_zero == 0, rest, by_zero), rtol=1e-6)


def test_the_largest_rating_is_approached() -> None:
    assert numbers("user", largest=10.0)[1, 0] == pytest.approx(1 + 9 * (2 / (1 + np.exp(-3)) - 1))


def test_tf_idf_by_hand() -> None:
    """Two users mention something, both sound and one price: idf is log(1 + 2/2) and log(1 + 2/1)."""
    sound, price = np.log(3) * np.log(2), np.log(2) * np.log(3)
    length = np.hypot(sound, price)
    expected = [[sound / length, price / length, 0], [1, 0, 0], [0, 0, 0]]
    np.testing.assert_allclose(numbers("user", profile="tfidf"), expected, rtol=1e-6)
    # of b sound counts log(1 + 4) log 2, and price log(1 + 1) log 3; of a sound alone
    sound, price = np.log(5) * np.log(2), np.log(2) * np.log(3)
    length = np.hypot(sound, price)
    expected = [[1, 0, 0], [sound / length, price / length, 0], [0, 0, 0]]
    np.testing.assert_allclose(numbers("item", profile="tfidf", unmentioned="formula"), expected, rtol=1e-6)


@pytest.mark.parametrize("rest", ["zero", "formula"])
def test_bags_map_as_numbers_of_all_features_do(rest: Any) -> None:
    """f E, and Σ_k α_k f^k w_k, as products of matrices."""
    dataset = data()
    profiles = profiles_of(dataset, np.arange(3, dtype=np.int32), np.arange(3))
    bags = bags_of(learned_values(dataset, ReviewConfig(unmentioned=rest)), "item", profiles)
    generator = torch.Generator().manual_seed(0)
    table, attention = torch.randn(3, 4, generator=generator), torch.rand(3, 3, generator=generator)
    torch.testing.assert_close(bags.mapped(table), bags.dense() @ table)
    torch.testing.assert_close(bags.attended(attention, table), (attention * bags.dense()) @ table)
    some = bags.rows(np.array([1, 1, 0]))
    torch.testing.assert_close(some.mapped(table), bags.dense()[[1, 1, 0]] @ table)
