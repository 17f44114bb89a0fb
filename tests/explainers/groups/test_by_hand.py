"""Groups worked out by hand on six films."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from graphrec.dataset.profiles import profiles_of
from graphrec.explainers.groups.explainer import Groups
from graphrec.models.ease import EASE
from graphrec.testing.toy import build
from tests.explainers.groups.trial import explained, told
from tests.explainers.handmade import Handmade

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.model import Model

FILMS = ["alien", "birds", "carrie", "dune", "eva", "fargo"]
KINDS = {
    "item.genre=Horror": ("item", "genre"),
    "item.genre=Space": ("item", "genre"),
    "item.genre=Old": ("item", "genre"),
    "item.director=Scott": ("item", "director"),
    "user.age=old": ("user", "age"),
}
CARRIED = {
    "alien": ["item.genre=Horror", "item.genre=Space", "item.director=Scott"],
    "birds": ["item.genre=Horror", "item.genre=Old"],
    "carrie": ["item.genre=Horror"],
    "dune": ["item.genre=Space", "item.genre=Old", "item.director=Scott"],
    "ann": ["user.age=old"],
}
TAKEN = {"ann": {"alien": 5, "birds": 5, "dune": 5, "eva": 5}, "ben": {"alien": 5, "dune": 5}, "cid": {"eva": 5}}
EVA = 4
TO_FARGO = [1.0, 2.0, 9.0, -5.0, 0.25, 0.0]
"""What each film adds to the score of Fargo."""


@pytest.fixture
def data() -> Dataset:
    return build(TAKEN, FILMS, carried=CARRIED, attributes=KINDS)


def summing(data: Dataset) -> EASE:
    model = EASE().fit(data)
    table = np.zeros((6, 6), dtype=np.float32)
    table[:, 5] = TO_FARGO
    table[1, 4] = 8.0
    model.restore({"item_weights": table})
    return model


def test_a_sum(data: Dataset) -> None:
    """Ann's horror films are Alien and Birds: 1 + 2. By Scott, and in space, Alien and Dune: 1 − 5. Old: 2 − 5."""
    model = summing(data)
    explanation = explained(model, data, [[5]], users=["ann"], against=10)
    found = told(explanation, data)
    assert [(s.number, s.group, s.rank, s.members, s.weights, s.joint_effect) for s in found] == [
        (1, "attribute:item.genre=Horror", 1, ("alien", "birds"), (1.5, 1.5), 3.0),
        (2, "attribute:item.genre=Space", -1, ("alien", "dune"), (-2.0, -2.0), -4.0),
        (3, "attribute:item.director=Scott", -2, ("alien", "dune"), (-2.0, -2.0), -4.0),
        (4, "attribute:item.genre=Old", -3, ("birds", "dune"), (-1.5, -1.5), -3.0),
    ]
    assert [s.name for s in found][:2] == ["genre Horror", "genre Space"]
    assert explanation.chosen.total.tolist() == [[14.0]]
    assert explanation.effects[0, 0].tolist() == [1, 2, 1, -5, 1, -5, 2, -5], "each member's own effect"


def test_few_reasons_are_the_strongest_groups_and_their_members(data: Dataset) -> None:
    explanation = explained(summing(data), data, [[5, 4]], users=["ann"], reasons=1, against=1)
    assert [(s.number, s.group, s.rank) for s in told(explanation, data)] == [
        (1, "attribute:item.genre=Horror", 1),
        (2, "attribute:item.genre=Space", -1),
    ]
    assert [(s.number, s.group, s.rank, s.joint_effect) for s in told(explanation, data, place=1)] == [
        (1, "attribute:item.genre=Horror", 1, 8.0)
    ], "of equal ones the lower comes first, and nothing opposes Eva"
    assert explanation.chosen.total.tolist() == [[14.0, 16.0]], "groups that are not shown count in the shares"
    assert explanation.evidence.weights.shape == (1, 2, 4), "members of the two groups that are shown"


def test_a_hidden_kind_names_no_group(data: Dataset) -> None:
    explanation = explained(summing(data), data, [[5]], users=["ann"], against=10, hidden="genre")
    assert [(s.group, s.rank) for s in told(explanation, data)] == [("attribute:item.director=Scott", -1)]
    assert explanation.chosen.total.tolist() == [[14.0]]


def test_one_kind_alone(data: Dataset) -> None:
    explanation = explained(summing(data), data, [[5]], users=["ann"], against=10, by="attribute:director")
    assert [s.group for s in told(explanation, data)] == ["attribute:item.director=Scott"]
    assert explanation.chosen.total.tolist() == [[4.0]]


def test_lists_and_sizes(data: Dataset) -> None:
    """Ann took one film of the first list, two of the second, and three of the third."""
    asked: dict[str, Any] = {"users": ["ann"], "against": 5, "by": "list", "lists": LISTS}
    alone = told(explained(summing(data), data, [[5]], smallest=1, largest=1, **asked), data)
    assert [(s.group, s.name, s.members, s.joint_effect) for s in alone] == [("list:late", "late", ("eva",), 0.25)]
    assert [
        (s.group, s.members, s.joint_effect) for s in told(explained(summing(data), data, [[5]], **asked), data)
    ] == [
        ("list:early", ("alien", "birds"), 3.0),
        ("list:three", ("alien", "birds", "dune"), -2.0),
    ]
    two = told(explained(summing(data), data, [[5]], largest=2, **asked), data)
    assert [s.group for s in two] == ["list:early"], "a group of three is left out, not cut"


LISTS = {"late": ("eva", "fargo"), "early": ("carrie", "alien", "birds"), "three": ("alien", "birds", "dune")}


def test_all_that_somebody_took_is_no_group(data: Dataset) -> None:
    """Ben took Alien and Dune, both in space and by Scott; Cid took Eva alone."""
    everybody = explained(summing(data), data, [[5]] * 3, against=10)
    assert told(everybody, data, user=1) == told(everybody, data, user=2) == []
    assert len(told(everybody, data, user=0)) == 4
    nobody = explained(summing(data), data, [[5]] * 2, users=["ben", "cid"], against=10)
    assert nobody.chosen.valid.shape == (2, 1, 0)
    assert nobody.chosen.total.tolist() == [[0.0], [0.0]]


class Counting(Handmade):
    """The score is the number of taken items, ten for each attribute that they carry, a hundred for the user's own."""

    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        worth = profiles.items.counts + 10 * profiles.reached_attributes.counts + 100 * profiles.user_attributes.counts
        every = torch.from_numpy(worth.astype(np.float32))[:, None].repeat(1, 6)
        return every if items is None else every.gather(1, items)


def test_what_goes_with_a_group(data: Dataset) -> None:
    """Without Alien and Dune Ann is one with Birds and Eva: Space and Scott go with them, Horror and Old stay."""
    model: Model = Counting(np.zeros((6, 6))).fit(data)
    going = told(explained(model, data, [[5]], users=["ann"], by="attribute:director"), data)
    assert [s.joint_effect for s in going] == [2.0 + 20.0]
    old = told(explained(model, data, [[5]], users=["ann"], by="list", lists={"x": ("birds", "dune")}), data)
    assert [s.joint_effect for s in old] == [2.0 + 10.0], "Old; Alien is in space, a horror film, and by Scott"


def test_a_mean(data: Dataset) -> None:
    """Ann scores (1 + 2 − 5 + .25) / 4 = −.4375; without the horror films (−5 + .25) / 2 = −2.375."""
    table = np.zeros((6, 6))
    table[:, 5] = TO_FARGO
    model: Model = Handmade(table, mean=True).fit(data)
    for attributes in ("go", "stay"):
        explanation = explained(model, data, [[5]], users=["ann"], reasons=1, attributes=attributes)
        (best,) = told(explanation, data)[:1]
        assert (best.group, best.joint_effect) == ("attribute:item.genre=Horror", -0.4375 + 2.375)


def test_weights_of_items_are_their_parts_of_all_groups(data: Dataset) -> None:
    """Alien has 3/2 of Horror and −4/2 of Space and of Scott; Birds 3/2 and −3/2 of Old; Dune −4/2 twice and −3/2."""
    model = summing(data)
    profiles = profiles_of(*model.align(data), np.arange(3))
    found = Groups().prepare(model, data).weigh(model, profiles, torch.tensor([[5]] * 3))
    assert found.weights[0, 0].tolist() == [1.5 - 2 - 2, 1.5 - 1.5, -2 - 2 - 1.5, 0.0]
    assert not found.weights[1:].any()
