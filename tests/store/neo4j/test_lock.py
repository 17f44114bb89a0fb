"""Two writers: both complete, or one is told; never a mixture."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from graphrec.errors import StoreLockedError
from graphrec.store.neo4j import Neo4jStore
from tests.store.content import everything, load_small
from tests.store.neo4j import writer

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK = "MERGE (l:StoreLock {id: 'writer'}) SET l += $lock, l.until = timestamp() + $left"
ELSEWHERE = {"owner": "somebody", "host": "elsewhere", "process": "process 7"}


@pytest.fixture
def two(clean_neo4j_store: str) -> Iterator[tuple[Neo4jStore, Neo4jStore]]:
    with Neo4jStore(clean_neo4j_store) as one, Neo4jStore(clean_neo4j_store) as other:
        yield one, other


def put_lock(store: Neo4jStore, left: int, **properties: str) -> None:
    store._connection.write(LOCK, lock={**ELSEWHERE, **properties}, left=left)


def test_a_second_writer_is_told_and_the_first_completes(two: tuple[Neo4jStore, Neo4jStore]) -> None:
    one, other = two
    fingerprint = load_small(one)
    told: list[str] = []

    def batches() -> Iterator[writer.Explanations]:
        with pytest.raises(StoreLockedError) as refused:
            load_small(other)
        told.append(str(refused.value))
        yield from ()

    one.write_run(writer.described("first", fingerprint), batches())
    assert "another process is writing to the store" in told[0]
    assert one.run().id == "first"
    load_small(other)


def test_two_writers_at_once_never_mix(two: tuple[Neo4jStore, Neo4jStore]) -> None:
    barrier = threading.Barrier(2)
    outcomes: list[str] = []

    def load(store: Neo4jStore) -> None:
        barrier.wait()
        try:
            store.load(writer.tables(), writer.INFO)
            outcomes.append("done")
        except StoreLockedError:
            outcomes.append("told")

    threads = [threading.Thread(target=load, args=(store,)) for store in two]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) in (["done", "done"], ["done", "told"])
    assert len(everything(two[0])["(User)-[:INTERACTED]->(Item)"]) == writer.USERS * writer.DEGREE
    assert two[0].fingerprint() == two[0].data_fingerprint()


def test_a_lock_elsewhere_holds_until_its_lease_ends(two: tuple[Neo4jStore, Neo4jStore]) -> None:
    put_lock(two[0], 20_000)
    with pytest.raises(StoreLockedError, match=r"process 7 on elsewhere.*ends within \d+ s"):
        load_small(two[0])
    put_lock(two[0], -1)
    load_small(two[0])
    assert two[0].query("MATCH (l:StoreLock) RETURN l").empty


def test_a_writer_that_lost_its_lock_writes_nothing_more(two: tuple[Neo4jStore, Neo4jStore]) -> None:
    one, other = two
    fingerprint = one.load(writer.tables(), writer.INFO).dataset.fingerprint

    def batches() -> Iterator[writer.Explanations]:
        for number, batch in enumerate(writer.batches()):
            if number == 1:
                put_lock(other, 20_000)
            yield batch

    with pytest.raises(StoreLockedError, match="took over"):
        one.write_run(writer.described("first", fingerprint), batches())
    assert one.runs() == []
    assert list(one.query("MATCH (l:StoreLock) RETURN l.owner AS owner")["owner"]) == ["somebody"]
