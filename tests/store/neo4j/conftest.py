"""A Neo4j database with nothing in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.store.neo4j.foreign_graphs import bare

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def bare_neo4j(neo4j_uri: str) -> Iterator[str]:
    """A database with nothing in it, not even constraints; and so it is left."""
    yield bare(neo4j_uri)
    bare(neo4j_uri)
