"""Every verb that writes is killed; ``python -m tests.killing.neo4j --count 50`` does so many more times."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from tests.killing.kills import Killer
from tests.killing.neo4j import emptied
from tests.killing.verbs import VERBS

if TYPE_CHECKING:
    from pathlib import Path

KILLS = 1


@pytest.fixture(scope="module")
def killer(neo4j_uri: str, tmp_path_factory: pytest.TempPathFactory) -> Killer:
    folder: Path = tmp_path_factory.mktemp("killing")
    return Killer(lambda: emptied(neo4j_uri), folder)


@pytest.mark.parametrize("verb", VERBS)
def test_a_killed_verb_leaves_the_store_whole_and_is_completed(killer: Killer, verb: str) -> None:
    killer.kill(verb, KILLS, random.Random(verb))
