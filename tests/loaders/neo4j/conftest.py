"""A Neo4j that holds the owner's shop and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.loaders.neo4j.shop import SHOP, owner
from tests.store.neo4j.foreign_graphs import bare

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def shop(neo4j_uri: str) -> Iterator[str]:
    """The address of a server that holds the shop; it is left empty."""
    bare(neo4j_uri)
    with owner(neo4j_uri) as own:
        own.run(SHOP).consume()
    yield neo4j_uri
    bare(neo4j_uri)
