"""The autoencoders: the battery, and what they share as models of a latent space."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.dataset.splitting import user_split
from graphrec.errors import ModelError, UsageError
from graphrec.models import ease_weights
from graphrec.models.autoencoders.awae import AWAE
from graphrec.models.autoencoders.dglgm import DGLGM
from graphrec.models.autoencoders.macridvae import MacridVAE
from graphrec.models.autoencoders.mult_vae import MultVAE
from graphrec.models.autoencoders.recvae.model import RecVAE
from graphrec.models.ease import EASE
from graphrec.models.latent import LatentModel
from graphrec.models.saving import fit_id
from graphrec.testing import RecommenderBattery
from graphrec.testing.toy import NOBODY, toy

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.profiles import Profiles
    from graphrec.models.autoencoders.model import Autoencoder

SMALL = {"epochs": 6, "hidden_size": 8, "embedding_size": 4, "batch_size": 8, "learning_rate": 0.02, "averaging": 0.5}
KINDS = (MultVAE, RecVAE, MacridVAE, DGLGM, AWAE)


class TestMultVAE(RecommenderBattery):
    def make(self, **settings: Any) -> MultVAE:
        return MultVAE(**{**SMALL, **settings})


class TestRecVAE(RecommenderBattery):
    def make(self, **settings: Any) -> RecVAE:
        return RecVAE(**{**SMALL, **settings})


class TestMacridVAE(RecommenderBattery):
    def make(self, **settings: Any) -> MacridVAE:
        return MacridVAE(**{**SMALL, "concepts": 3, **settings})


class TestMacridVAEWithOneConceptForAnItem(RecommenderBattery):
    def make(self, **settings: Any) -> MacridVAE:
        return MacridVAE(**{**SMALL, "concepts": 3, "assignment": "one-hot", **settings})


class TestDGLGM(RecommenderBattery):
    def make(self, **settings: Any) -> DGLGM:
        return DGLGM(**{**SMALL, "clusters": 3, **settings})


class TestDGLGMBySquares(RecommenderBattery):
    def make(self, **settings: Any) -> DGLGM:
        return DGLGM(**{**SMALL, "clusters": 3, "likelihood": "squared", **settings})


class TestAWAE(RecommenderBattery):
    def make(self, **settings: Any) -> AWAE:
        return AWAE(**{**SMALL, **settings})


class TestAWAEBySquares(RecommenderBattery):
    def make(self, **settings: Any) -> AWAE:
        return AWAE(**{**SMALL, "likelihood": "squared", **settings})


class TestMultVAEWithEASE(RecommenderBattery):
    def make(self, **settings: Any) -> MultVAE:
        return MultVAE(**{**SMALL, "linear_path": 0.5, "linear_reg": 5.0, **settings})


class TestRecVAEWithEASE(RecommenderBattery):
    def make(self, **settings: Any) -> RecVAE:
        return RecVAE(**{**SMALL, "linear_path": 2.0, "linear_reg": 5.0, **settings})


def profiles(data: Any) -> Profiles:
    users = np.arange(len(data.users))
    return profiles_of(data, users.astype(np.int32), users)


@pytest.mark.parametrize("kind", KINDS)
def test_scores_go_through_the_latent_space(kind: type[Autoencoder]) -> None:
    """Decoding the latents gives the scores; who took nothing stands at 0, whatever the biases of the encoder."""
    data = toy()
    model = kind(**SMALL).fit(data)
    assert isinstance(model, LatentModel)
    latents = model.user_latents(profiles(data))
    scores = model.scores_of_latents(latents)
    active = torch.from_numpy(data.positives.counts > 0)
    nobody = data.users.ids.to_pylist().index(NOBODY)
    assert (latents.dtype, scores.dtype) == (torch.float32, torch.float32)
    assert not latents[nobody].any()
    assert not latents.requires_grad
    torch.testing.assert_close(model.score(profiles(data)), scores * active[:, None])
    vectors = model.item_latents()
    assert vectors.shape[0] == len(data.items)
    vectors.zero_()
    torch.testing.assert_close(model.scores_of_latents(latents), scores)


@pytest.mark.parametrize("kind", KINDS)
def test_latents_are_no_draws(kind: type[Autoencoder]) -> None:
    data = toy()
    model = kind(**SMALL).fit(data)
    first, second = (model.user_latents(profiles(data)) for _ in range(2))
    torch.testing.assert_close(first, second, rtol=0, atol=0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_linear_path_is_added_to_the_decoder(kind: type[Autoencoder]) -> None:
    """The network is trained as without the path, and the latent space does not know of it."""
    data = toy()
    alone, both = kind(**SMALL).fit(data), kind(**SMALL, linear_path=0.7, linear_reg=5.0).fit(data)
    ease = EASE(reg=5.0).fit(data)
    everyone = profiles(data)
    torch.testing.assert_close(both.user_latents(everyone), alone.user_latents(everyone), rtol=0, atol=0)
    torch.testing.assert_close(both.score(everyone), alone.score(everyone) + 0.7 * ease.score(everyone))
    assert both.record.metrics["linear_share"] == 0.7
    assert "linear_share" not in alone.record.metrics


def test_the_share_is_validated_after_training() -> None:
    data = toy(n_users=120, n_items=30)
    cut = user_split(data, validation=0.3, test=0.1, given=0.6).apply(data)
    model = MultVAE(**SMALL, linear_path="validated", linear_reg=20.0)
    model.fit(cut.train, validation=cut.validation, fold_in=cut.fold_in)
    plain = MultVAE(**SMALL, linear_reg=20.0).fit(cut.train, validation=cut.validation, fold_in=cut.fold_in)
    assert model.record.metrics["linear_share"] > 0
    name = "compared_ndcg@100"
    assert model.record.metrics[name] > plain.record.metrics[name]


@pytest.mark.parametrize("kind", KINDS)
def test_a_path_that_cannot_be_is_refused_before_training(
    kind: type[Autoencoder], monkeypatch: pytest.MonkeyPatch
) -> None:
    trained = []
    monkeypatch.setattr("graphrec.models.autoencoders.model.fit_by_gradient", lambda *args: trained.append(args))
    with pytest.raises(UsageError, match="linear_path=NUMBER"):
        kind(**SMALL, linear_path="validated").fit(toy())
    monkeypatch.setattr(ease_weights, "MAX_ITEMS", 5)
    with pytest.raises(ModelError, match="too many"):
        kind(**SMALL, linear_path=1).fit(toy())
    assert not trained


@pytest.mark.parametrize("kind", KINDS)
def test_a_training_goes_on_from_its_checkpoint(kind: type[Autoencoder], tmp_path: Path) -> None:
    data = toy()
    settings = {**SMALL, "epochs": 5}
    undisturbed = kind(**settings).fit(data, validation=data.positives)

    class StoppedError(Exception):
        pass

    def stop(what: str, done: int, total: int) -> None:
        if done == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        kind(**settings).fit(data, validation=data.positives, checkpoint=tmp_path, progress=stop)
    resumed = kind(**settings).fit(data, validation=data.positives, checkpoint=tmp_path)
    assert fit_id(resumed) == fit_id(undisturbed)
    np.testing.assert_array_equal(resumed.score(profiles(data)).numpy(), undisturbed.score(profiles(data)).numpy())


def test_a_fit_leaves_the_generator_of_the_caller_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    MultVAE(**SMALL).fit(toy())
    torch.testing.assert_close(torch.rand(2), expected, rtol=0, atol=0)
