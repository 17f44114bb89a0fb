"""The store contract: measured effects are written into a run, whole or not at all, on both engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from graphrec.errors import InputError, UnknownIdError
from graphrec.store.embedded import writing
from graphrec.store.embedded.embedded_store import EmbeddedStore
from graphrec.store.neo4j import effect_writer as neo4j_effects
from graphrec.store.neo4j.neo4j_store import Neo4jStore
from graphrec.tables.effects import EFFECTS
from tests.cypher.small_graph import SCIFI, SPACE, reason, table
from tests.store.content import current, everything, load_small, rows_of, write_small_runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

    from graphrec.store.store import Store

KEY = ("label", "evidence", "method", "via", "set")


def effect(user: str, item: str, label: str, evidence: str, value: float, via: str = "self") -> dict[str, object]:
    return reason(user, item, label, evidence, "", 0, 0, 0, value, via=via)


def batch(*rows: dict[str, object]) -> pa.Table:
    return table(list(rows), EFFECTS)


NEW = (
    effect("ada", "dune", "Item", "alien", 7.0, SPACE),
    effect("ada", "dune", "Attribute", SCIFI, 8.0),
    effect("ada", "dune", "Factor", "fit-1/0", 9.0, SPACE),
    effect("ben", "blade", "Item", "alien", -1.5),
)


def stored(store: Store, run: str) -> dict[tuple[str, str, str], float | None]:
    """Return the effects of a run as the graph has them."""
    rows = store.query(
        "MATCH (x)-[e:EXPLAINS]->(r:Recommendation) WHERE r.run = $run "
        "RETURN r.user AS user, r.item AS item, x.id AS evidence, e.effect AS effect",
        {"run": run},
    )
    return {(u, i, x): None if value != value else value for u, i, x, value in rows.to_numpy()}


def expected(before: dict[Any, float | None]) -> dict[Any, float | None]:
    return {**before, **{(row["user"], row["item"], row["evidence"]): row["effect"] for row in NEW}}


@pytest.fixture
def written(store: Store) -> Store:
    load_small(store)
    write_small_runs(store)
    return store


def test_effects_take_the_place_of_the_old_ones_and_nothing_else_changes(written: Store) -> None:
    before, other, runs = stored(written, "new"), stored(written, "old"), written.runs()
    told: list[tuple[str, int, int]] = []
    assert written.write_effects("new", [batch(*NEW[:3]), batch(NEW[3])], lambda *said: told.append(said)) == 4
    assert stored(written, "new") == expected(before)
    assert stored(written, "old") == other
    assert written.runs() == runs
    assert current(written) == ["new"]
    assert told
    read = [row for part in written.read_run("new") for row in part.reasons.to_pylist()]
    assert {(r["user"], r["item"], r["evidence"]): r["effect"] for r in read} == expected(before)
    assert written.check().sound


def test_everything_but_the_effects_stays_as_it_was(written: Store) -> None:
    def without_effects() -> dict[str, list[Any]]:
        return {k: [[p for p in row if p[0] != "effect"] for row in rows] for k, rows in everything(written).items()}

    before = without_effects()
    written.write_effects("new", [batch(*NEW)])
    after = without_effects()
    assert {k: sorted(rows, key=repr) for k, rows in after.items()} == {
        k: sorted(rows, key=repr) for k, rows in before.items()
    }


def test_the_same_again_changes_nothing(written: Store) -> None:
    written.write_effects("new", [batch(*NEW)])
    held = everything(written)
    assert written.write_effects("new", iter([batch(*NEW)])) == 4
    assert everything(written) == held
    assert written.write_effects("new", []) == 0
    assert written.write_effects("new", [EFFECTS.empty_table()]) == 0
    assert everything(written) == held


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ((*NEW, effect("ada", "dune", "Item", "fargo", 1.0)), "no such reason: Item 'fargo'"),
        ((*NEW, effect("ada", "dune", "Entity", "alien", 1.0)), "no such reason: Entity 'alien'"),
        ((*NEW, effect("ada", "dune", "Item", "alien", 1.0, "profile")), "no such reason: Item 'alien'"),
        ((*NEW, effect("ada", "fargo", "Item", "casa", 1.0)), "no such reason: Item 'casa'"),
        ((*NEW, NEW[0]), "twice"),
        ((*NEW, effect("cat", "alien", "Item", "blade", float("nan"))), "no finite number"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(
    written: Store, rows: tuple[dict[str, object], ...], says: str
) -> None:
    held = everything(written)
    with pytest.raises(InputError, match=says):
        written.write_effects("new", [batch(*rows)])
    assert everything(written) == held
    with pytest.raises(UnknownIdError, match="'nobody'"):
        written.write_effects("nobody", [batch(*NEW)])
    written.write_effects("new", [batch(*NEW)])
    assert stored(written, "new")["ada", "dune", "alien"] == 7.0


def test_a_source_that_breaks_off_changes_nothing(written: Store) -> None:
    def breaking() -> Iterator[pa.Table]:
        yield batch(*NEW)
        raise OSError("gone")

    held = everything(written)
    with pytest.raises(OSError, match="gone"):
        written.write_effects("new", breaking())
    assert everything(written) == held


def test_kept_tables_follow_and_a_rebuild_keeps_the_effects(tmp_path: Any) -> None:
    with EmbeddedStore(tmp_path / "store") as store:
        load_small(store)
        write_small_runs(store)
        before = stored(store, "new")
        store.write_effects("new", [batch(*NEW)])
        store.write_effects("new", [batch(effect("cat", "alien", "Item", "blade", 0.25))])
        held = everything(store)
        store.rebuild()
        assert everything(store) == held
        assert stored(store, "new") == {**expected(before), ("cat", "alien", "blade"): 0.25}
    kept = [path.name for path in (tmp_path / "store" / "tables").rglob("EXPLAINS.Item*")]
    assert len(kept) == 2


@pytest.mark.parametrize("moment", ["before the manifest", "after the manifest"])
def test_an_embedded_store_has_the_old_effects_or_the_new_after_a_crash(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    write = writing.write_manifest

    def crashing(*arguments: Any) -> None:
        if moment == "after the manifest":
            write(*arguments)
        raise KeyboardInterrupt

    with EmbeddedStore(tmp_path / "store") as store:
        load_small(store)
        write_small_runs(store)
        before = stored(store, "new")
        with monkeypatch.context() as patch:
            patch.setattr(writing, "write_manifest", crashing)
            with pytest.raises(KeyboardInterrupt):
                store.write_effects("new", [batch(*NEW)])
    with EmbeddedStore(tmp_path / "store") as store:
        assert stored(store, "new") == (before if moment == "before the manifest" else expected(before))
        assert store.check().sound
        store.write_effects("new", [batch(*NEW)])
        assert stored(store, "new") == expected(before)


def crash_at(monkeypatch: pytest.MonkeyPatch, store: Neo4jStore, name: str, after: int) -> None:
    """Let the connection die for good at a statement: nothing is cleaned up, as after a kill."""
    text, connection = neo4j_effects._text(name), store._connection
    dead = [False]
    seen = [0]

    def dying(method: str) -> Any:
        whole = getattr(connection, method)

        def call(first: Any, /, **parameters: Any) -> Any:
            if first == text:
                seen[0] += 1
                dead[0] = dead[0] or seen[0] > after
            if dead[0] and "StoreLock" not in str(first):
                raise KeyboardInterrupt
            return whole(first, **parameters)

        return call

    for method in ("read", "write", "bulk"):
        monkeypatch.setattr(connection, method, dying(method))


def test_a_crash_while_effects_are_staged_is_seen_by_nobody(
    clean_neo4j_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Neo4jStore(clean_neo4j_store) as store:
        load_small(store)
        write_small_runs(store)
        before = stored(store, "new")
        monkeypatch.setattr(neo4j_effects, "STAGED_AT_ONCE", 2)
        calls = [0]
        stage = neo4j_effects.EffectWriter._stage_part

        def dying(self: Any, tx: Any, rows: pa.Table) -> None:
            calls[0] += 1
            if calls[0] == 2:
                raise KeyboardInterrupt
            stage(self, tx, rows)

        with monkeypatch.context() as patch:
            patch.setattr(neo4j_effects.EffectWriter, "_stage_part", dying)
            crash_at(patch, store, "effects_unfinished", 1)
            with pytest.raises(KeyboardInterrupt):
                store.write_effects("new", [batch(*NEW)])
        staged = "MATCH ()-[e:EXPLAINS]->() WHERE e.effect_staged IS NOT NULL RETURN count(*) AS n"
        assert store.query(staged)["n"][0] == 2
        assert stored(store, "new") == before
        assert current(store) == ["new"]
        store.use_run("old")
        assert store.query(staged)["n"][0] == 0
        assert stored(store, "new") == before
        store.write_effects("new", [batch(*NEW)])
        assert stored(store, "new") == expected(before)


def test_too_many_for_one_transaction_hide_the_run_until_they_are_through(
    clean_neo4j_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Neo4jStore(clean_neo4j_store) as store:
        load_small(store)
        write_small_runs(store)
        before = stored(store, "new")
        monkeypatch.setattr(neo4j_effects, "FLIPPED_AT_ONCE", 3)
        with monkeypatch.context() as patch:
            crash_at(patch, store, "effects_flip_many", 0)
            with pytest.raises(KeyboardInterrupt):
                store.write_effects("new", [batch(*NEW)])
        assert [run.id for run in store.runs()] == ["old"]
        assert current(store) == []
        with pytest.raises(UnknownIdError, match="no current run"):
            store.run()
        store.use_run("new")
        assert [(run.id, run.current) for run in store.runs()] == [("new", True), ("old", False)]
        assert stored(store, "new") == expected(before)
        assert current(store) == ["new"]
        store.write_effects("new", [batch(effect("cat", "alien", "Item", "blade", 0.25), *NEW[1:])])
        assert stored(store, "new")["cat", "alien", "blade"] == 0.25
        extra = "MATCH (r:Run) RETURN count(r.effects) AS marked"
        assert store.query(extra)["marked"][0] == 0


def test_both_engines_hold_the_same(opened: Any) -> None:
    held = []
    for engine in ("ladybug", "neo4j"):
        store = opened(engine)
        load_small(store)
        write_small_runs(store)
        store.write_effects("new", [batch(*NEW)])
        held.append(rows_of([part.reasons for part in store.read_run("new")]))
    assert held[0] == held[1]
