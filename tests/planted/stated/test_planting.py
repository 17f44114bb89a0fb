"""Data with stated tastes keeps its promises: each planted property has the number that was asked for."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from graphrec.dataset.dataset import Dataset
from graphrec.errors import UsageError
from graphrec.planted.stated.config import StatedConfig
from graphrec.planted.stated.items import StatedItems
from graphrec.planted.stated.people import StatedPeople
from graphrec.planted.stated.planting import PlantedTastes, plant_tastes
from graphrec.planted.stated.stated_truth import StatedTruth, states_tastes
from graphrec.planted.truth import Truth

SMALL: dict[str, Any] = {"users": 200, "items": 120, "interactions": 15, "seed": 5}
ONE_ITEM = {"users": 20_000, "items": 50, "interactions": 1, "values": 6, "common": 1.0}


def read(**settings: Any) -> StatedConfig:
    return StatedConfig.read(settings)


@pytest.fixture(scope="module")
def planted() -> PlantedTastes:
    return plant_tastes(read(**SMALL))


def chi_square(counts: np.ndarray, weights: np.ndarray) -> float:
    """Return by how many standard deviations χ² is above its mean."""
    expected = weights / weights.sum() * counts.sum()
    freedom = len(counts) - 1
    return float((((counts - expected) ** 2 / expected).sum() - freedom) / np.sqrt(2 * freedom))


def test_the_first_item_taken_is_drawn_by_popularity_and_taste() -> None:
    """Everything is seen and everybody has the same tastes, so that one distribution holds for all."""
    for strength, zipf in ((0.0, 0.0), (0.9, 0.8), (2.0, 0.0)):
        planted = plant_tastes(read(**ONE_ITEM, seen=1.0, strength=strength, zipf=zipf))
        taste = planted.people.stated[0].astype(float)
        assert {-1, 1} & set(taste)
        mean = [taste[carried].mean() for carried in planted.items.carries]
        rank = np.exp(-planted.items.log_popularity / zipf) if zipf else np.ones(50)
        weights = rank**-zipf * np.exp(strength * np.array(mean))
        counts = np.bincount(planted.taken[:, 0], minlength=50)
        assert chi_square(counts, weights) < 4
        if strength:
            assert chi_square(counts, rank**-zipf) > 10  # the test would notice


def test_popularity_is_a_rank_each() -> None:
    items = StatedItems.draw(read(items=600, zipf=0.8), np.random.default_rng(0))
    assert np.exp(-items.log_popularity / 0.8) == pytest.approx(stats.rankdata(-items.log_popularity))


def test_the_first_item_seen_is_drawn_by_the_bias_of_the_group() -> None:
    for bias in (0.0, 1.0):
        planted = plant_tastes(read(**ONE_ITEM, seen=0.02, bias=bias, groups=2))
        assert (planted.seen.sum(axis=1) == 1).all()
        for group in (0, 1):
            mean = [planted.people.bias[group, carried].mean() for carried in planted.items.carries]
            counts = planted.seen[planted.people.group == group].sum(axis=0)
            assert chi_square(counts, np.exp(mean)) < 4
            assert bias == 0 or chi_square(counts, np.ones(50)) > 10
    spread = StatedPeople.draw(read(bias=0.7, groups=500, users=1), np.random.default_rng(0)).bias.std()
    assert spread == pytest.approx(0.7, abs=0.02)  # of 9,000 normal numbers: four standard deviations are 0.021


def test_each_sees_its_share_and_takes_of_it(planted: PlantedTastes) -> None:
    assert (planted.seen.sum(axis=1) == 48).all()
    assert np.take_along_axis(planted.seen, planted.taken, axis=1).all()
    assert all(len(set(row)) == 15 for row in planted.taken.tolist())


@pytest.mark.parametrize("common", [0.0, 0.2, 0.7])
def test_likes_are_as_many_and_as_common_as_asked_for(common: float) -> None:
    """Two people like the same value with the probability that the bivariate normal distribution gives."""
    config = read(users=2, values=40_000, common=common, likes=0.25)
    stated = StatedPeople.draw(config, np.random.default_rng(1)).stated
    assert (stated > 0).mean() == pytest.approx(0.25, abs=0.01)
    assert (stated < 0).mean() == pytest.approx(0.25, abs=0.01)
    border = stats.norm.ppf(0.25)
    both = stats.multivariate_normal(cov=[[1, common], [common, 1]]).cdf([border, border])
    assert (stated > 0).all(axis=0).mean() == pytest.approx(both, abs=0.01)


def test_tastes_groups_and_popularity_know_nothing_of_each_other() -> None:
    config = read(users=6_000, items=6_000, interactions=1, common=0.0, groups=2)
    rng = np.random.default_rng(2)
    items, people = StatedItems.draw(config, rng), StatedPeople.draw(config, rng)
    of_group = [np.corrcoef(people.group, column)[0, 1] for column in people.stated.T]
    of_popularity = [np.corrcoef(items.log_popularity, column)[0, 1] for column in items.carries.T]
    assert np.abs([*of_group, *of_popularity]).max() < 4 / np.sqrt(6_000)


def test_values_are_uneven_and_carried_with_their_theme() -> None:
    alone = StatedItems.draw(read(items=40_000, carried=1, together=0, uneven=1.0), np.random.default_rng(3))
    counts = np.sort(alone.carries.sum(axis=0))[::-1]
    assert counts.sum() == 40_000
    assert chi_square(counts, 1 / np.arange(1, 19)) < 4
    themed = StatedItems.draw(read(items=40_000, carried=1, together=1.5, uneven=0), np.random.default_rng(4))
    own = (themed.carries.argmax(axis=1) % 6 == themed.theme).mean()
    expected = 3 * np.exp(1.5) / (3 * np.exp(1.5) + 15)  # three of the 18 values are of the theme
    assert own == pytest.approx(expected, abs=0.01)


def test_items_carry_one_to_three_values() -> None:
    items = StatedItems.draw(read(items=40_000, carried=2.2), np.random.default_rng(5))
    number = items.carries.sum(axis=1)
    assert np.bincount(number)[1:] / 40_000 == pytest.approx([0.16, 0.48, 0.36], abs=0.01)  # 1 + Binomial(2, .6)


def test_the_tables_and_the_truth_say_what_was_drawn(planted: PlantedTastes, tmp_path: Any) -> None:
    dataset = planted.dataset()
    assert states_tastes(planted.truth)
    planted.truth.save(tmp_path / "truth.parquet")
    truth = StatedTruth.of(Truth.load(tmp_path / "truth.parquet"), dataset)
    order = [int(name.rpartition("=")[2]) for name in truth.values.to_pylist()]
    assert (truth.stated == planted.people.stated[:, order]).all()
    assert (truth.carries.csr().toarray() == planted.items.carries[:, order]).all()
    taken = np.zeros((200, 120), dtype=bool)
    np.put_along_axis(taken, planted.taken, values=True, axis=1)
    assert (dataset.taken.csr().toarray() == taken).all()
    for links, of_node in (
        (dataset.item_attributes, truth.of_attribute),
        (dataset.item_entities, truth.of_entity),
    ):
        assert sorted(of_node[of_node >= 0]) == list(range(18))
        carried = links.csr().toarray()[:, of_node >= 0]
        assert (carried[:, np.argsort(of_node[of_node >= 0])] == truth.carries.csr().toarray()).all()
    interactions = dataset.interactions
    for user in (0, 100, 199):
        rows = np.flatnonzero(interactions.user == user)
        assert (
            interactions.item[rows][np.argsort(interactions.timestamp[rows])].tolist() == planted.taken[user].tolist()
        )
    own = dataset.user_attributes.csr().toarray()[:, truth.of_attribute < 0]
    assert (own.argmax(axis=1) == planted.people.group).all()
    assert isinstance(dataset, Dataset)


def test_the_same_seed_plants_the_same_data_and_another_does_not(planted: PlantedTastes) -> None:
    same, other = plant_tastes(read(**SMALL)), plant_tastes(read(**{**SMALL, "seed": 6}))
    assert planted.truth.table.equals(same.truth.table)
    assert planted.info.id == same.info.id != other.info.id
    assert (planted.taken == same.taken).all()
    assert not (planted.taken == other.taken).all()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"carried": 4}, "'carried'"),
        ({"likes": 0.6}, "'likes'"),
        ({"colour": 1}, "'colour'"),
        ({"items": 100, "seen": 0.2, "interactions": 21}, "a user sees 20 items and cannot take 21"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        plant_tastes(read(**settings))
