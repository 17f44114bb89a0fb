"""AFM: the battery, attention by hand, every case of a fit pair by pair, and the factorisation machine's pairs."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.models.afm import AFM, AFMArithmetic
from graphrec.models.fields.arithmetic import FieldCounts
from graphrec.models.fm.feature_sums import Factors, feature_sums
from graphrec.testing import RecommenderBattery
from graphrec.testing.toy import NOBODY, toy
from tests.models.fields.by_hand import assert_scores_case_by_case, fields, score, set_to

SMALL: dict[str, Any] = {"epochs": 6, "embedding_size": 5, "learning_rate": 0.05, "batch_size": 32, "attention_size": 4}


class Ranked(RecommenderBattery):
    """A newcomer's history is no field, the attributes are: such a user is scored like one without history."""

    scores_anyone = True
    newcomers = False


class TestAFM(Ranked):
    def make(self, **settings: Any) -> AFM:
        return AFM(**{**SMALL, **settings})


class TestRegularised(Ranked):
    def make(self, **settings: Any) -> AFM:
        return AFM(**{**SMALL, "loss": "bpr", "attention_reg": 0.1, "id_dropout": 0.2, "pooling": "sum", **settings})


def by_hand() -> AFMArithmetic:
    """Return arithmetic on vectors of two: p = (1, 10), attention on the first number + 1, h = ln 2 / 4."""
    arithmetic = AFMArithmetic(FieldCounts(1, 2), AFM(embedding_size=2, attention_size=1).config)
    set_to(arithmetic.hidden.weight, [[1.0, 0.0]])
    set_to(arithmetic.hidden.bias, 1.0)
    set_to(arithmetic.direction, np.log(2) / 4)
    set_to(arithmetic.projection, [1.0, 10.0])
    set_to(arithmetic.bias, 0.5)
    return arithmetic


USER, ITEM = fields([[1.0, 2.0]], 0.1), fields([[3.0, -1.0], [-3.0, 2.0]], 0.2)


def test_attention_by_hand() -> None:
    """Products: u⊙i = (3, −2), u⊙g = (−3, 4), i⊙g = (−9, −2); pᵀ of them: −17, 37, −29.

    Units: ReLU(4) = 4, ReLU(−2) = 0, ReLU(−8) = 0; exp(h ·) = 2, 1, 1: shares ½, ¼, ¼. −8.5 + 9.25 − 7.25 = −6.5; the
    linear part is .8.
    """
    assert score(by_hand(), USER, ITEM) == pytest.approx(-6.5 + 0.8)


def test_a_field_that_is_not_there_takes_no_attention() -> None:
    """Without the genre one pair is left, with all the attention: −17. Without the user's id none is: .8 alone."""
    genreless = fields([[3.0, -1.0], [0.0, 0.0]], 0.2)
    assert score(by_hand(), USER, genreless) == pytest.approx(-17 + 0.8)
    assert score(by_hand(), fields([[0.0, 0.0]], 0.1), genreless) == pytest.approx(0.8)


def test_every_case_pair_by_pair() -> None:
    data = toy()
    model = AFM(**SMALL).fit(data)

    def expected(user: np.ndarray, item: np.ndarray, weights: float, rest: dict[str, np.ndarray]) -> Any:
        every = [field for field in (*user, *item) if field.any()]
        pairs = np.array([first * second for first, second in combinations(every, 2)]).reshape(-1, user.shape[1])
        units = np.maximum(pairs @ rest["hidden.weight"].T + rest["hidden.bias"], 0)
        shares = np.exp(units @ rest["direction"])
        attended = (shares[:, None] * pairs).sum(axis=0) / max(shares.sum(), 1e-300)
        return rest["bias"] + weights + rest["projection"] @ attended

    assert_scores_case_by_case(model, data, expected)
    assert not model.arrays()["users"][data.users.require([NOBODY])[0]].any()


def test_even_attention_is_the_factorisation_machine_scaled() -> None:
    """With h = 0 and p of ones, all 6 pairs of 4 fields have a sixth each: a sixth of the machine's pairs."""
    rng = np.random.default_rng(0)
    own, attribute = (torch.from_numpy(rng.normal(size=(2, 3)).astype(np.float32)) for _ in range(2))
    none = torch.zeros(2)
    each_its_own = Incidence.from_pairs(np.arange(2), np.arange(2), (2, 2))
    sums = feature_sums(Factors(own, none), Factors(attribute, none), each_its_own)  # of a user, and of an item
    pairs = sums.bias.sum() + sums.vectors[0] @ sums.vectors[1]
    arithmetic = AFMArithmetic(FieldCounts(2, 2), AFM(embedding_size=3).config)
    set_to(arithmetic.direction, 0.0)
    set_to(arithmetic.projection, 1.0)
    user, item = (fields([own[side].tolist(), attribute[side].tolist()]) for side in range(2))
    assert score(arithmetic, user, item) == pytest.approx(pairs.item() / 6, abs=1e-6)


def test_it_starts_near_the_factorisation_machine() -> None:
    """p starts at the number of pairs, so that the pairs of fields that are all alike add up as they do there."""
    arithmetic = AFMArithmetic(FieldCounts(1, 2), AFM(embedding_size=2).config)
    assert score(arithmetic, fields([[1.0, 2.0]]), fields([[1.0, 2.0], [1.0, 2.0]])) == pytest.approx(3 * 5)


def test_the_attention_matrix_is_penalised() -> None:
    arithmetic = AFMArithmetic(FieldCounts(1, 2), AFM(embedding_size=2, attention_size=1, attention_reg=0.5).config)
    set_to(arithmetic.hidden.weight, [[3.0, 4.0]])
    assert torch.as_tensor(arithmetic.own_penalty()).item() == pytest.approx(12.5)
