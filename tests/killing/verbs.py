"""Every verb that writes, on data that is the same each time, for stores of both engines.

``BEFORE[verb]`` makes of an empty store the one that the verb is to change; ``VERBS[verb]`` changes it.
"""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

import graphrec as gr
from graphrec.errors import UnknownIdError
from graphrec.schema import EdgeKind
from graphrec.store.copying import copy_store
from graphrec.tables import DatasetInfo, GraphTables
from graphrec.tables.effects import EFFECTS
from tests.store.content import everything, rows_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.refreshing.rules import Wish
    from graphrec.store.store import Store

USERS, ITEMS, DEGREE = 60, 40, 8
INTERACTED, HAS_ATTRIBUTE = EdgeKind("INTERACTED", "User", "Item"), EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
INFO = DatasetInfo("many", "Many", "tests")
PERSON = "u003"


def tables(users: int = USERS) -> GraphTables:
    """Return users with 8 of 40 items each, and one of four genres for each item."""
    rng = np.random.default_rng(0)
    user_ids, item_ids = [f"u{n:03}" for n in range(users)], [f"i{n:02}" for n in range(ITEMS)]
    taken = np.argsort(rng.random((users, ITEMS)), axis=1)[:, :DEGREE].ravel()
    genres = [f"item.genre=g{n}" for n in range(4)]
    interacted = {
        "from": pa.array(np.repeat(user_ids, DEGREE)),
        "to": pa.array(np.asarray(item_ids)[taken]),
        "rating": rng.integers(1, 6, users * DEGREE).astype(float),
        "weight": np.ones(users * DEGREE),
    }
    of_genre = {"from": pa.array(item_ids), "to": pa.array([genres[n % 4] for n in range(ITEMS)])}
    attributes = {"id": genres, "name": genres, "owner": ["item"] * 4, "kind": ["genre"] * 4, "value": genres}
    return GraphTables(
        {
            "User": pa.table({"id": user_ids, "name": user_ids}),
            "Item": pa.table({"id": item_ids, "name": item_ids}),
            "Attribute": pa.table(attributes),
        },
        {INTERACTED: pa.table(interacted), HAS_ATTRIBUTE: pa.table(of_genre)},
    )


def small_batches() -> None:
    """Make the batches of Neo4j small, so that there are moments between batches."""
    from graphrec.store.neo4j import effect_writer, packing, run_batches, run_reading

    packing.BATCH_ROWS = 60
    run_batches.RECOMMENDATIONS_A_BATCH = 40
    effect_writer.STAGED_AT_ONCE, effect_writer.FLIPPED_AT_ONCE = 200, 100
    run_reading.USERS_A_BATCH = 20


def load(store: Store) -> None:
    """Load the data."""
    store.load(tables(), INFO)


def load_again(store: Store) -> None:
    """Load more users, and other ratings."""
    store.load(tables(USERS + 10), INFO)


def replace(store: Store) -> None:
    """Put data in the place of what is there: some people and items go, other ratings and people come."""
    whole = tables(USERS + 10)
    gone = {f"u{n:03}" for n in range(0, USERS, 4)} | {"i07", "i39"}
    nodes = {label: _without(table, gone, "id") for label, table in whole.nodes.items()}
    edges = {kind: _without(table, gone, "from", "to") for kind, table in whole.edges.items()}
    store.replace(GraphTables(nodes, edges), INFO)


def _without(table: pa.Table, ids: set[str], *columns: str) -> pa.Table:
    named = [np.isin(table.column(column).to_pylist(), sorted(ids)) for column in columns]
    return table.filter(pa.array(~np.any(named, axis=0)))


def recommend(store: Store, reg: float = 5.0) -> str:
    """Write a run, and return its id."""
    dataset = gr.Dataset.from_store(store)
    return gr.recommend(gr.models.EASE(reg=reg).fit(dataset), dataset, k=3).write(store).run.id


def use(store: Store, run: str) -> None:
    """Make a run the current one."""
    store.use_run(run)


def delete(store: Store, run: str) -> None:
    """Remove a run; one that is gone already is what was wanted."""
    with suppress(UnknownIdError):
        store.delete_runs([run])


def keep(store: Store) -> None:
    """Remove all runs but the current one; of two in one second, either may count as the newest."""
    store.keep_runs(0)


def forget(store: Store) -> None:
    """Remove a person; one who is gone already is what was wanted."""
    with suppress(UnknownIdError):
        store.forget(PERSON)


def refresh(store: Store, fit: str, how: Wish) -> None:
    """Bring the current run up to the data, and keep no other."""
    gr.refresh(store, fit, fit=how, keep_runs=1)


def write_effects(store: Store) -> None:
    """Give every reason of the current run an effect of its own."""
    run = store.run()
    batches = []
    for batch in store.read_run(run.id):
        reasons = batch.reasons
        plain = {
            name: reasons[name].cast(pa.string()) for name in ("user", "item", "label", "evidence", "method", "via")
        }
        effect = pa.array(reasons["rank"].to_numpy() / 2)
        columns = {**plain, "set": reasons["set"], "effect": effect}
        batches.append(pa.table({name: columns[name] for name in EFFECTS.names}).cast(EFFECTS))
    store.write_effects(run.id, batches)


def copy(store: Store, source: str) -> None:
    """Copy an embedded store with two runs into this one."""
    with gr.open_store(source, read_only=True) as other:
        copy_store(other, store)


def with_two_runs(store: Store) -> None:
    """Load, and write two runs; the second is current."""
    load(store)
    recommend(store, 1.0)
    recommend(store)


def with_one_run(store: Store) -> None:
    """Load, and write one run."""
    load(store)
    recommend(store, 1.0)


def with_a_stale_run(store: Store) -> None:
    """Load, write a run, and let one more person in, with what somebody else took too."""
    with_one_run(store)
    users = pa.table({"id": ["u900"], "name": ["u900"]})
    taken = pa.table({"from": ["u900", "u900"], "to": ["i00", "i01"], "weight": [1.0, 1.0]})
    store.load(GraphTables({"User": users}, {INTERACTED: taken}), INFO)


def fit_of_the_stale_run(folder: Path) -> str:
    """Save the fit that ``with_a_stale_run`` recommends by; return its folder."""
    gr.save_model(gr.models.EASE(reg=1.0).fit(gr.Dataset.from_tables(tables(), INFO)), folder)
    return str(folder)


def nothing(store: Store) -> None:
    """Leave the store empty."""


def rebuild(store: Store) -> None:
    """Build the database of an embedded store anew."""
    store.rebuild()  # type: ignore[attr-defined]


VERBS: dict[str, Callable[..., Any]] = {
    "load": load,
    "load again": load_again,
    "replace": replace,
    "recommend": recommend,
    "runs use": use,
    "runs delete": delete,
    "runs keep": keep,
    "forget": forget,
    "write effects": write_effects,
    "copy": copy,
    "refresh": partial(refresh, how="keep"),
    "refresh again": partial(refresh, how="again"),
}
EMBEDDED: dict[str, Callable[..., Any]] = {**VERBS, "rebuild": rebuild}
"""Verbs of an embedded store: those of both engines, and one of its own."""

BEFORE: dict[str, Callable[[Store], object]] = {
    **dict.fromkeys(EMBEDDED, with_two_runs),
    "load": nothing,
    "copy": nothing,
    "load again": with_one_run,
    "replace": with_one_run,
    "recommend": with_one_run,
    "refresh": with_a_stale_run,
    "refresh again": with_a_stale_run,
}


def arguments(verb: str, uri: str, source: str) -> tuple[str, ...]:
    """Return what a verb takes beside the store: a run that is not current, the store to copy, or a fit."""
    if verb == "copy":
        return (source,)
    if verb.startswith("refresh"):
        return (fit_of_the_stale_run(Path(source).with_name("fit")),)
    if verb in ("runs use", "runs delete"):
        with gr.open_store(uri, read_only=True) as store:
            return (next(run.id for run in store.runs() if not run.current),)
    return ()


def do(uri: str, verb: str, *more: str) -> None:
    """Open a store and do what a verb does."""
    small_batches()
    with gr.open_store(uri) as store:
        EMBEDDED[verb](store, *more)


def prepare(uri: str, verb: str) -> None:
    """Make of an empty store the one that a verb is to change."""
    with gr.open_store(uri) as store:
        BEFORE[verb](store)


def content(store: Store) -> dict[str, Any]:
    """Return all that a store holds, without the times at which runs were made."""
    held: dict[str, Any] = everything(store)
    held["Recommendation"] = _untimed(held.get("Recommendation", []))
    for run in held.get("Run", ()):
        assert dict(run)["status"] == "complete"
    held["Run"] = sorted((run.id, run.current, run.data) for run in store.runs())
    return held


def run_content(store: Store, run: str) -> list[Any]:
    """Return the recommendations and reasons of a run, in an order of their own."""
    batches = list(store.read_run(run))
    return [_untimed(rows_of([getattr(batch, part) for batch in batches])) for part in ("recommendations", "reasons")]


def _untimed(rows: list[Any]) -> list[Any]:
    """Return rows without the times at which what they were taken over from was made."""
    return [tuple(pair for pair in row if pair[0] != "computed") for row in rows]
