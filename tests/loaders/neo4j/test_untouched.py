"""The owner's graph is only read, and graphrec's own may lie beside it under one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import neo4j
import pytest

from graphrec.errors import StoreError, UsageError
from graphrec.store.neo4j import Neo4jStore
from graphrec.store.neo4j.connection import Connection
from graphrec.store.opening import open_store
from tests.loaders.neo4j.shop import KNOWLEDGE, ORDERS, load_by, owner
from tests.store.neo4j.foreign_graphs import graph, schema

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.loading.contract import Loaded


def test_nothing_of_the_owner_s_changes_and_every_session_reads(
    shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    modes = []
    original = neo4j.Driver.session

    def session(self: neo4j.Driver, **config: object) -> neo4j.Session:
        modes.append(config["default_access_mode"])
        return original(self, **config)

    with owner(shop) as own:
        before = graph(own), schema(own)
        monkeypatch.setattr(neo4j.Driver, "session", session)
        loaded = load_by(shop, ORDERS + KNOWLEDGE, tmp_path)
        monkeypatch.undo()
        assert len(before[0]) == 13 + 18  # nodes and relationships
        assert (graph(own), schema(own)) == before
    assert set(modes) == {neo4j.READ_ACCESS}
    with open_store(tmp_path / "store") as store:
        store.load(loaded.tables, loaded.info)
        assert [dataset.id for dataset in store.datasets()] == ["shop"]


def test_the_server_refuses_to_write_in_such_sessions(shop: str) -> None:
    connection = Connection(shop, username=None, password=None)
    try:
        with pytest.raises(UsageError, match="only reads"):
            connection.read("CREATE (:Customer)")
        with pytest.raises(UsageError, match="only reads"):
            list(connection.stream("CREATE (:Customer)"))
    finally:
        connection.close()


def _both(shop: str, folder: Path) -> tuple[Loaded, Loaded]:
    """Load the shop, into the database where it lies, and once more from there."""
    first = load_by(shop, ORDERS + KNOWLEDGE, folder)
    with Neo4jStore(shop) as store:
        assert store.load(first.tables, first.info).changed
        again = load_by(shop, ORDERS + KNOWLEDGE, folder)
        assert not store.load(again.tables, again.info).changed
        assert store.check().sound
    return first, again


def test_beside_the_owner_s_graph_where_no_label_is_shared(shop: str, tmp_path: Path) -> None:
    with owner(shop) as own:
        before = graph(own)
        first, again = _both(shop, tmp_path)
        after = graph(own)
        assert {element: after[element] for element in before} == before
        assert own.run("MATCH (n:Item) RETURN count(n) AS n").single(strict=True)["n"] == 3
        joined = own.run("MATCH (n:Item)--(m) WHERE m:Product OR m:Customer RETURN count(*) AS n").single(strict=True)
        assert joined["n"] == 0
    assert str(again.report) == str(first.report)


def test_a_shared_label_is_refused_before_anything_is_written(shop: str, tmp_path: Path) -> None:
    with owner(shop) as own:
        own.run("MATCH (n:Product) SET n:Item").consume()
        loaded = load_by(
            shop, ORDERS.replace('label = "Product"', 'label = "Item"').replace(":Product", ":Item"), tmp_path
        )
        before = graph(own), schema(own)
        with Neo4jStore(shop) as store, pytest.raises(StoreError, match=r"Item \(3\).*Name another database"):
            store.load(loaded.tables, loaded.info)
        assert (graph(own), schema(own)) == before
    with open_store(tmp_path / "store") as store:
        assert store.load(loaded.tables, loaded.info).rows["Item"] == 3
