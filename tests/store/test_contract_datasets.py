"""The store contract: several data sets in one store stay apart, on both engines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

import graphrec as gr
from graphrec.audits import audit
from graphrec.errors import InputError, UnknownIdError, UsageError
from graphrec.loading.prefix import prefixed
from graphrec.store.copying import copy_store
from graphrec.store.embedded.embedded_store import EmbeddedStore
from graphrec.tables import DatasetInfo, GraphTables
from tests.cypher import small_graph
from tests.store.content import INTERACTED, SMALL, current, edges, everything, nodes

if TYPE_CHECKING:
    from pathlib import Path

    from graphrec.store.store import Store

OTHER_TABLES, OTHER = prefixed(small_graph.graph(), SMALL, "o:")
NEW_ITEM = GraphTables({"Item": pa.table({"id": ["gattaca"], "name": ["Gattaca"]})})
LATER = GraphTables(
    {"User": pa.table({"id": ["o:eve"], "name": ["Eve"]})},
    {INTERACTED: pa.table({"from": ["o:eve"], "to": ["o:dune"], "weight": [1.0]})},
)


def load_both(store: Store) -> None:
    store.load(small_graph.graph(), SMALL)
    store.load(OTHER_TABLES, OTHER)


def write(store: Store, dataset: str, reg: float = 1.0) -> str:
    """Fit, recommend from and write a run of a data set; return its id."""
    data = gr.Dataset.from_store(store, dataset=dataset)
    return gr.recommend(gr.models.EASE(reg=reg).fit(data), data, k=2).write(store).run.id


def only(held: dict[str, list[tuple[tuple[str, object], ...]]], prefix: str) -> dict[str, list[object]]:
    """Return the rows of data that name an id with a prefix."""
    own = {
        part: [row for row in rows if str(dict(row).get("id", dict(row).get("from"))).startswith(prefix)]
        for part, rows in held.items()
    }
    return {part: rows for part, rows in own.items() if rows}


def test_each_data_set_has_its_own_fingerprint_and_reads_its_own(store: Store) -> None:
    first = store.load(small_graph.graph(), SMALL).dataset.fingerprint
    second = store.load(OTHER_TABLES, OTHER).dataset.fingerprint
    assert store.data_fingerprint() == store.data_fingerprint("small") == store.fingerprint("small") == first
    assert store.data_fingerprint("o:small") == store.fingerprint("o:small") == second != first
    assert [info.id for info in store.datasets()] == ["small", "o:small"]
    mine, theirs = (gr.Dataset.from_store(store, dataset=name) for name in ("", "o:small"))
    assert (mine.id, theirs.id) == ("small", "o:small")
    assert [f"o:{name}" for name in mine.users.ids.to_pylist()] == theirs.users.ids.to_pylist()
    assert (mine.interactions.item == theirs.interactions.item).all()
    assert len(mine.knowledge) == len(theirs.knowledge) > 0
    assert len(mine.mentions) == len(theirs.mentions) > 0
    assert len(mine.items) == 6
    assert store.check().sound


def test_loading_one_leaves_the_other_as_it_was(store: Store) -> None:
    load_both(store)
    runs = [write(store, "small"), write(store, "o:small")]
    assert current(store) == sorted(runs)
    before = everything(store)
    assert not store.load(small_graph.graph(), SMALL).changed
    assert store.load(LATER, OTHER).changed
    after = everything(store)
    assert {p: r for p, r in only(after, "o:").items() if "Recomm" not in p} != only(before, "o:")
    for part in ("User", "Item", "Attribute", str(INTERACTED)):
        assert [row for row in after[part] if row not in only(after, "o:")[part]] == [
            row for row in before[part] if row not in only(before, "o:")[part]
        ]
    found = {run: {finding.audit for finding in audit(store, run).findings} for run in runs}
    assert "audit/stale" not in found[runs[0]]
    assert "audit/stale" in found[runs[1]]
    assert gr.why(store, "ada")[0].stale is False
    assert gr.why(store, "o:ada")[0].stale is True
    assert {why.item.id[:2] for why in gr.why(store, "o:ada")} == {"o:"}


def test_one_run_of_each_data_set_is_current(store: Store) -> None:
    load_both(store)
    first, other = write(store, "small"), write(store, "o:small")
    later = write(store, "small", reg=5.0)
    assert current(store) == sorted([later, other])
    assert store.run().id == later
    assert store.run(dataset="o:small").id == other
    store.use_run(first)
    assert current(store) == sorted([first, other])
    assert [run.id for run in store.runs_of("o:small")] == [other]
    assert {store.run(name).dataset for name in (first, later)} == {"small"}
    assert not audit(store, other).findings or audit(store, other).sound
    assert store.keep_runs(0, dataset="small") == [later]
    assert [run.id for run in store.runs()] == [other, first]


@pytest.mark.parametrize("first", ["plain", "prefixed"])
def test_ids_of_another_data_set_are_refused_in_both_directions(store: Store, first: str) -> None:
    users = pa.table({"id": ["o:ann", "bob"], "name": ["Ann", "Bob"]})
    plain = (GraphTables({"User": users}), DatasetInfo("plain", "Plain", "tests"))
    other = (GraphTables({"User": users.slice(0, 1)}), DatasetInfo("o:x", "X", "tests", prefix="o:"))
    order = (plain, other) if first == "plain" else (other, plain)
    store.load(*order[0])
    held, records = everything(store), store.datasets()
    with pytest.raises(InputError, match="o:ann"):
        store.load(*order[1])
    eve = GraphTables({"User": pa.table({"id": ["eve"], "name": ["Eve"]})})
    with pytest.raises(InputError, match="'eve' does not begin with 'p:'"):
        store.load(eve, DatasetInfo("p:y", "Y", "tests", prefix="p:"))
    assert (everything(store), store.datasets()) == (held, records)


def test_an_id_belongs_to_the_longest_prefix(store: Store) -> None:
    for prefix in ("o:", "o:o:", ""):
        tables, info = prefixed(small_graph.graph(), SMALL, prefix)
        store.load(tables, info)
    for name in ("small", "o:small", "o:o:small"):
        assert len(gr.Dataset.from_store(store, dataset=name).users) == 4
    assert len({store.data_fingerprint(name) for name in ("small", "o:small", "o:o:small")}) == 3
    edge = pa.table({"from": ["ada"], "to": ["o:dune"], "weight": [1.0]})
    with pytest.raises(InputError, match="which is nowhere"):
        store.load(GraphTables({}, {INTERACTED: edge}), SMALL)


def test_which_data_set_is_meant(store: Store) -> None:
    for prefix in ("a:", "b:"):
        tables, info = prefixed(small_graph.graph(), SMALL, prefix)
        store.load(tables, info)
    with pytest.raises(UsageError, match="several data sets, each with an id prefix: a:small, b:small"):
        store.base_dataset()
    store.load(NEW_ITEM, DatasetInfo("plain", "Plain", "tests"))
    assert store.base_dataset().id == "plain"
    with pytest.raises(UnknownIdError, match=r"no data set 'c:small'.*Here are: plain, a:small, b:small"):
        store.base_dataset("c:small")
    tables, over = prefixed(
        GraphTables({"Entity": pa.table({"id": ["e"]})}), replace(SMALL, id="kg", base="small"), "b:"
    )
    store.load(tables, over)
    with pytest.raises(UsageError, match="overlay of the data set 'b:small'"):
        store.base_dataset("b:kg")
    assert [info.id for info in store.datasets()] == ["plain", "a:small", "b:small", "b:kg"]
    assert store.data_fingerprint("b:small") == store.fingerprint("b:small") != store.fingerprint("a:small")


def test_a_data_set_is_removed_with_its_runs_and_the_other_stays(store: Store) -> None:
    store.load(small_graph.graph(), SMALL)
    mine = write(store, "small")
    before = everything(store)
    store.load(OTHER_TABLES, OTHER)
    theirs = write(store, "o:small")
    store.load(GraphTables({"Entity": pa.table({"id": ["o:kg"]})}), DatasetInfo("o:over", "Over", "t", base="o:small"))
    with pytest.raises(UsageError, match="has the overlays o:over"):
        store.remove_dataset("o:small")
    with pytest.raises(UsageError, match="is an overlay"):
        store.remove_dataset("o:over")
    with pytest.raises(UnknownIdError, match="no data set 'x' to remove"):
        store.remove_dataset("x")
    removed = store.remove_dataset("o:small", overlays=True)
    assert (removed.dataset, removed.overlays, removed.runs) == ("o:small", ("o:over",), (theirs,))
    assert (removed.rows["User"], removed.rows["Entity"], removed.rows[str(INTERACTED)]) == (4, 4, 8)
    assert everything(store) == before
    assert [info.id for info in store.datasets()] == ["small"]
    assert current(store) == [mine]
    assert store.check().sound
    assert store.load(OTHER_TABLES, OTHER).changed
    store.remove_dataset("small")
    assert set(only(everything(store), "o:")) == set(everything(store))
    assert store.base_dataset().id == "o:small"


def test_a_person_is_forgotten_in_their_data_set_alone(store: Store) -> None:
    load_both(store)
    runs = [write(store, "small"), write(store, "o:small")]
    fingerprint = store.data_fingerprint()
    store.forget("o:ada")
    assert store.data_fingerprint() == fingerprint == store.fingerprint()
    assert store.data_fingerprint("o:small") == store.fingerprint("o:small") != store.run(runs[1]).data
    assert "ada" in {dict(row)["id"] for row in nodes(store, "User")}
    assert store.check().sound


def test_all_data_sets_are_copied_or_one(store: Store, tmp_path: Path) -> None:
    load_both(store)
    runs = [write(store, "small"), write(store, "o:small")]
    with EmbeddedStore(tmp_path / "whole") as target:
        summary = copy_store(store, target)
        assert everything(target) == everything(store)
        assert (summary.datasets, summary.runs, summary.held_more) == (("small", "o:small"), tuple(runs), ())
        assert current(target) == sorted(runs)
        assert target.runs() == store.runs()
        copy_store(store, target)
        assert everything(target) == everything(store)
    with EmbeddedStore(tmp_path / "one") as target:
        copy_store(store, target, dataset="o:small")
        assert [info.id for info in target.datasets()] == ["o:small"]
        assert set(only(everything(target), "o:")) >= {"User", "Item", str(INTERACTED)}
        assert len(edges(target, INTERACTED)) == 8
        assert current(target) == [runs[1]]
        assert target.check().sound
