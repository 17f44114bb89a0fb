"""Data at the edges: it works and adds up, or the message names what is missing and what mends it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import GraphrecError, InputError, ModelError, UsageError
from graphrec.models.eran.config import AS_PRINTED, ERANConfig
from graphrec.models.eran.model import ERAN
from graphrec.testing.toy import build

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.dataset.dataset import Dataset

ITEMS = [f"i{place}" for place in range(10)]
TAKEN = {f"u{user}": {f"i{(user + step) % 8}": 5.0 for step in range(4)} for user in range(10)}
CARRIED = {item: ["g=a" if place % 2 else "g=b", "d=x" if place % 3 else "d=y"] for place, item in enumerate(ITEMS)}
ONE_EACH = {item: ["g=a", "d=x" if place % 3 else "d=y"] for place, item in enumerate(ITEMS)}


def data(
    carried: Mapping[str, Sequence[str]] = CARRIED,
    names: Mapping[str, str] | None = None,
    taken: Mapping[str, Mapping[str, float]] = TAKEN,
) -> Dataset:
    """Return data whose attributes are called KIND=VALUE, but for kinds that ``names`` names."""
    values = sorted({value for of in carried.values() for value in of} | {"g=a", "g=b", "d=x", "d=y"})
    kinds = {value: value.partition("=")[0] for value in values}
    attributes = {value: ("item", (names or {}).get(kind, kind)) for value, kind in kinds.items()}
    return build(taken, ITEMS, carried=carried, attributes=attributes)


def fitted(dataset: Dataset, **settings: Any) -> ERAN:
    """Return a fit whose scores are finite, and whose reasons sum to the score less the bias."""
    model = ERAN(**{"epochs": 2, "embedding_size": 4, **settings}).fit(dataset)
    everybody = profiles_of(dataset, np.arange(len(dataset.users), dtype=np.int32), np.arange(len(dataset.users)))
    profiles = everybody.rows(np.flatnonzero(everybody.items.counts > 0))
    scores = model.score(profiles)
    assert torch.isfinite(scores).all()
    items = torch.arange(len(dataset.items)).repeat(len(profiles), 1)
    whole = model.evidence(profiles, items).weights.sum(dim=2) + model.constants[items]
    torch.testing.assert_close(whole, scores, atol=1e-4, rtol=1e-5)
    return model


def ways(model: ERAN, dataset: Dataset) -> set[str]:
    profiles = profiles_of(dataset, np.arange(10, dtype=np.int32), np.arange(10))
    return set(model.evidence(profiles, torch.zeros(10, 1, dtype=torch.int64)).via_names.to_pylist())


def test_a_kind_without_a_value_is_a_network_without_edges() -> None:
    model = fitted(data({item: ["g=a"] for item in ITEMS}), attributes="g,d")
    assert model.networks == ("g", "d")
    assert not model.arrays()["0.vectors"][1].any()


def test_a_kind_whose_values_are_all_hubs_keeps_its_name() -> None:
    """Everybody carries g=a, so that with max_share the network g is empty: nothing is said to come through it."""
    hubs = data(ONE_EACH)
    model = fitted(hubs, attributes="g,d", max_share=0.8)
    assert model.networks == ("g", "d")
    assert not model.arrays()["0.vectors"][0].any()
    assert ways(model, hubs) == {"attribute:g", "attribute:d", "neighbours:g", "neighbours:d"}
    alone = {value: ("item", value[0]) for value in ("g=a", "d=x", "d=y")}
    model = fitted(build(TAKEN, ITEMS, carried=ONE_EACH, attributes=alone), attributes="g,d", max_share=0.8)
    assert model.networks == ("g", "d")


def test_a_kind_may_have_any_name() -> None:
    for name in ("a,b", "a:b", "é", "co-taken", "attribute:x"):
        named = data(names={"g": name})
        model = fitted(named)
        assert sorted(model.networks) == sorted(["d", name])
        assert f"attribute:{name}" in ways(model, named)
    assert fitted(data(names={"g": "a,b"}), attributes='"a,b", d').networks == ("a,b", "d")
    assert fitted(data(names={"g": "a:b"}), attributes="a:b").networks == ("a:b",)


def test_users_may_have_attributes_of_the_same_kind() -> None:
    carried = {**CARRIED, "u1": ["u=a"], "u2": ["u=a"]}
    attributes = {
        **{value: ("item", value[0]) for value in ("g=a", "g=b", "d=x", "d=y")},
        "u=a": ("user", "g"),
    }
    both = build(TAKEN, ITEMS, carried=carried, attributes=attributes)
    one, other = fitted(both).arrays(), fitted(data()).arrays()
    np.testing.assert_array_equal(one["0.vectors"], other["0.vectors"])


def test_an_item_may_carry_hundreds_of_values() -> None:
    carried = {"i0": [f"v={place}" for place in range(500)], "i1": [f"v={place}" for place in range(250, 600)]}
    many = data({**carried, "i2": ["v=1"], "i3": ["v=599"]})
    assert fitted(many).networks == ("v",)


@pytest.mark.parametrize(
    "settings",
    [
        {"embedding_size": 1, "batch_size": 1},
        {"embedding_size": 1, "batch_size": 1, "forms": "distance", "cold": "minimum"},
        {"dropout": 0.999, "embedding_size": 1},
        {"scale": 1e-30},
        {"weight_decay": 1e4},
        {"rebuilt": 0.99},
        {"sampled_above": 1, "sampled_items": 1},
        {"least_masked": 0.999, "most_masked": 0.999},
        {"tower": "autoencoder", "hidden_sizes": ()},
        {**AS_PRINTED, "embedding_size": 1, "hidden_sizes": (2,), "batch_size": 1},
    ],
)
def test_settings_at_their_ends(settings: dict[str, Any]) -> None:
    fitted(data(), **settings)


@pytest.mark.parametrize("forms", ["networks", "distance"])
@pytest.mark.parametrize(
    "taken",
    [
        {"u": dict.fromkeys(ITEMS[:3], 5.0)},
        {f"u{user}": dict.fromkeys(ITEMS, 5.0) for user in range(3)},
        {**TAKEN, "alone": {"i9": 5.0}, "nothing": {}},
    ],
)
def test_few_users(taken: dict[str, dict[str, float]], forms: str) -> None:
    fitted(data(taken=taken), forms=forms)


@pytest.mark.parametrize(
    ("dataset", "settings", "kind", "said"),
    [
        (data({}), {}, ModelError, "no two items carry the same attribute"),
        (data({item: [f"g={item}"] for item in ITEMS}), {}, ModelError, "no two items carry the same attribute"),
        (data({item: ["g=a"] for item in ITEMS}), {"max_share": 0.5}, ModelError, "Raise max_share"),
        (data(taken={f"u{place}": {f"i{place}": 5.0} for place in range(8)}), {}, ModelError, "nobody took two items"),
        (data(taken={"u": {"i0": 5.0, "i3": 5.0}}), {"attributes": "g"}, ModelError, "carry the same value of g"),
        (data(), {"tower": "autoencoder", "threshold": 99}, ModelError, "99 users who took both"),
        (data(names={"g": "co-taken"}), {"all_pairs": True}, UsageError, "like the network of all pairs"),
        (data(), {"attributes": "g,zz"}, UsageError, "no item attribute is of the kind 'zz'"),
        (data(), {"attributes": "g, g"}, UsageError, "named twice"),
    ],
)
def test_what_is_missing_is_said(
    dataset: Dataset, settings: dict[str, Any], kind: type[GraphrecError], said: str
) -> None:
    with pytest.raises(kind, match=said):
        ERAN(epochs=1, embedding_size=4, **settings).fit(dataset)


def test_without_attributes_all_pairs_are_a_network() -> None:
    model = fitted(data({}), all_pairs=True)
    assert model.networks == ("co-taken",)
    assert ways(model, data({})) == {"neighbours:co-taken"}  # and not that others took both


def test_time_masks_need_times() -> None:
    timeless = data()
    seen = timeless.interactions
    some = replace(seen, timestamp=np.where(np.arange(len(seen)) == 3, np.nan, seen.timestamp))
    with pytest.raises(InputError, match="1 of 40 positive interactions have no timestamp"):
        ERAN(epochs=1, time_masks=0.5).fit(timeless.changed(interactions=some))


def test_settings_that_cannot_be_read() -> None:
    for settings in ({"attributes": "a\nb"}, {"forms": "distance,"}, {"scale": float("inf")}):
        with pytest.raises(ValueError, match=r"attributes|forms|scale"):
            ERANConfig(**settings)
