"""Masked networks: by hand on three items, and against scoring each mask by itself."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UsageError
from graphrec.evaluation.explanations.attribute_networks import (
    attention_of_users,
    network_place,
    network_weights,
    networks_of,
)
from graphrec.evaluation.explanations.falls import spread_over_candidates
from graphrec.evaluation.explanations.network_masking import NetworkMasking, mask_networks
from graphrec.explaining.evidence import Evidence
from graphrec.models.ease import EASE
from graphrec.models.eran.model import ERAN
from graphrec.planted.driver.config import DriverConfig
from graphrec.planted.driver.planting import plant_drivers
from graphrec.rankings.top_items import top_items
from tests.toy_networks import ToyNetworks

NAN = float("nan")


@pytest.fixture(scope="module")
def asked():
    planted = plant_drivers(DriverConfig(users=60, items=80, directors=8, actors=20, genres=6, interactions=10))
    data = planted.dataset()
    model = ToyNetworks(attributes="director,actor,genre").fit(data)
    profiles = profiles_of(data, np.arange(60, dtype=np.int32), np.arange(60))
    items, _ = top_items(model.score(profiles).numpy(), data.taken, np.ones(80, dtype=bool), 2)
    return model, profiles, torch.from_numpy(items), data


def test_the_toy_is_additive(asked):
    model, profiles, items, _ = asked
    np.testing.assert_allclose(
        model.evidence(profiles, items).weights.sum(dim=2), model.score(profiles, items), rtol=1e-4
    )


def test_both_ways_of_a_network_count_for_it_and_others_for_none():
    evidence = Evidence(
        np.array([[0, 0, 0, 0, -1]], dtype=np.int8),
        np.array([[7, 7, 8, 9, 0]], dtype=np.int32),
        np.zeros((1, 5), dtype=np.int8),
        np.array([[0, 1, 2, 3, 0]], dtype=np.int32),
        pa.array(["attribute:genre", "neighbours:genre", "attribute:actor", "self"]),
        torch.tensor([[[1.0, 2.0, 4.0, 8.0, 16.0]]]),
    )
    assert network_weights(evidence, ("actor", "genre", "director")).tolist() == [[[4, 3, 0]]]
    assert network_weights(evidence, ("self", "genre")).tolist() == [[[8, 3]]]  # a network of no kind has its own name


def test_falls_by_each_choice_by_hand():
    masking = NetworkMasking(
        ("a", "b"),
        np.array([[[3.0, 1.0]], [[-1.0, 2.0]], [[NAN, NAN]]]),
        np.array([[[5.0, 1.0]], [[1.0, 4.0]], [[0.0, 0.0]]]),
        np.array([[[0.2, 0.8]], [[0.6, 0.4]], [[0.5, 0.5]]]),
    )
    falls = masking.falls()
    assert {name: values[:2, 0].tolist() for name, values in falls.items()} == {
        "contribution": [3, 2],
        "attention": [1, -1],
        "random": [2, 0.5],
        "oracle": [3, 2],
    }
    assert all(np.isnan(values[2, 0]) for values in falls.values())


def test_falls_are_those_of_scoring_each_mask_by_itself(asked):
    model, profiles, items, data = asked
    masked = mask_networks(model, profiles, items, data.taken)
    scores = model.score(profiles).double().numpy()
    rows = []
    for user in range(60):
        one, named = profiles.rows(np.array([user])), items[user : user + 1]
        free = np.setdiff1d(np.arange(80), data.taken.row(user))
        deviation = pd.Series(scores[user, free]).std(ddof=0)
        for kind in model.networks:
            lost = model.score(one, named) - model.score_without_network(one, named, kind)
            rows.append((lost[0].double().numpy() / deviation).tolist())
    np.testing.assert_allclose(masked.fall, np.array(rows).reshape(60, 3, 2).transpose(0, 2, 1), rtol=1e-4, atol=1e-5)
    falls = {name: values.mean() for name, values in masked.falls().items()}
    # every term of the toy is its weight, so that contribution and oracle name the same network
    assert falls["contribution"] == pytest.approx(falls["oracle"])
    assert falls["oracle"] >= falls["attention"] >= falls["random"]


def test_a_pair_without_an_item_is_not_measured(asked):
    model, profiles, items, data = asked
    some = items.clone()
    some[3, 1] = -1
    fall = mask_networks(model, profiles, some, data.taken).fall
    assert np.isnan(fall).sum() == 3
    assert np.isnan(fall[3, 1]).all()


def test_attention_of_a_user_is_the_mean_over_what_was_taken(asked):
    model, profiles, _, data = asked
    found = attention_of_users(model, profiles)
    for user in (0, 17, 59):
        taken = torch.from_numpy(data.positives.row(user).astype(np.int64))[None, :]
        by_hand = model.attention(profiles.rows(np.array([user])), taken)[0].mean(dim=0)
        np.testing.assert_allclose(found[user], by_hand, rtol=1e-5)
    nobody = profiles.items.where(profiles.items.row_of_entry != 5)
    without = attention_of_users(model, type(profiles)(profiles.known, nobody, profiles.links))
    assert np.isnan(without[5]).all()
    assert not np.isnan(np.delete(without, 5, axis=0)).any()


def test_a_model_without_networks_is_refused_and_a_network_that_is_not_there_named(asked):
    model, profiles, items, data = asked
    plain = EASE().fit(data)
    with pytest.raises(UsageError, match="lacks networks, attention, score_without_network"):
        mask_networks(plain, profiles, items, data.taken)
    with pytest.raises(UsageError, match=r"no network of 'colour'.*director, actor, genre"):
        network_place(model, "colour")
    assert networks_of(model).networks[network_place(model, "actor")] == "actor"


def test_eran_offers_what_is_asked_and_its_contributions_are_what_masking_takes(asked):
    _, _, _, data = asked
    model = ERAN(steps=20, least_epochs=2, embedding_size=16, attributes="director,actor,genre", all_pairs=True).fit(
        data
    )
    profiles = profiles_of(data, np.arange(60, dtype=np.int32), np.arange(60))
    items, _ = top_items(model.score(profiles).numpy(), data.taken, np.ones(80, dtype=bool), 2)
    named = torch.from_numpy(items)
    masked = mask_networks(model, profiles, named, data.taken)
    assert masked.networks == ("director", "actor", "genre", "co-taken")
    spread = spread_over_candidates(model.score(profiles), data.taken)
    np.testing.assert_allclose(masked.fall * spread[:, None, None], masked.contribution, rtol=1e-3, atol=1e-4)
    np.testing.assert_allclose(masked.attention.sum(axis=2), 1, atol=1e-5)
    falls = masked.falls()
    np.testing.assert_allclose(falls["contribution"], falls["oracle"], atol=1e-4)
    attention = attention_of_users(model, profiles)
    np.testing.assert_allclose(attention.sum(axis=1), 1, atol=1e-5)
    assert model.user_vectors(profiles).shape[0] == 60
