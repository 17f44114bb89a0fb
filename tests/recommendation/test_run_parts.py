"""A run on an engine is the run without one: the same id, rows and files, on both stores and as Parquet."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import graphrec as gr
from graphrec.engines.in_process import InProcess
from graphrec.errors import InputError
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.recommendation.batches import run_batches
from graphrec.recommendation.parquet_folder import TABLES, read_record
from graphrec.recommendation.request import Request
from graphrec.recommendation.user_parts import run_parts, user_ranges
from graphrec.testing.toy import toy
from tests.killing.verbs import INFO, tables
from tests.store.content import everything

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from graphrec.api.recommendations import Recommendations
    from graphrec.store.store import Store

USERS = 60


@dataclass
class Interrupted:
    """An engine that is interrupted after so many parts, once, and remembers what it was asked for."""

    after: int
    asked: list[Any] = field(default_factory=list)
    name: str = "interrupted"

    def map(self, work: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[tuple[int, Any]]:
        for number, part in enumerate(parts):
            if len(self.asked) == self.after:
                self.after = -1
                raise KeyboardInterrupt
            self.asked.append(part)
            yield number, work(part)


class Reversed(InProcess):
    """An engine whose last parts are done first."""

    def map(self, work: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[tuple[int, Any]]:
        for number, part in reversed(list(enumerate(parts))):
            yield number, work(part)


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have 60 users make 8 parts; where parts begin is decided here, before workers are asked."""
    monkeypatch.setattr(ModelExplainer, "users_at_once", 8)


def asked_of(store: Store, engine: Any = "", **wishes: Any) -> Recommendations:
    dataset = gr.Dataset.from_store(store)
    return gr.recommend(fitted(), dataset, k=3, engine=engine, **wishes)


@cache
def fitted() -> gr.models.EASE:
    """Return one fit for all: its metrics, seconds of training among them, are in the record of its runs."""
    return gr.models.EASE(reg=5.0).fit(gr.Dataset.from_tables(tables(), INFO))


def content(store: Store) -> dict[str, Any]:
    """Return all that a store holds, but the moment at which the run was made, and its number."""
    held = everything(store)
    held["Run"] = [tuple(pair for pair in row if pair[0] not in ("created", "name", "number")) for row in held["Run"]]
    return held


def test_parts_are_whole_batches_whatever_the_engine() -> None:
    data = toy()
    model = gr.models.EASE(reg=5.0).fit(data)
    in_parts = run_parts(model, data, Request(k=3), None, InProcess())
    assert [len(part) for part in in_parts.parts[:-1]] == [8] * (len(in_parts.parts) - 1)
    assert sum(len(part) for part in in_parts.parts) == len(data.users)
    with_parts = [batch for part in in_parts.parts for batch in in_parts.make(part)]
    for one, other in zip(run_batches(model, data, Request(k=3)), with_parts, strict=True):
        assert one.recommendations.equals(other.recommendations)
        assert one.reasons.equals(other.reasons)
    of_many = [len(part) for part in user_ranges(in_parts.make.aligned_request, 8 * 64 * 3)]
    assert of_many == [24] * 64


@pytest.mark.parametrize("engine", ["in-process", "ray"])
def test_the_store_holds_the_same(store: Store, engine: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    if engine == "ray":
        request.getfixturevalue("ray_cluster")
    store.load(tables(), INFO)
    plain = asked_of(store).write(store)
    expected = content(store)
    files = {path: path.read_bytes() for path in tmp_path.glob("store/tables/runs/**/*.parquet")}
    store.delete_runs([plain.run.id])
    written = asked_of(store, engine).write(store)
    assert (written.run.id, written.repeated, written.run.current) == (plain.run.id, False, True)
    assert written.report.sound
    assert content(store) == expected
    assert {path: path.read_bytes() for path in files} == files
    assert asked_of(store, engine).write(store).repeated
    assert store.check().findings == ()
    assert [entry.name for entry in tmp_path.glob("*.graphrec-parts")] == []


def test_an_interrupted_run_goes_on_part_by_part(store: Store, tmp_path: Path) -> None:
    store.load(tables(), INFO)
    before = everything(store)
    engine = Interrupted(3)
    with pytest.raises(KeyboardInterrupt):
        asked_of(store, engine).write(store)
    assert store.runs() == []
    if store.engine == "ladybug":
        assert everything(store) == before
    written = asked_of(store, engine).write(store)
    assert [part.start for part in engine.asked] == [0, 8, 16, 24, 32, 40, 48, 56]
    assert written.report.sound
    assert len(everything(store)["Recommendation"]) == USERS * 3
    assert list(tmp_path.glob("*.graphrec-parts")) == []


def test_other_writers_are_free_of_an_interrupted_run(store: Store) -> None:
    """What another verb sweeps away is written again, all of it."""
    store.load(tables(), INFO)
    engine = Interrupted(3)
    with pytest.raises(KeyboardInterrupt):
        asked_of(store, engine).write(store)
    other = asked_of(store, against=1).write(store)
    written = asked_of(store, engine).write(store)
    assert {run.id for run in store.runs()} == {other.run.id, written.run.id}
    counts = store.query("MATCH (r:Recommendation) RETURN r.run AS run, count(*) AS n")
    assert dict(zip(counts["run"], counts["n"], strict=True)) == {
        other.run.id: USERS * 3,
        written.run.id: USERS * 3,
    }
    assert store.check().findings == ()


def test_bad_parts_leave_the_store_as_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from graphrec.recommendation import user_parts

    store.load(tables(), INFO)
    before = everything(store)
    make = user_parts.recommend_aligned

    def twice(*asked: Any) -> Iterator[Any]:
        for batch in make(*asked):
            rows = batch.recommendations
            yield replace(batch, recommendations=pa.concat_tables([rows, rows.slice(0, 1)]))

    monkeypatch.setattr(user_parts, "recommend_aligned", twice)
    with pytest.raises(InputError, match=r"recommended twice|stands 2 times"):
        asked_of(store, "in-process").write(store)
    assert (store.runs(), everything(store)) == ([], before)


@pytest.mark.parametrize("engine", ["reversed", "ray"])
def test_the_parquet_folder_has_the_same_rows(
    opened: Callable[[str], Store], engine: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    if engine == "ray":
        request.getfixturevalue("ray_cluster")
    store = opened("ladybug")
    store.load(tables(), INFO)
    one, other = tmp_path / "one", tmp_path / "other"
    rows = asked_of(store, reasons=2).save(one)
    chosen = Reversed() if engine == "reversed" else engine
    assert asked_of(store, chosen, reasons=2).save(other) == rows
    for name in TABLES:
        whole, parts = pq.read_table(one / f"{name}.parquet"), pq.read_table(other / f"{name}.parquet")
        assert whole.schema.equals(parts.schema, check_metadata=True)
        assert whole.to_pylist() == parts.to_pylist()
    assert len(list((other / "reasons.parquet").iterdir())) == 9
    assert replace(read_record(one), created="", name="") == replace(read_record(other), created="", name="")
    assert asked_of(store, chosen, reasons=2).save(other) == rows, "a folder is replaced by the next"
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["one", "other", "store"]


def test_an_interrupted_parquet_folder_goes_on_part_by_part(opened: Callable[[str], Store], tmp_path: Path) -> None:
    store = opened("ladybug")
    store.load(tables(), INFO)
    engine = Interrupted(5)
    with pytest.raises(KeyboardInterrupt):
        asked_of(store, engine).save(tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert asked_of(store, engine).save(tmp_path / "out")["recommendations"] == USERS * 3
    assert len(engine.asked) == 8


def test_parts_of_a_person_who_is_forgotten_go_too(opened: Callable[[str], Store], tmp_path: Path) -> None:
    store = opened("ladybug")
    store.load(tables(), INFO)
    with pytest.raises(KeyboardInterrupt):
        asked_of(store, Interrupted(5)).write(store)
    assert len(list(tmp_path.glob("store.*.graphrec-parts/part-*"))) == 5
    store.forget("u003")
    assert list(tmp_path.glob("store.*")) == []
