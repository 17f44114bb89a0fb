"""A load counts what it changes, so that the rest of the store is not read again; a half-replaced data set says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError
from graphrec.store.content import content_fingerprint, data_batches
from graphrec.store.neo4j import Neo4jStore
from graphrec.store.neo4j.content_record import decoded, encoded, recorded_content
from graphrec.tables.fingerprint import Fingerprint, PartHash
from tests.killing import verbs

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def store(clean_neo4j_store: str) -> Iterator[Neo4jStore]:
    with Neo4jStore(clean_neo4j_store) as opened:
        yield opened


def counted(store: Neo4jStore) -> Fingerprint:
    return content_fingerprint(data_batches(store), store.datasets(), None)


def recorded(store: Neo4jStore) -> Fingerprint | None:
    return recorded_content(store._dataset_rows()[0])


def test_a_record_is_read_back_and_holds_while_it_fits_the_fingerprint() -> None:
    content = Fingerprint({"User": PartHash(2, 2**64 - 1), "Item": PartHash(0, 0)})
    assert decoded(encoded(content)) is not None
    row = {"parts": encoded(content), "status": "complete", "fingerprint": content.text()}
    known = recorded_content(row)
    assert known is not None
    assert known.parts == {"User": PartHash(2, 2**64 - 1)}
    assert recorded_content({**row, "fingerprint": "of an earlier graphrec"}) is None
    assert recorded_content({**row, "fingerprint": "", "status": "loading"}) is not None
    assert recorded_content({"status": "complete", "fingerprint": ""}) is None


def test_it_follows_every_change_of_the_data(store: Neo4jStore) -> None:
    for change in (verbs.load, verbs.load_again, verbs.replace, verbs.load_again, verbs.forget, verbs.load):
        change(store)
        known = recorded(store)
        assert known is not None
        assert known.parts == counted(store).parts, change.__name__
        assert known.text() == store.data_fingerprint()


def test_a_later_load_reads_the_rows_of_its_keys_alone(store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    verbs.load(store)

    def refused(*_: object, **__: object) -> None:
        raise AssertionError("all rows are read")

    with monkeypatch.context() as patch:
        patch.setattr(Neo4jStore, "read_edges", refused)
        patch.setattr(Neo4jStore, "read_nodes", refused)
        assert store.load(verbs.tables(verbs.USERS + 1), verbs.INFO).added["User"] == 1
    assert store.data_fingerprint() == store.fingerprint()


def test_without_a_record_all_is_read_once(store: Neo4jStore) -> None:
    verbs.load(store)
    store._connection.write("MATCH (d:Dataset) SET d.parts = null")
    verbs.load_again(store)
    assert store.data_fingerprint() == store.fingerprint()
    known = recorded(store)
    assert known is not None
    assert known.parts == counted(store).parts


def test_what_is_half_replaced_takes_no_other_load(store: Neo4jStore, monkeypatch: pytest.MonkeyPatch) -> None:
    verbs.load(store)
    with monkeypatch.context() as patch:
        patch.setattr("graphrec.store.neo4j.replacing.put_edges", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            verbs.replace(store)
    with pytest.raises(InputError, match=r"'many' was left half-replaced.*--replace"):
        verbs.load(store)
    with pytest.raises(InputError, match="half-replaced"):
        store.load(verbs.tables(), replace(verbs.INFO, id="more", base="many"))
    verbs.replace(store)
    held = store.fingerprint()
    assert held == store.data_fingerprint()
    assert store.check().sound


def _interrupted(*_: object) -> None:
    raise KeyboardInterrupt
