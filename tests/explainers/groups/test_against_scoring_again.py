"""Joint effects of every model are what independent scoring gives, whether attributes go or stay."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from graphrec.dataset.histories import with_histories
from graphrec.dataset.profiles import profiles_of
from graphrec.explainers.groups.explainer import Groups
from graphrec.explaining.joint_effects import scores_without_sets
from graphrec.models.ease import EASE
from graphrec.models.fism.model import FISM
from graphrec.models.indgrm.model import InDGRM
from graphrec.models.neighbours.attribute_knn import AttributeKNN
from graphrec.models.neighbours.item_item import ItemItem
from graphrec.models.neighbours.user_user import UserUser
from graphrec.models.reconet.model import RecoNet
from graphrec.models.resolved.model import Resolved
from graphrec.testing.knowledge import toy_with_knowledge
from tests.explainers.groups.trial import explained, profile_without, switched_off, told

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.model import Model

SMALL: dict[str, Any] = {"embedding_size": 8, "epochs": 8, "learning_rate": 0.02, "device": "cpu"}
MODELS = {
    "ease": lambda: EASE(reg=5.0),
    "reconet": lambda: RecoNet(**SMALL),
    "reconet of items": lambda: RecoNet(item_attributes=False, user_attributes=False, **SMALL),
    "reconet + layer": lambda: RecoNet(hidden_size=12, **SMALL),
    "resolved": lambda: Resolved(item_factors=3, entity_factors=2, batch_size=32, averaging=0.5, **SMALL),
    "item-item": ItemItem,
    "attribute-knn": lambda: AttributeKNN(neighbours=3),
    "fism": lambda: FISM(**SMALL),
    "indgrm": lambda: InDGRM(clusters=3, groups=4, batch_size=8, gate_temperature=0.3, **SMALL),
    "user-user": lambda: UserUser(neighbours=5),
}
ITEMS = [0, 5, 9]


@cache
def fitted(name: str) -> tuple[Dataset, Model]:
    data = toy_with_knowledge(n_users=16, n_items=18)
    return data, MODELS[name]().fit(data)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("attributes", ["go", "stay"])
def test_joint_effects(name: str, attributes: str) -> None:
    data, model = fitted(name)
    users = data.users.ids.to_pylist()[:16]
    items = torch.tensor([ITEMS])
    explanation = explained(
        model, data, [ITEMS] * 16, users=users, reasons=99, against=99, by="attribute,entity", attributes=attributes
    )
    aligned, known = model.align(data)
    compared, other = 0, 0
    for row, user in enumerate(users):
        profile = profiles_of(aligned, known, np.array([row]))
        before, history = model.score(profile, items)[0], data.items.ids.take(profile.items.row(0)).to_pylist()
        own = data.attributes.ids.take(data.user_attributes.row(row)).to_pylist()
        for place in range(len(ITEMS)):
            for group in told(explanation, data, row, place):
                assert len(group.members) >= 2
                if attributes == "stay":
                    after = switched_off(model, profile, data.items.require(group.members).tolist(), items)
                else:
                    after = model.score(profile_without(model, data, user, group.members), items)[0]
                    if name != "user-user":  # to whom a newcomer would be a neighbour of oneself
                        rest = {"new": [item for item in history if item not in group.members]}
                        alone = with_histories(data, rest, {"new": own})
                        newcomer = profiles_of(*model.align(alone), np.array([0]))
                        torch.testing.assert_close(model.score(newcomer, items)[0], after, atol=1e-5, rtol=0)
                expected = float(before[place] - after[place])
                assert group.joint_effect == pytest.approx(expected, abs=1e-5)
                assert sum(group.weights) == pytest.approx(group.joint_effect, abs=1e-5)
                compared += 1
                other += abs(expected) > 1e-3
    assert compared > 100
    assert other > 50


def test_what_goes_off_makes_a_difference_where_attributes_are_inputs() -> None:
    for name, differs in (("ease", False), ("reconet of items", False), ("reconet", True), ("resolved", True)):
        data, model = fitted(name)
        users = data.users.ids.to_pylist()[:16]
        going, staying = (
            explained(model, data, [ITEMS] * 16, users=users, by="attribute,entity", attributes=attributes).chosen.total
            for attributes in ("go", "stay")
        )
        assert ((going - staying).abs().max() > 1e-3) == differs


@pytest.mark.parametrize("name", MODELS)
def test_shares_and_order(name: str) -> None:
    data, model = fitted(name)
    explanation = explained(model, data, [ITEMS] * len(data.users), reasons=3, against=1)
    chosen, sets = explanation.chosen, explanation.sets
    assert sets is not None
    shares = chosen.weights.abs().sum(dim=2) / chosen.total.clamp(min=1e-12)
    assert float(shares.max()) <= 1 + 1e-6
    overlapping = 0
    for user in range(len(data.users)):
        for place in range(len(ITEMS)):
            found = told(explanation, data, user, place)
            assert [group.number for group in found] == list(range(1, len(found) + 1))
            supporting, opposing = ([g for g in found if (g.rank > 0) == positive] for positive in (True, False))
            assert [g.rank for g in supporting] == [1, 2, 3][: len(supporting)]
            assert [g.rank for g in opposing] == [-1][: len(opposing)]
            joint = [g.joint_effect for g in supporting]
            assert joint == sorted(joint, reverse=True)
            assert all(effect > 0 for effect in joint)
            assert all(g.joint_effect < 0 for g in opposing)
            members = [member for group in found for member in group.members]
            overlapping += len(set(members)) < len(members)
    assert overlapping > 10
    nobody = data.users.require(["nobody", "newcomer"]).tolist()
    assert not chosen.valid[nobody].any()


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("attributes", ["go", "stay"])
def test_neither_blocks_nor_other_users_change_an_effect(
    name: str, attributes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, model = fitted(name)
    aligned, known = model.align(data)
    profiles = profiles_of(aligned, known, np.arange(16))
    items = torch.tensor([ITEMS] * 16)
    groups = Groups(attributes=attributes, by="attribute,entity").prepare(model, data)
    taken = groups.groups_of(profiles)
    whole = groups.joint_effects(model, profiles, items, model.score(profiles, items), taken)
    every = model.score(profiles)
    monkeypatch.setattr("graphrec.arrays.bounded_blocks.NUMBERS_AT_ONCE", 200)
    torch.testing.assert_close(
        groups.joint_effects(model, profiles, items, every[:, ITEMS], taken), whole, atol=2e-6, rtol=1e-5
    )
    some = profiles.rows(np.array([9, 3]))
    other = groups.groups_of(some)
    counts = taken.sets.counts(16)
    first = taken.sets.first(16)
    expected = torch.cat([whole[first[row] : first[row] + counts[row]] for row in (9, 3)])
    found = groups.joint_effects(model, some, items[:2], every[[9, 3]][:, ITEMS], other)
    torch.testing.assert_close(found, expected, atol=2e-6, rtol=1e-5)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("attributes", ["go", "stay"])
def test_the_whole_catalogue_is_scored_as_named_items_are(name: str, attributes: str) -> None:
    data, model = fitted(name)
    profiles = profiles_of(*model.align(data), np.arange(16))
    sets = Groups().prepare(model, data).groups_of(profiles).sets
    items = torch.tensor([ITEMS] * 16)
    named = scores_without_sets(model, profiles, items, sets, attributes=attributes)  # type: ignore[arg-type]
    every = scores_without_sets(model, profiles, None, sets, attributes=attributes)  # type: ignore[arg-type]
    assert every.shape == (len(sets), len(data.items))
    torch.testing.assert_close(every[:, ITEMS], named, atol=2e-6, rtol=1e-5)
