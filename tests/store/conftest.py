"""Every test of the store contract runs against both engines, for real."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from graphrec.store.store import Store

ENGINES = ("ladybug", "neo4j", pytest.param("neo4j-newest", marks=pytest.mark.newest))
SERVERS = {"neo4j": "clean_neo4j_store", "neo4j-newest": "clean_newest_neo4j_store"}


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], Store]]:
    """Open an empty store of an engine; one of each may be open at a time."""
    stores: list[Store] = []

    def open_empty(engine: str) -> Store:
        uri = str(tmp_path / "store") if engine == "ladybug" else request.getfixturevalue(SERVERS[engine])
        stores.append(open_store(uri))
        return stores[-1]

    yield open_empty
    for store in stores:
        store.close()


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, opened: Callable[[str], Store]) -> Store:
    """Return an empty store of each engine in turn."""
    return opened(request.param)
