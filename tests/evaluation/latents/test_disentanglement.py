"""The majority vote by hand, on a planted space, on random encoders, and on models."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphrec.arrays import bounded_blocks
from graphrec.errors import UsageError
from graphrec.evaluation.latents.disentanglement import VoteSettings, disentanglement, disentanglement_of
from graphrec.evaluation.latents.latent_space import ModelSpace, RotatedSpace, user_latents
from graphrec.evaluation.latents.majority_vote import Votes, majority_vote_accuracy
from graphrec.evaluation.latents.rotations import random_rotation
from graphrec.models.mf.model import MF
from graphrec.models.nmf import NMF
from graphrec.testing.toy import toy

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence

SIZE, LEVELS = 8, 5


class Planted:
    """Each dimension has a shelf of five items and says which of them is taken."""

    def encode(self, histories: Incidence) -> np.ndarray:
        latents = np.zeros((histories.n_rows, SIZE))
        shelf, level = np.divmod(histories.indices, LEVELS)
        latents[histories.row_of_entry, shelf] = level
        return latents

    def decode(self, latents: np.ndarray) -> np.ndarray:
        near = -np.abs(latents[:, :, None] - np.arange(LEVELS))
        return near.reshape(len(latents), SIZE * LEVELS).astype(np.float32)


class Untrained:
    """Encoder and decoder are random matrices that know nothing of each other."""

    def __init__(self) -> None:
        rng = np.random.default_rng(0)
        self.encoder, self.decoder = (rng.standard_normal(shape) for shape in ((200, SIZE), (SIZE, 200)))

    def encode(self, histories: Incidence) -> np.ndarray:
        return histories.csr(np.float64) @ self.encoder

    def decode(self, latents: np.ndarray) -> np.ndarray:
        return (latents @ self.decoder).astype(np.float32)


def values(seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(LEVELS, size=(300, SIZE)).astype(np.float64)


def test_the_classifier_by_hand() -> None:
    """Where 0 is quietest, 1 was fixed twice and 0 once; where 1 is, always 0; where 2 is, nothing is known: 0."""
    train = Votes(np.array([0, 0, 0, 1]), np.array([1, 1, 0, 0]))
    test = Votes(np.array([0, 0, 1, 1, 2]), np.array([1, 0, 0, 2, 0]))
    assert majority_vote_accuracy(train, test, 3) == pytest.approx(3 / 5)


def test_one_factor_a_dimension_is_named_always() -> None:
    found = disentanglement_of(Planted(), values(), SIZE, VoteSettings(vectors=16), 0)
    assert found.accuracy == 1.0
    assert found.dimensions == SIZE
    assert found.chance == 1 / SIZE
    assert found.permuted < 0.5


def test_an_encoder_that_does_not_know_its_decoder_is_near_chance() -> None:
    latents = np.random.default_rng(1).standard_normal((300, SIZE))
    settings = VoteSettings(votes=100, vectors=64)
    found = [disentanglement_of(Untrained(), latents, 20, settings, seed).accuracy for seed in range(4)]
    assert np.mean(found) < 3 / SIZE
    rotated = RotatedSpace(Untrained(), np.zeros(SIZE), random_rotation(SIZE, 0))
    turned = [disentanglement_of(rotated, rotated.to(latents), 20, settings, seed).accuracy for seed in range(4)]
    assert np.mean(turned) < 3 / SIZE


def test_an_encoder_that_undoes_its_decoder_is_right_in_any_coordinates() -> None:
    """The score does not see a rotation where nothing is lost on the way: it is no proof of meaning."""

    class Exact:
        def encode(self, histories: Incidence) -> np.ndarray:
            return self.last

        def decode(self, latents: np.ndarray) -> np.ndarray:
            self.last = latents
            return np.ones((len(latents), 3), dtype=np.float32)

    rotated = RotatedSpace(Exact(), np.zeros(SIZE), random_rotation(SIZE, 0))
    assert disentanglement_of(rotated, rotated.to(values()), 1, VoteSettings(), 0).accuracy == 1.0


def test_dimensions_that_say_nothing_have_no_vote() -> None:
    """One that no user varies in, and one that the encoder leaves at 0."""

    class Blind(Planted):
        def encode(self, histories: Incidence) -> np.ndarray:
            latents = super().encode(histories)
            latents[:, 3] = 0
            return latents

    latents = values()
    latents[:, 5] = 2.0
    found = disentanglement_of(Blind(), latents, SIZE, VoteSettings(vectors=16), 0)
    assert (found.dimensions, found.accuracy) == (SIZE - 2, 1.0)
    with pytest.raises(UsageError, match=f"0 of {SIZE} latent dimensions vary"):
        disentanglement_of(Planted(), np.zeros((4, SIZE)), SIZE, VoteSettings(), 0)


def test_the_size_of_blocks_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    latents = np.random.default_rng(1).standard_normal((300, SIZE))
    whole = disentanglement_of(Untrained(), latents, 20, VoteSettings(), 7)
    monkeypatch.setattr(bounded_blocks, "NUMBERS_AT_ONCE", 40_000)
    assert disentanglement_of(Untrained(), latents, 20, VoteSettings(), 7) == whole


def test_of_a_fitted_model() -> None:
    data = toy()
    model = NMF(embedding_size=3).fit(data)
    found = {name: disentanglement(model, data, coordinates=name) for name in ("own", "rotated", "principal")}
    assert all(one.chance <= 0.5 and 0 <= one.accuracy <= 1 for one in found.values())
    assert disentanglement(model, data) == found["own"]
    assert found["own"].to_dict()["dimensions"] == 3


def test_a_rotation_changes_no_score() -> None:
    data = toy()
    model = NMF(embedding_size=3).fit(data)
    space = ModelSpace.of(model, data)
    latents = np.concatenate(list(user_latents(model, data)))
    rotated = RotatedSpace(space, latents.mean(axis=0), random_rotation(3, 2))
    np.testing.assert_allclose(rotated.decode(rotated.to(latents)), space.decode(latents), rtol=1e-5, atol=1e-6)
    able = np.flatnonzero(data.positives.counts)
    np.testing.assert_allclose(space.encode(data.positives.rows(able)), latents, rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(
        space.decode(latents), model.score_users(data, data.users.ids.take(able).to_pylist()), rtol=1e-5, atol=1e-6
    )


def test_what_cannot_be_asked() -> None:
    data = toy()
    with pytest.raises(UsageError, match="mf has vectors of the users of its fit alone"):
        disentanglement(MF(epochs=1, embedding_size=3).fit(data), data)
    with pytest.raises(UsageError, match="vectors is 1"):
        VoteSettings(vectors=1)
