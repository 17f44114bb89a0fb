"""What models of fields share: fields by kind, pooled by hand; cold items; ids unknown at random; bounded blocks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import profiles_of
from graphrec.models.afm import AFM
from graphrec.models.deepfm import DeepFM
from graphrec.models.fields import catalogue_scores
from graphrec.models.fields.case_loss import best_constant, loss_of_a_constant
from graphrec.models.fields.field_vectors import field_vectors
from graphrec.models.fields.kinds import by_field, fields_of_attributes, n_kinds, rows_by_field
from graphrec.models.fields.task import FieldTask
from graphrec.models.negative_sampling import share_not_taken
from graphrec.models.pnn import PNN
from graphrec.models.recommender import FitContext
from graphrec.testing.toy import build, toy

THREE = (DeepFM, PNN, AFM)
SMALL: dict[str, Any] = {"epochs": 6, "embedding_size": 5, "learning_rate": 0.05, "batch_size": 32}
KINDS = np.array(["genre", "genre", "director", "genre"])


def test_kinds_are_fields_in_their_order_and_what_nobody_carries_is_none() -> None:
    """Rows 0 and 1 carry genres 0 and 1 and the director 2; genre 3 is carried by row 2 alone, which does not count."""
    carried = Incidence.from_pairs(np.array([0, 0, 1, 2, 2]), np.array([0, 1, 2, 0, 3]), (3, 4))
    fields = fields_of_attributes(carried, np.array([True, True, False]), KINDS)
    assert fields.tolist() == [1, 1, 0, -1]
    assert n_kinds(fields) == 2
    apart = by_field(carried, fields)  # rows are (node, director), (node, genre)
    assert [apart.row(row).tolist() for row in range(6)] == [[], [0, 1], [2], [], [], [0]]
    assert rows_by_field(np.array([2, 0]), 2).tolist() == [4, 5, 0, 1]


@pytest.mark.parametrize(
    ("pooling", "genre", "weight", "penalty"), [("mean", [1, 3], 0.6, 17), ("sum", [2, 6], 0.7, 29)]
)
def test_a_field_of_several_values_by_hand(pooling: str, genre: list[int], weight: float, penalty: float) -> None:
    """The id is (1, 2), w .5; genres (2, 4) and (0, 2), w .2 and 0; no director.

    Penalised are 5 + (20 + 4)/2 for the mean, and 5 + 24 for the sum.
    """
    own = torch.tensor([[1.0, 2.0, 0.5]])
    attributes = torch.tensor([[2.0, 4.0, 0.2], [0.0, 2.0, 0.0], [9.0, 9.0, 9.0], [9.0, 9.0, 9.0]])
    carried = Incidence.from_pairs(np.array([1, 1]), np.array([0, 1]), (2, 4))
    found = field_vectors(own, attributes, carried, pooling, 2)
    assert found.vectors.tolist() == [[[1, 2], [0, 0], genre]]
    assert found.present.tolist() == [[True, False, True]]
    assert found.weights.item() == pytest.approx(weight)
    assert found.penalty.item() == pytest.approx(penalty)


@pytest.mark.parametrize("kind", THREE)
def test_items_that_nobody_took_are_scored_by_their_attributes(kind: type[DeepFM]) -> None:
    """Of three new items two are horror films, the third carries a genre that no taken item has: no field at all."""
    items = [*(f"i{number}" for number in range(6)), "new", "other", "lone"]
    genres = {item: [f"item.genre={'horror' if number % 2 else 'comedy'}"] for number, item in enumerate(items[:6])}
    genres |= {"new": ["item.genre=horror"], "other": ["item.genre=horror"], "lone": ["item.genre=western"]}
    taken = {f"u{number}": {items[number % 2 + 2 * part]: 5.0 for part in range(3)} for number in range(8)}
    data = build(taken, items, carried=genres)
    model = kind(**{**SMALL, "epochs": 40, "batch_size": 8, "learning_rate": 0.02}).fit(data)
    scores = model.score_users(data, list(taken))
    np.testing.assert_array_equal(scores[:, 6], scores[:, 7])
    assert not model.arrays()["item_vectors"][6:, 0].any()
    assert not model.arrays()["item_vectors"][8].any()
    assert (scores[1::2, 6] > scores[::2, 6]).all()  # those who took horror films


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_ids_count_as_unknown_while_training_alone(share: float) -> None:
    data = toy()
    network = FieldTask(data, DeepFM(id_dropout=share).config, FitContext(), DeepFM.Arithmetic).network
    users = np.repeat(np.flatnonzero(data.positives.counts), 40)
    torch.manual_seed(0)
    known = network.train().fields_of("user", users).present[:, 0].float().mean().item()
    assert known == pytest.approx(1 - share, abs=0.05)
    assert network.eval().fields_of("user", users).present[:, 0].all()


@pytest.mark.parametrize("kind", THREE)
@pytest.mark.parametrize("room", [1, 200])
def test_blocks_change_nothing_and_named_items_alone_are_computed(
    kind: type[DeepFM], room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = toy()
    model = kind(**SMALL).fit(data)
    profiles = profiles_of(*model.align(data), np.arange(len(data.users)))
    whole = model.score(profiles)
    cases: list[int] = []
    original = kind.Arithmetic.together

    def counted(self: Any, users: Any, items: Any) -> torch.Tensor:
        scores = original(self, users, items)
        cases.append(scores.numel())
        return scores

    monkeypatch.setattr(kind.Arithmetic, "together", counted)
    monkeypatch.setattr(catalogue_scores, "NUMBERS_AT_ONCE", room)
    torch.testing.assert_close(model.score(profiles), whole, atol=1e-5, rtol=1e-5)
    assert sum(cases) == whole.numel()
    numbers = model._arithmetic.numbers
    assert max(cases) * numbers <= max(room, numbers)
    cases.clear()
    items = torch.arange(3).repeat(len(profiles), 1)
    torch.testing.assert_close(model.score(profiles, items), whole[:, :3], atol=1e-5, rtol=1e-5)
    assert sum(cases) == items.numel()


def test_the_best_constant_has_the_loss_of_no_knowledge() -> None:
    constant, least = best_constant("logistic", 3.5), loss_of_a_constant("logistic", 3.5)
    losses = [np.logaddexp(0, -c) + 3.5 * np.logaddexp(0, c) for c in (constant - 0.01, constant, constant + 0.01)]
    assert losses[1] == pytest.approx(least)
    assert losses[1] == min(losses)
    assert best_constant("bpr", 3.5) == 0


def test_negatives_are_items_that_somebody_took() -> None:
    """Of three items u took a and v took a and b, c is new: against u's a, b counts, against v's nothing does."""
    data = build({"u": {"a": 5.0}, "v": {"a": 5.0, "b": 5.0}}, ["a", "b", "c"])
    task = FieldTask(data, DeepFM(negatives=50).config, FitContext(), DeepFM.Arithmetic)
    (batch,) = task.batches(0, np.random.default_rng(0))
    drawn = batch.items[batch.negatives]
    assert set(drawn.ravel()) == {0, 1}
    np.testing.assert_array_equal(batch.counts, (batch.users[batch.user] == 0)[:, None] & (drawn == 1))
    assert share_not_taken(data.positives, 2) == pytest.approx(1 / 6)  # of three positives, half of the draws for one


@pytest.mark.parametrize("kind", THREE)
def test_without_attributes_ids_alone_are_fields(kind: type[DeepFM]) -> None:
    data = toy()
    model = kind(**SMALL, item_attributes=False, user_attributes=False).fit(data)
    assert model.arrays()["item_vectors"].shape == (12, 1, 5)
    assert (model.arrays()["user_fields"] == -1).all()


@pytest.mark.parametrize("kind", THREE)
def test_learns_what_the_toy_data_holds(kind: type[DeepFM]) -> None:
    """Two tastes, even and odd: items of a user's own taste score higher on average, held out or not."""
    model = kind(**{**SMALL, "epochs": 30}).fit(toy())
    scores = model.score_users(toy(), [f"u{number:02}" for number in range(24)])
    own = np.arange(24)[:, None] % 2 == np.arange(12)[None, :] % 2
    assert scores[own].mean() > scores[~own].mean() + 0.5
