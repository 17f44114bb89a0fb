"""Independence by hand, by loops, and in rotated coordinates."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.spatial.distance import cosine

from graphrec.errors import ModelError, UsageError
from graphrec.evaluation.latents.independence import independence, independence_of
from graphrec.evaluation.latents.moments import Moments
from graphrec.evaluation.latents.rotations import principal_axes, random_rotation
from graphrec.models.ease import EASE
from graphrec.models.nmf import NMF
from graphrec.testing.toy import build, toy


def drawn(size: int = 6) -> np.ndarray:
    rng = np.random.default_rng(3)
    return rng.standard_normal((400, size)) @ rng.standard_normal((size, size)) + rng.standard_normal(size)


def test_by_hand() -> None:
    """Columns (1, 0, 1) and (1, 1, 0): cosine 1/2; less their means of 2/3, the correlation is −1/2."""
    found = independence_of(Moments.of([np.array([[1.0, 1.0], [0.0, 1.0], [1.0, 0.0]])]))
    assert (found.cosine, found.pearson, found.dimensions) == (pytest.approx(0.5), pytest.approx(0.5), 2)
    opposed = independence_of(Moments.of([np.array([[1.0, -2.0], [2.0, -4.0]])]))
    assert (opposed.cosine, opposed.pearson) == (pytest.approx(0), pytest.approx(0))


def test_it_is_what_loops_over_pairs_find() -> None:
    latents = drawn()
    found = independence_of(Moments.of(np.array_split(latents, 7)))
    pairs = list(combinations(latents.T, 2))
    assert found.cosine == pytest.approx(1 - np.mean([abs(1 - cosine(*two)) for two in pairs]))
    assert found.pearson == pytest.approx(1 - np.mean([abs(np.corrcoef(*two)[0, 1]) for two in pairs]))


def test_principal_axes_make_anything_independent() -> None:
    moments = Moments.of([drawn()])
    assert independence_of(moments).pearson < 0.9
    principal = independence_of(moments.rotated(moments.mean, principal_axes(moments.covariance)))
    assert (principal.cosine, principal.pearson) == (pytest.approx(1), pytest.approx(1))


def test_moments_of_rotated_vectors() -> None:
    latents, rotation = drawn(), random_rotation(6, 0)
    centre = np.arange(6.0)
    moments = Moments.of([latents])
    rotated, whole = moments.rotated(centre, rotation), Moments.of([(latents - centre) @ rotation])
    np.testing.assert_allclose(rotated.mean, whole.mean)
    np.testing.assert_allclose(rotated.second, whole.second)
    np.testing.assert_allclose(moments.covariance, np.cov(latents.T, bias=True))


@pytest.mark.parametrize("size", [1, 2, 9])
def test_a_random_rotation_is_orthogonal(size: int) -> None:
    rotation = random_rotation(size, 5)
    np.testing.assert_allclose(rotation @ rotation.T, np.eye(size), atol=1e-12)
    np.testing.assert_array_equal(rotation, random_rotation(size, 5))


def test_principal_axes_begin_with_the_widest() -> None:
    spread = np.diag(
        principal_axes(np.diag([1.0, 9.0, 4.0])).T @ np.diag([1.0, 9.0, 4.0]) @ principal_axes(np.diag([1.0, 9.0, 4.0]))
    )
    np.testing.assert_allclose(spread, [9, 4, 1])


def test_dimensions_that_do_not_vary_are_left_out() -> None:
    latents = np.column_stack([drawn(3), np.full(400, 0.7), np.zeros(400)])
    found = independence_of(Moments.of([latents]))
    assert found.dimensions == 3
    assert found.cosine == pytest.approx(independence_of(Moments.of([drawn(3)])).cosine)
    with pytest.raises(UsageError, match="1 of 2 latent dimensions vary"):
        independence_of(Moments.of([latents[:, 2:4]]))


def test_of_a_fitted_model() -> None:
    """The users of the toy data with positives; NMF's W is what it scores them by."""
    data = toy()
    model = NMF(embedding_size=3).fit(data)
    found = independence(model, data, rotations=4)
    able = np.flatnonzero(data.positives.counts)
    scores = model.score_users(data, data.users.ids.take(able).to_pylist())
    latents = np.linalg.lstsq(model.item_latents().numpy(), scores.T, rcond=None)[0].T
    assert found.users == len(able)
    assert found.own.cosine == pytest.approx(independence_of(Moments.of([latents])).cosine, abs=1e-4)
    assert len({one.cosine for one in found.rotated}) == 4
    assert found.principal.pearson == pytest.approx(1, abs=1e-6)
    assert found.to_dict()["own"]["dimensions"] == 3


def test_what_cannot_be_asked() -> None:
    data = toy()
    with pytest.raises(UsageError, match="ease has no latent space"):
        independence(EASE().fit(data), data)
    stranger = build({"u": {}}, data.items.ids.to_pylist())
    with pytest.raises(ModelError, match="no user has an input that nmf can encode"):
        independence(NMF(embedding_size=2).fit(data), stranger)
