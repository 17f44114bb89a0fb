"""Categories: which attributes they are, how near they are to each other, and groups that follow them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from torch.nn import functional

from graphrec.errors import InputError, UsageError
from graphrec.models.indgrm.categories import Categories
from graphrec.models.indgrm.groups import scaled_similarity
from graphrec.models.indgrm.model import InDGRM
from graphrec.models.indgrm.triplets import item_triplets
from graphrec.testing.toy import build, toy
from tests.models.indgrm.small import SMALL, fitted, small_config

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.dataset.dataset import Dataset

GENRES = {"a": ["comedy"], "b": ["comedy", "horror"], "c": ["horror"], "d": ["drama", "horror"], "e": []}


def films() -> Dataset:
    carried = {film: [f"item.genre={genre}" for genre in of] for film, of in GENRES.items()}
    carried["e"] = ["item.director=Ito"]
    return build({"u": {"a": 5, "b": 5}, "v": {"c": 5, "d": 5}}, list(GENRES), carried=carried)


def test_categories_are_the_values_that_items_carry() -> None:
    """Nobody carries a western: it is no category."""
    categories = Categories.of(films(), "genre")
    assert categories.names == ("item.genre=comedy", "item.genre=drama", "item.genre=horror")
    assert [categories.of_items.row(item).tolist() for item in range(5)] == [[0], [0, 2], [2], [1, 2], []]


def test_nearness_by_items_by_hand() -> None:
    """Two films are comedies, one is a drama, three are horror; comedy and horror share one, drama and horror one."""
    nearness = Categories.of(films(), "genre").nearness("")
    np.testing.assert_allclose(
        nearness, [[1, 0, 1 / 6**0.5], [0, 1, 1 / 3**0.5], [1 / 6**0.5, 1 / 3**0.5, 1]], atol=1e-6
    )


def test_nearness_by_words(tmp_path: Path) -> None:
    path = tmp_path / "words.txt"
    lines = [
        f"item.genre={word} {numbers}" for word, numbers in (("comedy", "2 0"), ("drama", "0 3"), ("horror", "1 1"))
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    nearness = Categories.of(films(), "genre").nearness(str(path))
    half = 0.5**0.5
    np.testing.assert_allclose(nearness, [[1, 0, half], [0, 1, half], [half, half, 1]], atol=1e-6)
    path.write_text(lines[0], encoding="utf-8")
    with pytest.raises(InputError, match="has no vector for"):
        InDGRM(**SMALL, categories="genre", triplets="prototypes", category_vectors=str(path)).fit(films())


def test_an_unknown_kind_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"of the kind 'age' \(the setting 'categories'\).*: director, genre"):
        InDGRM(**SMALL, categories="age").fit(toy())


def test_item_triplets_make_groups_of_categories() -> None:
    """Every item is in the group of one of its genres, and of each genre there is a group."""
    data = toy(n_items=30)
    categories = Categories.of(data, "genre")
    model = fitted(data, categories="genre", triplet_weight=3.0, epochs=60)
    table = model.factors(data)
    weights = table.members["Item"][:, table.of_kind("item_group")]
    assert weights.shape[1] == len(categories.names)
    some = np.flatnonzero(categories.of_items.counts)
    assert categories.of_items.has(some, weights[some].argmax(axis=1)).all()
    without = fitted(data, categories="genre", triplets="none", epochs=60).factors(data).members["Item"]
    assert not categories.of_items.has(some, without[some, -weights.shape[1] :].argmax(axis=1)).all()


def test_prototype_triplets_put_prototypes_in_order() -> None:
    """Horror is nearer to comedy than drama is, since a film is both; and so is its prototype in the end."""
    model = fitted(films(), categories="genre", triplets="prototypes", triplet_weight=5.0, epochs=200)
    prototypes = torch.from_numpy(model.arrays()["network.prototypes.vectors"])
    cosines = scaled_similarity(prototypes, prototypes, small_config(temperature=1.0))
    assert cosines[0, 2] > cosines[0, 1]
    assert cosines[1, 2] > cosines[1, 0]


def test_without_categories_prototypes_alone_learn_by_the_groups_of_items() -> None:
    """Items are nearer to the prototypes of their groups than without, and score as they do without."""
    data = toy(n_items=30)
    settings = {"decoder": "identity", "mapping": False, "gumbel": False, "epochs": 30}
    models = [fitted(data, **settings, triplets=triplets) for triplets in ("items", "none")]
    costs = []
    for model in models:
        vectors = torch.from_numpy(model.arrays()["network.decoder.items"])
        logits = scaled_similarity(
            vectors, torch.from_numpy(model.arrays()["network.prototypes.vectors"]), model.config
        )
        costs.append(item_triplets(logits, functional.one_hot(logits.argmax(dim=1), 4).bool()).item())
    assert costs[0] < 0.8 * costs[1]
    users = data.users.ids.to_pylist()
    np.testing.assert_array_equal(models[0].score_users(data, users), models[1].score_users(data, users))
