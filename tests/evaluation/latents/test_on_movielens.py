"""Measures of a latent space on real data, where the controls reach what the measures praise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphrec.evaluation.clusters.agreement import agreement, permuted_agreement
from graphrec.evaluation.clusters.scikit_learn import k_means
from graphrec.evaluation.clusters.values import ItemValues
from graphrec.evaluation.latents.altered_dimensions import AlteringSettings, altered_dimensions
from graphrec.evaluation.latents.disentanglement import disentanglement
from graphrec.evaluation.latents.independence import independence
from graphrec.models.nmf import NMF
from tests.evaluation.explanations.movielens import read

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset

SIZE = 12


@pytest.fixture(scope="module")
def dataset(data: Path) -> Dataset:
    folder = data / "movielens-small-2016"
    if not folder.is_dir():
        pytest.skip(f"there is no {folder}")
    return read(folder)


@pytest.fixture(scope="module")
def model(dataset: Dataset) -> NMF:
    return NMF(embedding_size=SIZE).fit(dataset)


def test_principal_axes_are_independent_whatever_the_model(model: NMF, dataset: Dataset) -> None:
    found = independence(model, dataset)
    assert 0.3 < found.own.cosine < 0.95
    assert found.principal.cosine == pytest.approx(1, abs=1e-6)


def test_what_is_encoded_again_is_named_in_rotated_coordinates_too(model: NMF, dataset: Dataset) -> None:
    own, rotated = (
        disentanglement(model, dataset, coordinates=name, votes=10, vectors=32) for name in ("own", "rotated")
    )
    assert own.accuracy > 3 * own.chance
    assert rotated.accuracy > 3 * rotated.chance
    assert own.permuted < 2.5 * own.chance


def test_dimensions_have_names_and_so_have_random_directions(model: NMF, dataset: Dataset) -> None:
    found = altered_dimensions(model, dataset, settings=AlteringSettings(starts=30))
    assert found.own.named.sum() >= SIZE / 2
    assert found.random.named.sum() >= SIZE / 4
    assert found.own.greatest.max() > 0.3


def test_groups_of_latents_agree_with_genres_more_than_permuted_ones(model: NMF, dataset: Dataset) -> None:
    labels = ItemValues.of(dataset, "genre").main
    vectors = model.item_latents().numpy().astype(np.float64)
    groups = k_means(vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(1e-12), SIZE, 0)
    own, chance = agreement(groups, labels), permuted_agreement(groups, labels)
    assert own.ami > 0.05
    assert abs(chance.ami) < 0.01
    assert own.purity > chance.purity + 0.05
