"""Every verb that writes is killed, on an embedded store and beside one; ``tests.killing.embedded`` does it often."""

from __future__ import annotations

import random

import pytest

from tests.killing.embedded import EmbeddedKiller, OutputKiller
from tests.killing.outputs import OUTPUTS
from tests.killing.verbs import EMBEDDED

FEWEST_CALLS = {"split": 1, "train": 3, "recommend --out": 3, "export": 3}
"""Calls that change a folder, at least, of verbs that make few; each verb on a store makes 19 or more."""


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedKiller:
    return EmbeddedKiller(tmp_path_factory.mktemp("stores"))


@pytest.fixture(scope="module")
def others(tmp_path_factory: pytest.TempPathFactory) -> OutputKiller:
    return OutputKiller(tmp_path_factory.mktemp("outputs"))


@pytest.mark.parametrize("verb", sorted(EMBEDDED))
def test_a_verb_killed_between_two_changes_of_the_folder_leaves_it_whole(stores: EmbeddedKiller, verb: str) -> None:
    chance = random.Random(verb)
    numbers = [chance.randrange(1, 9), chance.randrange(9, 20)]
    assert stores.kill_at(verb, numbers) == len(numbers)


@pytest.mark.parametrize("verb", ["forget", "load again"])
def test_a_verb_killed_at_any_moment_leaves_the_store_whole(stores: EmbeddedKiller, verb: str) -> None:
    stores.kill(verb, 2, random.Random(3))


@pytest.mark.parametrize("verb", sorted(OUTPUTS))
def test_an_output_is_the_old_one_or_the_new_one_and_can_be_repeated(others: OutputKiller, verb: str) -> None:
    last = FEWEST_CALLS[verb]
    numbers = sorted({1, last})
    assert others.kill_at(verb, numbers) == len(numbers)
    others.kill(verb, 1, random.Random(5))
