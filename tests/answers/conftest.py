"""The small graph with its runs, in a real store of each engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.store.opening import open_store
from tests.cypher import small_graph
from tests.store.content import copied_small, load_small, write_small_runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from graphrec.store.store import Store


@pytest.fixture(params=["ladybug", "neo4j"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A store that holds the small graph and its runs ``old`` and ``new``, the latter current."""
    if request.param == "ladybug":
        copied_small(tmp_path / "store")
        with open_store(tmp_path / "store") as opened:
            write_small_runs(opened, small_graph.new_run)
            yield opened
        return
    with open_store(request.getfixturevalue("clean_neo4j_store")) as opened:
        load_small(opened)
        write_small_runs(opened, small_graph.new_run)
        yield opened
