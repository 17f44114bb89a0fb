"""Altered vectors by hand, what comes near by loops, and which marks are discoveries on planted data."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import sparse, stats

from graphrec.arrays import bounded_blocks
from graphrec.errors import UsageError
from graphrec.evaluation.latents.altered_dimensions import AlteringSettings, altered_dimensions
from graphrec.evaluation.latents.altering import altered, levels_of, pulls
from graphrec.evaluation.latents.mark_changes import mark_changes
from graphrec.evaluation.latents.neighbours import DecodedItems, ItemNeighbours
from graphrec.models.ease import EASE
from graphrec.models.nmf import NMF
from graphrec.testing.toy import build, toy

GENRES = 4


def shelves(per_genre: int = 40, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors with a dimension for each genre, and the genre of each item."""
    genre = np.repeat(np.arange(GENRES), per_genre)
    rng = np.random.default_rng(seed)
    return np.eye(GENRES)[genre] + 0.2 * rng.standard_normal((len(genre), GENRES)), genre


def marks_of(genre: np.ndarray) -> Any:
    return sparse.csr_matrix(np.eye(GENRES)[genre])


def test_one_coordinate_is_altered_by_hand() -> None:
    """Along (.6, .8) the vector (1, 2) lies at 2.2: to reach 3.2 is a step of one unit."""
    vectors, direction = np.array([[1.0, 2.0]]), np.array([[0.6, 0.8], [1.0, 0.0]])
    found = altered(vectors, direction, np.array([[3.2, 2.2], [7.0, -1.0]]))
    np.testing.assert_allclose(found[0, :, 0], [[1.6, 2.8], [1, 2]])
    np.testing.assert_allclose(found[1, :, 0], [[7, 2], [-1, 2]])


def test_levels_are_quantiles_of_coordinates(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = np.random.default_rng(0).standard_normal((50, 3))
    directions = np.linalg.qr(np.random.default_rng(1).standard_normal((3, 3)))[0]
    expected = [np.quantile(vectors @ one, (0.1, 0.5)) for one in directions]
    np.testing.assert_allclose(levels_of(vectors, directions, (0.1, 0.5)), expected)
    monkeypatch.setattr(bounded_blocks, "NUMBERS_AT_ONCE", 60)
    np.testing.assert_allclose(levels_of(vectors, directions, (0.1, 0.5)), expected)


def test_pulls_are_what_loops_find(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors, _ = shelves(5)
    neighbours = ItemNeighbours(vectors, np.arange(len(vectors)))
    starts, directions, count = vectors[:3], np.eye(GENRES), 4
    ends = levels_of(vectors, directions, (0.0, 1.0))
    expected = np.zeros((GENRES, len(vectors)))
    for row in range(GENRES):
        for start in starts:
            for end, sign in enumerate((-1, 1)):
                moved = start.copy()
                moved[row] = ends[row, end]
                cosines = vectors @ moved / np.linalg.norm(vectors, axis=1) / np.linalg.norm(moved)
                for item in np.argsort(-cosines)[:count]:
                    expected[row, item] += sign / (len(starts) * count)
    np.testing.assert_allclose(pulls(neighbours, starts, directions, ends, count), expected, atol=1e-12)
    np.testing.assert_allclose(expected.sum(axis=1), 0, atol=1e-12)
    monkeypatch.setattr(bounded_blocks, "NUMBERS_AT_ONCE", 200)
    np.testing.assert_allclose(pulls(neighbours, starts, directions, ends, count), expected, atol=1e-12)


def test_a_dimension_for_each_genre_has_its_name() -> None:
    vectors, genre = shelves()
    starts, axes = vectors[::8], np.eye(GENRES)
    pull = pulls(
        ItemNeighbours(vectors, np.arange(len(vectors))), starts, axes, levels_of(vectors, axes, (0.01, 0.99)), 10
    )
    found = mark_changes(pull, marks_of(genre), count=10)
    np.testing.assert_array_equal(np.diag(found.discovered), True)
    assert found.named.all()
    assert (found.changes.argmax(axis=1) == np.arange(GENRES)).all()
    np.testing.assert_allclose(found.greatest, np.diag(found.changes))
    opposite = mark_changes(-pull, marks_of(genre), count=10)
    np.testing.assert_allclose(opposite.changes, -found.changes)
    np.testing.assert_array_equal(opposite.discovered, found.discovered)


def test_changes_and_probabilities_by_hand() -> None:
    """Four of ten items carry the mark; those three that come nearer all do: P = 4/10 · 3/9 · 2/8 = 1/30."""
    pull = np.array([[0.3, 0.3, 0.2, 0.0, 0.0, 0.0, 0.0, -0.2, -0.3, -0.3]])
    marks = sparse.csr_matrix(np.array([[1, 1, 1, 1, 0, 0, 0, 0, 0, 0]]).T)
    found = mark_changes(pull, marks, count=3, false_discoveries=0.07)
    assert found.changes[0, 0] == pytest.approx(0.8)
    assert stats.hypergeom.sf(2, 10, 4, 3) == pytest.approx(1 / 30)
    assert found.discovered[0, 0]  # the other end, with P = 1, is the second test: 1/30 · 2 is below .07
    assert not mark_changes(pull, marks, count=3, false_discoveries=0.06).discovered.any()


def test_a_mark_whose_share_grows_is_no_discovery_of_what_goes_away() -> None:
    """All three that go away carry the mark, each by .2; so does the one that comes nearer by .7: its share grows."""
    pull = np.array([[-0.2, -0.2, -0.2, 0.7, 0.0, 0.0, 0.0, 0.0, 0.0, -0.1]])
    marks = sparse.csr_matrix(np.array([[1, 1, 1, 1, 0, 0, 0, 0, 0, 0]]).T)
    found = mark_changes(pull, marks, count=3, false_discoveries=0.07)
    assert found.changes[0, 0] == pytest.approx(0.1)
    assert not found.discovered.any()
    pull[0, 3] = 0.5
    assert mark_changes(pull, marks, count=3, false_discoveries=0.07).discovered[0, 0]


def test_marks_that_lie_anywhere_are_no_discoveries() -> None:
    """Over many drawn labellings, a discovery among any of eight directions is about as rare as was asked for."""
    vectors, genre = shelves()
    directions = np.concatenate([np.eye(GENRES), np.linalg.qr(np.random.default_rng(0).standard_normal((4, 4)))[0]])
    ends = levels_of(vectors, directions, (0.01, 0.99))
    pull = pulls(ItemNeighbours(vectors, np.arange(len(vectors))), vectors[::8], directions, ends, 10)
    rng = np.random.default_rng(5)
    drawn = [mark_changes(pull, marks_of(rng.permutation(genre)), count=10).named.any() for _ in range(200)]
    assert np.mean(drawn) < 0.1


def test_items_that_are_decoded_are_found_among_those_named() -> None:
    class Double:
        def decode(self, latents: np.ndarray) -> np.ndarray:
            return np.concatenate([latents, 2 * latents], axis=1).astype(np.float32)

    found = DecodedItems(np.zeros((1, 2)), np.array([0, 1, 3]), Double())  # type: ignore[arg-type]
    assert found.nearest(np.array([[1.0, 2.0], [5.0, 1.0]]), 2).tolist() == [[2, 1], [0, 2]]


@pytest.mark.parametrize("of", ["items", "users"])
def test_of_a_fitted_model(of: Any) -> None:
    """Two tastes with a genre each: altering one dimension leads from one genre to the other."""
    data = toy(n_users=80)
    model = NMF(embedding_size=2).fit(data)
    found = altered_dimensions(model, data, of=of, settings=AlteringSettings(starts=8, nearest=4, least=3))
    assert found.dimensions.tolist() == [0, 1]
    assert {"item.genre=comedy", "item.genre=drama"} <= set(found.marks)
    comedy, drama = (found.marks.index(f"item.genre={name}") for name in ("comedy", "drama"))
    changes = found.own.changes
    assert (changes[:, comedy] * changes[:, drama] < 0).all()
    assert changes[0, comedy] * changes[1, comedy] < 0
    assert found.random.changes.shape == changes.shape
    again = altered_dimensions(model, data, of=of, settings=AlteringSettings(starts=8, nearest=4, least=3))
    np.testing.assert_array_equal(again.random.changes, found.random.changes)


def test_what_cannot_be_asked() -> None:
    data = toy()
    with pytest.raises(UsageError, match="ease has no latent space"):
        altered_dimensions(EASE().fit(data), data)
    with pytest.raises(UsageError, match="starts is 0"):
        AlteringSettings(starts=0)
    with pytest.raises(UsageError, match="false_discoveries is 1"):
        AlteringSettings(false_discoveries=1)
    bare = build({"u": {"a": 5.0, "b": 4.0}, "v": {"a": 5.0}}, ["a", "b"])
    with pytest.raises(UsageError, match="no attribute or entity is carried by 10 items"):
        altered_dimensions(NMF(embedding_size=2).fit(bare), bare)
