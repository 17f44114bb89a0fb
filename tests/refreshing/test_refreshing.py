"""A refreshed run is the run that ``recommend`` would write over the same data, whoever computed which part when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

import graphrec as gr
from graphrec import queries
from graphrec.errors import ModelError, UnknownIdError, UsageError
from graphrec.recommendation.run_record import run_info
from graphrec.tables import GraphTables
from tests.killing.verbs import INFO, INTERACTED, tables
from tests.refreshing.nights import (
    CHANGED,
    another_genre,
    evening,
    free_items,
    new_day,
    rows_of_run,
    without_item,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphrec.models.model import Model

MODELS: dict[str, Callable[[], Model]] = {
    "ease": lambda: gr.models.EASE(reg=5.0),
    "reconet": lambda: gr.models.RecoNet(epochs=3, embedding_size=8),
    "user-user": gr.models.UserUser,
    "indgrm": lambda: gr.models.InDGRM(epochs=2, clusters=3, groups=4, embedding_size=8),
}


def agree(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Assert that two runs hold the same rows, numbers to float precision, times of computing aside."""
    for part, rows in one.items():
        assert rows.keys() == other[part].keys(), part
        for key, row in rows.items():
            for name, value in row.items():
                if name != "computed":
                    expected = pytest.approx(value, rel=1e-4, abs=1e-5) if isinstance(value, float) else value
                    assert other[part][key][name] == expected, (part, key, name)


@pytest.mark.parametrize("name", MODELS)
def test_of_the_same_fit_it_is_the_run_that_recommend_writes(store: gr.Store, name: str, tmp_path: Path) -> None:
    earlier = evening(store, MODELS[name](), tmp_path / "fit", against=1)
    new_day(store)
    done = gr.refresh(store, tmp_path / "fit", fit="keep")
    run = done.written.run
    assert (done.kept, done.renewed) == (58, 3)
    assert (run.current, run.fit, done.written.report.sound) == (True, earlier.fit, True)
    refreshed = rows_of_run(store, run.id)
    times = {key[0]: row["computed"] for key, row in refreshed["recommendations"].items()}
    assert {user for user, time in times.items() if time is None} == {*CHANGED, "u900"}
    assert set(times.values()) == {None, earlier.created}

    store.use_run(earlier.id)
    store.delete_runs([run.id])
    model = gr.load_model(tmp_path / "fit")
    whole = gr.recommend(model, gr.Dataset.from_store(store), k=3, against=1).write(store)
    assert whole.run.id == run.id
    agree(rows_of_run(store, run.id), refreshed)
    verified = gr.verify(store, model=model, sample=0)
    assert not verified.unwritten


def test_what_is_said_of_items_renews_everybody(store: gr.Store, tmp_path: Path) -> None:
    evening(store, MODELS["reconet"](), tmp_path / "fit")
    another_genre(store)
    done = gr.refresh(store, tmp_path / "fit")
    assert not done.decision.again
    assert (done.kept, done.renewed) == (0, 60)


def test_nothing_is_done_where_nothing_changed(store: gr.Store, tmp_path: Path) -> None:
    earlier = evening(store, MODELS["ease"](), tmp_path / "fit")
    for wish in ("auto", "keep", "again"):
        done = gr.refresh(store, tmp_path / "fit", fit=wish)
        assert done.changes is None
        assert (done.written.run, done.renewed, done.retired) == (store.run(earlier.id), 0, ())
    assert len(store.runs()) == 1


def test_a_new_fit_renews_everybody_and_takes_the_folder(store: gr.Store, tmp_path: Path) -> None:
    earlier = evening(store, MODELS["ease"](), tmp_path / "fit")
    new_day(store)
    done = gr.refresh(store, tmp_path / "fit", fit="again")
    dataset = gr.Dataset.from_store(store)
    undisturbed = MODELS["ease"]().fit(dataset)
    expected = run_info(undisturbed, dataset, gr.recommend(undisturbed, dataset, k=3)._request)
    assert done.written.run.id == expected.id != earlier.id
    assert gr.load_model(tmp_path / "fit").record.interactions == 60 * 8 + 7
    assert (done.kept, done.renewed) == (0, 61)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("fit")] == ["fit"]


def test_old_runs_that_ask_the_same_go_and_others_stay(store: gr.Store, tmp_path: Path) -> None:
    evening(store, MODELS["ease"](), tmp_path / "fit")
    dataset = gr.Dataset.from_store(store)
    other = gr.recommend(gr.load_model(tmp_path / "fit"), dataset, k=2).write(store).run.id
    first = gr.recommend(gr.load_model(tmp_path / "fit"), dataset, k=3).write(store).run.id
    new_day(store)
    second = gr.refresh(store, tmp_path / "fit")
    another_genre(store)
    third = gr.refresh(store, tmp_path / "fit")
    assert (second.retired, third.retired) == ((), (first,))
    assert {run.id for run in store.runs()} == {other, second.written.run.id, third.written.run.id}


def test_times_are_kept_over_several_nights(store: gr.Store, tmp_path: Path) -> None:
    evening(store, MODELS["ease"](), tmp_path / "fit")
    new_day(store)
    first = gr.refresh(store, tmp_path / "fit").written.run
    of_newcomer = {row["computed"] for row in rows_of_run(store, first.id)["recommendations"].values()}
    store.forget("u010")
    last = gr.refresh(store, tmp_path / "fit")
    assert (last.kept, last.renewed) == (60, 0)
    times = {key[0]: row["computed"] for key, row in rows_of_run(store, last.written.run.id)["recommendations"].items()}
    assert times["u900"] == first.created
    assert set(times.values()) == (of_newcomer - {None}) | {first.created}
    assert "u010" not in times
    ages = store.query(queries.load("analyst/ages", store.engine).text, {"run": ""})
    assert sum(ages["lists"]) == len(times)
    assert set(ages["computed"]) == set(times.values())


def test_dislikes_and_the_fallback_are_those_of_the_day(store: gr.Store, tmp_path: Path) -> None:
    """Who likes nothing gets what most people take by then; a new dislike renews the list of whose it is."""
    store.load(tables(), INFO)
    store.load(_rated("u950", {"i00": 1.0}), INFO)
    rules = {"positive_if": "rating>=4", "negative_if": "rating<=2"}
    dataset = gr.Dataset.from_store(store, **rules)
    gr.save_model(gr.models.EASE(reg=5.0).fit(dataset), tmp_path / "fit")
    gr.recommend(gr.load_model(tmp_path / "fit"), dataset, k=3, against=2, fallback="popularity").write(store)
    disliking = free_items(store, "u001")[0]
    store.load(_rated("u001", {disliking: 1.0}), INFO)
    done = gr.refresh(store, tmp_path / "fit", fit="keep")
    refreshed = rows_of_run(store, done.written.run.id)
    times = {key[0]: row["computed"] for key, row in refreshed["recommendations"].items()}
    likes_nothing = {"u950"} | {user for user in times if not gr.Dataset.from_store(store, **rules).positives.counts[
        dataset.users.require([user])[0]]}  # fmt: skip
    assert done.written.report.sound
    assert {user for user, time in times.items() if time is None} == {"u001"} | likes_nothing
    assert gr.why(store, "u950")[0].fallback == "popularity"

    store.use_run(store.runs()[-1].id)
    store.delete_runs([done.written.run.id])
    model, now = gr.load_model(tmp_path / "fit"), gr.Dataset.from_store(store, **rules)
    whole = gr.recommend(model, now, k=3, against=2, fallback="popularity").write(store)
    assert whole.run.id == done.written.run.id
    agree(rows_of_run(store, whole.run.id), refreshed)


def _rated(user: str, ratings: dict[str, float]) -> GraphTables:
    number = len(ratings)
    edges = pa.table(
        {"from": [user] * number, "to": list(ratings), "rating": list(ratings.values()), "weight": [1.0] * number}
    )
    return GraphTables({"User": pa.table({"id": [user], "name": [user]})}, {INTERACTED: edges})


def test_other_items_renew_everybody(store: gr.Store, tmp_path: Path) -> None:
    evening(store, MODELS["ease"](), tmp_path / "fit")
    allowed = [f"i{n:02}" for n in range(20)]
    done = gr.refresh(store, tmp_path / "fit", items=allowed)
    assert done.renewed == 60
    assert {key[1] for key in rows_of_run(store, done.written.run.id)["recommendations"]} <= set(allowed)
    with pytest.raises(UsageError, match="20 ids in --items, which its record does not keep"):
        gr.refresh(store, tmp_path / "fit")
    assert gr.refresh(store, tmp_path / "fit", items=allowed).changes is None


def test_it_needs_a_run_of_all_data(store: gr.Store, tmp_path: Path) -> None:
    store.load(tables(), INFO)
    dataset = gr.Dataset.from_store(store)
    cut = gr.split(dataset, seed=1).apply(dataset)
    gr.save_model(MODELS["ease"]().fit(cut.train), tmp_path / "fit")
    with pytest.raises(UnknownIdError, match="no current run"):
        gr.refresh(store, tmp_path / "fit")
    gr.recommend(gr.load_model(tmp_path / "fit"), cut.seen, k=3).write(store)
    with pytest.raises(UsageError, match="training part of the split"):
        gr.refresh(store, tmp_path / "fit")
    with pytest.raises(UsageError, match="0 runs cannot be kept"):
        gr.refresh(store, tmp_path / "fit", keep_runs=0)


def test_a_folder_between_two_renames_is_put_back(store: gr.Store, tmp_path: Path) -> None:
    evening(store, MODELS["ease"](), tmp_path / "fit")
    (tmp_path / "fit").rename(tmp_path / "fit.graphrec-old")
    assert gr.refresh(store, tmp_path / "fit").changes is None


def test_a_fit_of_other_items_cannot_be_kept(store: gr.Store, tmp_path: Path) -> None:
    """Its data set was removed, and comes back without one item."""
    evening(store, MODELS["ease"](), tmp_path / "fit")
    store.remove_dataset("many")
    store.load(without_item("i00"), INFO)
    dataset = gr.Dataset.from_store(store)
    gr.recommend(MODELS["ease"]().fit(dataset), dataset, k=3).write(store)
    with pytest.raises(ModelError, match="1 of the items and entities of the fit"):
        gr.refresh(store, tmp_path / "fit", fit="keep")
    assert gr.refresh(store, tmp_path / "fit").decision.again
