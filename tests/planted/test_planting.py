"""Planted data keeps its promises: every reason holds in the tables, and what leads astray is as strong as asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from graphrec.dataset.dataset import Dataset
from graphrec.errors import InputError, UsageError
from graphrec.planted.catalogue import Catalogue
from graphrec.planted.config import KINDS, PlantedConfig
from graphrec.planted.drawing import NOISE, draw
from graphrec.planted.people import People
from graphrec.planted.planting import plant
from graphrec.schema.elements import EdgeKind
from graphrec.store.opening import open_store
from graphrec.tables.fingerprint import fingerprint_of

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.planted.drawing import DrawnInteractions
    from graphrec.planted.planting import Planted
    from graphrec.tables.graph_tables import GraphTables

SMALL: dict[str, Any] = {"users": 400, "items": 300, "interactions": 20, "values": 30, "entities": 30, "seed": 5}


@pytest.fixture(scope="module")
def planted() -> Planted:
    return plant(PlantedConfig.read(SMALL))


def drawn(**settings: Any) -> tuple[PlantedConfig, Catalogue, People, DrawnInteractions]:
    config = PlantedConfig.read(settings)
    rng = np.random.default_rng(config.seed)
    catalogue, people = Catalogue.draw(config, rng), People.draw(config, rng)
    return config, catalogue, people, draw(config, catalogue, people, rng)


def frame(tables: GraphTables, kind: str, source: str, target: str) -> pd.DataFrame:
    edges: pd.DataFrame = tables.edges[EdgeKind(kind, source, target)].to_pandas().astype({"from": str, "to": str})
    return edges


def pairs(edges: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(edges["from"], edges["to"], strict=True))


def test_every_reason_holds_in_the_tables(planted: Planted) -> None:
    truth, tables = planted.truth.table.to_pandas(), planted.tables
    taken = truth[truth.part == "interaction"]
    order = frame(tables, "INTERACTED", "User", "Item").set_index(["from", "to"])["timestamp"].to_dict()
    assert set(zip(taken.user, taken.item, strict=True)) == set(order)
    carried = pairs(frame(tables, "HAS_ATTRIBUTE", "Item", "Attribute"))
    starring = pairs(frame(tables, "HAS_ENTITY", "Item", "Entity"))
    sequels = pairs(frame(tables, "RELATED_TO", "Item", "Item"))
    bought = pairs(frame(tables, "CO_PURCHASED", "Item", "Item"))
    follow = truth[truth.part == "follow"]
    follows = set(zip(follow.user, follow.evidence, strict=True))
    for row in taken.itertuples():
        if row.kind == "noise":
            assert pd.isna(row.evidence)
            assert pd.isna(row.label)
        elif row.kind in ("attribute", "entity"):
            assert (row.user, row.evidence) in follows
            assert (row.item, row.evidence) in (carried if row.kind == "attribute" else starring)
        else:
            assert order[row.user, row.evidence] < order[row.user, row.item]
            known = (row.item, row.evidence)
            assert known in sequels if row.kind == "item" else known in bought or known[::-1] in bought
    assert set(taken.kind) == {*KINDS, "noise"}


def test_a_tied_taste_is_the_favourite_of_the_users_own_group(planted: Planted) -> None:
    follow = planted.truth.table.to_pandas().query("part == 'follow' and through.notna()")
    group = dict(pairs(frame(planted.tables, "HAS_ATTRIBUTE", "User", "Attribute")))
    assert all(group[row.user] == row.through for row in follow.itertuples())
    favourites = follow.groupby("through").evidence.agg(set)
    assert all(len(values) == 1 for values in favourites)
    # 400 users, each tied with probability 1/2: four standard deviations are 40
    assert abs(len(follow) - 200) < 40


def test_nobody_takes_an_item_twice() -> None:
    _, _, _, found = drawn(**SMALL)
    assert all(len(set(row)) == len(row) for row in found.item.tolist())


@pytest.mark.parametrize("noise", [0.0, 0.2, 0.6, 1.0])
def test_the_share_of_noise_is_binomial(noise: float) -> None:
    _, _, _, found = drawn(**{**SMALL, "noise": noise})
    n = found.kind.size
    assert abs((found.kind == NOISE).sum() - n * noise) <= 4 * np.sqrt(n * noise * (1 - noise))


def test_kinds_follow_the_mix_where_all_have_something_left() -> None:
    settings = {**SMALL, "interactions": 4, "noise": 0.0, "item": 0.0, "co_purchase": 0.0, "attribute": 3, "entity": 1}
    _, _, _, found = drawn(**settings)
    n = found.kind.size
    assert set(np.unique(found.kind)) == {0, 1}
    assert abs((found.kind == 0).sum() - 0.75 * n) <= 4 * np.sqrt(n * 0.75 * 0.25)


def test_noise_is_drawn_by_zipf() -> None:
    """The first item of each user is drawn from all items: its frequencies are 1 / rankˢ over their sum."""
    for exponent in (0.0, 1.0, 1.5):
        config, catalogue, _, found = drawn(
            users=20_000, items=50, interactions=1, noise=1.0, zipf=exponent, values=5, entities=5
        )
        rank = np.empty(50, dtype=int)
        rank[np.argsort(-catalogue.weight, kind="stable")] = np.arange(1, 51)
        expected = rank**-exponent / (np.arange(1, 51) ** -exponent).sum() * config.users
        counts = np.bincount(found.item[:, 0], minlength=50)
        # χ² with 49 degrees of freedom: mean 49, standard deviation √98
        assert ((counts - expected) ** 2 / expected).sum() < 49 + 4 * np.sqrt(98)
        if exponent:
            slope = np.polyfit(np.log(rank), np.log(np.maximum(counts, 0.5)), 1, w=np.sqrt(expected))[0]
            assert slope == pytest.approx(-exponent, abs=0.05)


@pytest.mark.parametrize("correlation", [0.0, 0.5, 0.9])
def test_decoys_have_the_frequency_and_correlation_that_was_asked_for(correlation: float) -> None:
    config = PlantedConfig.read({"items": 20_000, "values": 20, "correlation": correlation, "interactions": 1})
    catalogue = Catalogue.draw(config, np.random.default_rng(3))
    phi = [np.corrcoef(catalogue.value == v, catalogue.decoys[:, v])[0, 1] for v in range(20)]
    assert np.mean(phi) == pytest.approx(correlation, abs=0.02)
    # Every item carries one value of p = 1/20, so that its decoy is one of 20,000 trials of ρ + (1 − ρ) p.
    own = catalogue.decoys[np.arange(20_000), catalogue.value].sum()
    chance = correlation + (1 - correlation) / 20
    assert abs(own - 20_000 * chance) <= 4 * np.sqrt(20_000 * chance * (1 - chance))
    assert catalogue.decoys.mean() == pytest.approx(1 / 20, abs=0.002)


def test_at_correlation_one_the_decoy_is_the_attribute() -> None:
    config = PlantedConfig.read({**SMALL, "correlation": 1.0})
    catalogue = Catalogue.draw(config, np.random.default_rng(0))
    assert (catalogue.decoys == (catalogue.value[:, None] == np.arange(30))).all()


def test_sequels_and_bundles_are_as_many_as_asked_for() -> None:
    config = PlantedConfig.read({**SMALL, "sequels": 0.4, "bundled": 0.5, "bundle": 7})
    catalogue = Catalogue.draw(config, np.random.default_rng(0))
    sequels = np.flatnonzero(catalogue.before >= 0)
    assert len(sequels) == 120
    assert len(set(catalogue.before[sequels])) == 120
    assert (catalogue.before[sequels] != sequels).all()
    assert (catalogue.after[catalogue.before[sequels]] == sequels).all()
    # 150 items fill 21 bundles of 7
    assert np.bincount(catalogue.bundle[catalogue.bundle >= 0]).tolist() == [7] * 21


def test_the_same_seed_plants_the_same_data_and_another_does_not() -> None:
    one, same, other = (plant(PlantedConfig.read({**SMALL, "seed": seed})) for seed in (1, 1, 2))
    assert _digest(one) == _digest(same) != _digest(other)
    assert one.info.id == same.info.id != other.info.id
    assert one.truth.table.equals(same.truth.table)


def _digest(planted: Planted) -> str:
    tables = planted.tables
    return fingerprint_of([*tables.nodes.items(), *((str(kind), table) for kind, table in tables.edges.items())])


def test_more_taken_than_the_reasons_lead_to_is_noise() -> None:
    """A user who takes everything has all items, and what no reason leads to came without one."""
    _, _, _, found = drawn(users=5, items=12, interactions=12, noise=0.0, values=6, entities=6, tastes=1, bundled=0)
    assert (np.sort(found.item, axis=1) == np.arange(12)).all()
    assert (found.kind == NOISE).any()


def test_values_and_entities_that_no_item_has_lead_nowhere() -> None:
    """Users like values and follow entities beyond the number of items: there is nothing left to take for them."""
    _, _, people, found = drawn(users=40, items=10, interactions=5, noise=0.0, values=50, entities=50, tastes=3)
    assert people.likes.max() >= 10
    assert (np.sort(found.item, axis=1)[:, 1:] > np.sort(found.item, axis=1)[:, :-1]).all()


def test_a_store_gives_back_the_same_data_and_refuses_another_planting(planted: Planted, tmp_path: Path) -> None:
    with open_store(str(tmp_path / "store")) as store:
        assert store.load(planted.tables, planted.info).changed
        assert not store.load(planted.tables, planted.info).changed
        stored, direct = Dataset.from_store(store), planted.dataset()
        other = plant(PlantedConfig.read({**SMALL, "seed": 6}))
        with pytest.raises(InputError):
            store.load(other.tables, other.info)
    for name in ("users", "items", "attributes", "entities"):
        assert getattr(stored, name).ids.equals(getattr(direct, name).ids)
    for name in ("taken", "item_attributes", "user_attributes", "item_entities"):
        mine, theirs = getattr(direct, name), getattr(stored, name)
        assert (mine.indptr == theirs.indptr).all()
        assert (mine.indices == theirs.indices).all()
    assert (stored.interactions.timestamp == direct.interactions.timestamp).all()
    assert stored.knowledge.relations == direct.knowledge.relations
    for name in ("head", "relation", "tail"):
        assert (getattr(stored.knowledge, name) == getattr(direct.knowledge, name)).all()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"noise": 1.5}, "'noise'"),
        ({"users": "many"}, "'users'"),
        ({"colour": 1}, "'colour'"),
        ({"interactions": 31, "items": 30}, "more items than there are"),
        ({"tastes": 5, "values": 4}, "more values than there are"),
        ({"followed": 5, "entities": 4}, "more entities than there are"),
        ({"attribute": 0, "entity": 0, "item": 0, "co_purchase": 0}, "weigh nothing"),
        ({"correlation": float("nan")}, "'correlation'"),
    ],
)
def test_settings_that_make_no_sense_are_refused(settings: dict[str, Any], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        PlantedConfig.read(settings)
