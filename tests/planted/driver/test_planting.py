"""Data with planted drivers keeps its promises: reasons hold in the tables, and what leads astray is as asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from graphrec.dataset.dataset import Dataset
from graphrec.errors import UsageError
from graphrec.planted.driver.config import DECOY_OF, DRIVERS, DriverConfig
from graphrec.planted.driver.planting import plant_drivers
from graphrec.schema.elements import EdgeKind
from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.planted.driver.planting import PlantedDrivers

SMALL: dict[str, Any] = {"users": 300, "items": 400, "directors": 20, "actors": 40, "genres": 10, "seed": 5}


@pytest.fixture(scope="module")
def planted() -> PlantedDrivers:
    return plant_drivers(DriverConfig.read(SMALL))


def pairs(planted: PlantedDrivers, kind: str, target: str) -> set[tuple[str, str]]:
    source = "User" if kind == "INTERACTED" else "Item"
    edges = planted.tables.edges[EdgeKind(kind, source, target)].to_pandas().astype({"from": str, "to": str})
    return set(zip(edges["from"], edges["to"], strict=True))


def test_what_was_taken_for_a_value_carries_it(planted: PlantedDrivers) -> None:
    truth = planted.truth.table.to_pandas()
    drivers = truth[truth.part == "driver"].set_index("user")
    taken = truth[truth.part == "interaction"]
    carried = pairs(planted, "HAS_ATTRIBUTE", "Attribute")
    assert set(zip(taken.user, taken.item, strict=True)) == pairs(planted, "INTERACTED", "Item")
    driven = taken[taken.kind == "attribute"]
    assert (driven.evidence.to_numpy() == drivers.evidence[driven.user].to_numpy()).all()
    assert set(zip(driven.item, driven.evidence, strict=True)) <= carried
    assert pd.isna(taken[taken.kind == "noise"].evidence).all()
    assert (drivers.evidence.str.partition(".")[2].str.partition("=")[0] == drivers.kind).all()
    # a third of 300 users each: four standard deviations are 33
    assert all(abs(count - 100) < 33 for count in drivers.kind.value_counts()[list(DRIVERS)])


def test_the_share_of_noise_is_binomial_where_values_have_films_enough() -> None:
    config = DriverConfig.read({**SMALL, "interactions": 10, "noise": 0.3})
    driven = plant_drivers(config).users.driven
    assert driven.size == 3000
    assert abs(driven.sum() - 0.7 * 3000) < 4 * np.sqrt(3000 * 0.7 * 0.3)


def test_a_value_without_enough_films_is_followed_no_further() -> None:
    """Twenty directors share 40 films: two each. The rest of thirty interactions is noise."""
    users = plant_drivers(DriverConfig.read({**SMALL, "items": 40, "interactions": 30, "noise": 0.0})).users
    of_directors = users.driven[users.kind == 0]
    assert (of_directors.sum(axis=1) == 2).all()
    assert (np.sort(users.item, axis=1)[:, 1:] > np.sort(users.item, axis=1)[:, :-1]).all()


def test_every_film_carries_as_much_as_was_asked_for(planted: PlantedDrivers) -> None:
    carries = planted.items.carries
    assert {kind: set(matrix.sum(axis=1)) for kind, matrix in carries.items()} == {
        "director": {1},
        "actor": {3},
        "genre": {2},
    }
    assert set(carries["director"].sum(axis=0)) == {400 // 20}
    assert set(carries["actor"].sum(axis=0)) == {3 * 400 // 40}


def test_genres_are_uneven_and_decoys_as_frequent_and_correlated_as_asked_for() -> None:
    items = plant_drivers(DriverConfig.read({**SMALL, "items": 20_000, "users": 1, "correlation": 0.6})).items
    frequency = np.sort(items.carries["genre"].mean(axis=0))[::-1]
    assert frequency[0] > 0.5
    single = plant_drivers(DriverConfig.read({**SMALL, "items": 20_000, "users": 1, "labels": 1})).items
    expected = 1 / np.arange(1, 11) / (1 / np.arange(1, 11)).sum()
    np.testing.assert_allclose(np.sort(single.carries["genre"].mean(axis=0))[::-1], expected, atol=0.02)
    for kind in DRIVERS:
        carried, decoys = items.carries[kind], items.decoys[kind]
        phi = [np.corrcoef(carried[:, v], decoys[:, v])[0, 1] for v in range(carried.shape[1])]
        assert np.mean(phi) == pytest.approx(0.6, abs=0.02)
        np.testing.assert_allclose(decoys.mean(axis=0), carried.mean(axis=0), atol=0.02)


def test_noise_follows_popularity() -> None:
    """With noise alone the first of one interaction is drawn from all films by 1 / rank: χ² with 49 degrees."""
    config = DriverConfig.read(
        {"users": 20_000, "items": 50, "interactions": 1, "noise": 1.0, "directors": 5, "actors": 9, "genres": 4}
    )
    planted = plant_drivers(config)
    expected = planted.items.weight / planted.items.weight.sum() * 20_000
    counts = np.bincount(planted.users.item[:, 0], minlength=50)
    assert ((counts - expected) ** 2 / expected).sum() < 49 + 4 * np.sqrt(98)


def test_a_store_gives_back_the_same_data(planted: PlantedDrivers, tmp_path: Path) -> None:
    with open_store(str(tmp_path / "store")) as store:
        store.load(planted.tables, planted.info)
        stored, direct = Dataset.from_store(store), planted.dataset()
    assert stored.attributes.ids.equals(direct.attributes.ids)
    assert (stored.item_attributes.indices == direct.item_attributes.indices).all()
    assert set(stored.attributes.columns["kind"].to_pylist()) == {*DECOY_OF, *DECOY_OF.values()}


def test_the_same_seed_plants_the_same_data_and_another_does_not(planted: PlantedDrivers) -> None:
    same, other = (plant_drivers(DriverConfig.read({**SMALL, "seed": seed})) for seed in (5, 6))
    assert same.truth.table.equals(planted.truth.table)
    assert same.info.id == planted.info.id != other.info.id


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"noise": 1.5}, "'noise'"),
        ({"colour": 1}, "'colour'"),
        ({"interactions": 401}, "more items than there are"),
        ({"genres": 1}, "cannot carry 2 of 1 values of the kind genre"),
        ({"actors": 2}, "kind actor"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        plant_drivers(DriverConfig.read({**SMALL, **settings}))
