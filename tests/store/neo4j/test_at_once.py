"""Writers and readers at once; ``python -m tests.killing.at_once --seconds 60`` goes on for longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.store.neo4j import Neo4jStore
from tests.killing import verbs
from tests.killing.at_once import run_at_once, unforeseen

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 10


def test_every_outcome_is_an_answer_or_a_foreseen_sentence(clean_neo4j_store: str, tmp_path: Path) -> None:
    outcomes = run_at_once(clean_neo4j_store, SECONDS, tmp_path)
    assert unforeseen(outcomes) == []
    assert len(outcomes) > 4
    with Neo4jStore(clean_neo4j_store) as store:
        verbs.load(store)
        assert store.check().findings == ()
