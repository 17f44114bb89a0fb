"""``gr.recommend`` and ``gr.explain`` on frames alone."""

from __future__ import annotations

import logging
import re

import numpy as np
import pandas as pd
import pytest

import graphrec as gr
from graphrec.errors import ModelError, UnknownIdError, UsageError
from tests import clustered
from tests.api.frames import COLUMNS, RATINGS, films


@pytest.fixture(scope="module")
def data() -> gr.Dataset:
    return films()


@pytest.fixture(scope="module")
def model(data: gr.Dataset) -> gr.models.EASE:
    return gr.models.EASE(reg=1.0).fit(data)


def ease(reg: float = 1.0) -> pd.DataFrame:
    """Return B of EASE, computed from the frame alone: B = I − P diag(1 / diag P), P = (XᵀX + λI)⁻¹."""
    x = pd.crosstab(RATINGS["userId"], RATINGS["movieId"])
    precision = np.linalg.inv(x.T.to_numpy() @ x.to_numpy() + reg * np.eye(x.shape[1]))
    weights = np.eye(x.shape[1]) - precision / np.diag(precision)
    return pd.DataFrame(weights, index=x.columns, columns=x.columns)


def test_scores_weights_and_effects_are_those_of_the_formula(data: gr.Dataset, model: gr.models.EASE) -> None:
    recommendations, reasons = gr.recommend(model, data, [3], k=2, reasons=9, against=9).to_pandas()
    weights = ease()
    expected = weights.loc[[20, 30], [10, 40]].sum().sort_values(ascending=False)
    assert recommendations["item"].tolist() == [str(item) for item in expected.index]
    assert recommendations["score"].tolist() == pytest.approx(expected.tolist(), abs=1e-6)
    assert recommendations["name"].tolist() == ["Alien", "Dune"]
    for row in reasons.itertuples():
        assert row.weight == pytest.approx(weights.loc[int(row.evidence), int(row.item)], abs=1e-6)
        assert row.effect == pytest.approx(row.weight, abs=1e-6)
    assert set(reasons["name"]) == {"Blade Runner", "Casablanca"}
    assert (reasons["anchor_name"] == reasons["name"]).all()


def test_nothing_is_computed_before_it_is_needed(data: gr.Dataset, model: gr.models.EASE) -> None:
    result = gr.recommend(model, data)
    assert "tables" not in vars(result)
    assert result.tables is result.tables
    assert result.tables.recommendations.num_rows == sum(4 - data.taken.counts)


def test_a_whitelist_and_a_blacklist(data: gr.Dataset, model: gr.models.EASE) -> None:
    only, _ = gr.recommend(model, data, 3, items=[40]).to_pandas()
    assert only["item"].tolist() == ["40"]
    without, _ = gr.recommend(model, data, 3, exclude=pd.Series([40])).to_pandas()
    assert without["item"].tolist() == ["10"]
    with pytest.raises(UnknownIdError, match="no Item with id '99'"):
        gr.recommend(model, data, 3, items=[99]).to_pandas()


def test_what_was_taken_comes_again_where_it_may(data: gr.Dataset, model: gr.models.EASE) -> None:
    rows, _ = gr.recommend(model, data, 3, k=9, filter_taken=False).to_pandas()
    scores = ease().loc[[20, 30]].sum().sort_values(ascending=False)
    assert rows["item"].tolist() == [str(item) for item in scores.index]
    rows, _ = gr.recommend(model, data, 3, k=9).to_pandas()
    assert sorted(rows["item"]) == ["10", "40"]


def test_unknown_users(data: gr.Dataset, model: gr.models.EASE, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(UnknownIdError, match="no User with id '99'"):
        gr.recommend(model, data, [3, 99])
    with caplog.at_level(logging.WARNING):
        ignored = gr.recommend(model, data, [3, 99, 98], unknown_users="ignore")
        assert not caplog.records
        warned = gr.recommend(model, data, [3, 99, 98], unknown_users="warn")
    assert [record.message for record in caplog.records] == ["2 users are not in the data and left out, '99' first"]
    for result in (ignored, warned):
        assert result.users_left_out == ("99", "98")
        assert set(result.to_pandas().recommendations["user"]) == {"3"}
    with pytest.raises(UsageError, match="no policy 'perhaps'"):
        gr.recommend(model, data, [3], unknown_users="perhaps")  # type: ignore[arg-type]


def test_unknown_users_get_what_most_took(data: gr.Dataset, model: gr.models.EASE) -> None:
    result = gr.recommend(model, data, [99, 3, 98], k=3, exclude=[40], unknown_users="popularity")
    rows, reasons = result.to_pandas()
    for user in ("99", "98"):
        mine = rows[rows["user"] == user]
        assert mine["item"].tolist() == ["10", "20", "30"]  # taken by 4, 4 and 2
        assert mine["score"].tolist() == [4.0, 4.0, 2.0]
        assert mine["rank"].tolist() == [1, 2, 3]
        assert not mine["n_reasons"].any()
    assert set(reasons["user"]) == {"3"}
    assert result.users_left_out == ()


def test_pairs_are_explained_whether_or_not_they_are_recommended(data: gr.Dataset, model: gr.models.EASE) -> None:
    pairs = gr.explain(model, data, [3, 1], [10, 10], reasons=9, against=9)
    rows, reasons = pairs.to_pandas()
    assert rows[["user", "item"]].to_numpy().tolist() == [["3", "10"], ["1", "10"]]
    weights = ease()
    assert rows["score"].tolist() == pytest.approx(
        [weights.loc[[20, 30], 10].sum(), weights.loc[[10, 20, 30], 10].sum()]
    )
    assert not ((reasons["user"] == "1") & (reasons["evidence"] == "10")).any()  # EASE: an item is no reason for itself
    assert str(pairs.why(3, 10)).startswith("“Alien” for 3  score")  # nobody has ranked it
    assert rows["rank"].tolist() == [0, 0]
    assert pairs.why(3, 10).to_dict()["rank"] is None
    one = gr.explain(model, data, 3, [10, 40]).to_pandas().recommendations
    assert one[["user", "item"]].to_numpy().tolist() == [["3", "10"], ["3", "40"]]
    with pytest.raises(UsageError, match="2 users and 1 item are not pairs"):
        gr.explain(model, data, [3, 1], [10])


def test_a_run_in_a_store_is_what_memory_has(data: gr.Dataset, model: gr.models.EASE, tmp_path: object) -> None:
    with gr.open_store(f"{tmp_path}/store") as store:
        account = store.load_frames(RATINGS, **COLUMNS).report
        assert [(file.path, file.read, file.kept) for file in account.files] == [
            ("interactions", 12, 12),
            ("items", 4, 4),
        ]
        stored = gr.Dataset.from_store(store)
        assert stored.fingerprint == data.fingerprint
        result = gr.recommend(model, stored, k=2, reasons=3)
        written = result.write(store)
        assert written.run.current
        assert written.report.sound
        for user in ("1", "3"):
            assert str(gr.why(store, user)) == str(gr.why(result, user)) == str(result.why(int(user)))
        assert gr.why(store, "3", "10").to_dict() == gr.why(result, "3", "10").to_dict()
        popular = gr.recommend(model, stored, [3, 99], unknown_users="popularity")
        with pytest.raises(UsageError, match=r"1 user in this run, .99. first, are not in the data"):
            popular.write(store)


def test_a_run_that_may_repeat_what_was_taken_is_true_as_well(
    data: gr.Dataset, model: gr.models.EASE, tmp_path: object
) -> None:
    with gr.open_store(f"{tmp_path}/store") as store:
        store.load_frames(RATINGS, **COLUMNS)
        written = gr.recommend(model, gr.Dataset.from_store(store), k=3, filter_taken=False).write(store)
        assert written.report.sound
        assert written.run.params["request"]["filter_taken"] is False
        gr.recommend(model, gr.Dataset.from_store(store), k=3).write(store)


def test_what_is_handed_in_wrongly_is_answered_with_what_to_hand_in(
    data: gr.Dataset, model: gr.models.EASE, tmp_path: object
) -> None:
    wrong = [
        (lambda: gr.models.EASE(reg=1.0).fit(RATINGS), "fitted on a data set, not on DataFrame. Make one"),
        (lambda: gr.models.EASE(1.0), "1.0 is not a EASEConfig. Give settings by name"),
        (lambda: gr.recommend(model, RATINGS), "a data set is needed, not a pandas DataFrame"),
        (lambda: gr.recommend("ease", data), "a model is needed, not a builtins str"),
        (lambda: gr.recommend(gr.models.Popularity().fit(data), data), "cannot say why it recommends"),
        (lambda: gr.recommend(model, data, explainer="shapley"), "an explainer is needed, not 'shapley'"),
        (lambda: gr.recommend(model, data, k=2.5), "k is 2.5. Give a whole number"),
        (lambda: gr.recommend(model, data, items=[99]), "no Item with id '99'"),
        (lambda: gr.recommend(model, data, protect=["age"]), "no attribute has the kind 'age'"),
        (lambda: gr.Dataset.from_store("./store"), "read from an open store, not from './store'"),
        (lambda: gr.Dataset.from_pandas(RATINGS, usr="userId"), "no argument 'usr' for data frames. Did you mean user"),
        (lambda: gr.why("./store", "3"), "reasons come from a store or from recommendations, not from str"),
        (lambda: gr.evaluate(model, data, "ndcg@2"), "evaluated on data that a split has cut, not on Dataset"),
        (lambda: gr.Predictor(model, RATINGS), "a data set is needed"),
    ]
    for call, message in wrong:
        with pytest.raises(gr.GraphrecError, match=re.escape(message)):
            call()


def test_other_data_is_neither_recommended_from_nor_written(
    data: gr.Dataset, model: gr.models.EASE, tmp_path: object
) -> None:
    other = gr.Dataset.from_pandas(pd.DataFrame({"user": ["a", "b"], "item": ["x", "y"]}))
    with pytest.raises(ModelError, match="it knows none of these 2 items"):
        gr.recommend(model, other)
    with gr.open_store(f"{tmp_path}/store") as store:
        store.load_frames(RATINGS, **{**COLUMNS, "rating": None})
        with pytest.raises(UsageError, match="of other data than the store holds"):
            gr.recommend(model, data).write(store)
        assert store.runs() == []


def test_items_that_match_no_interaction_are_refused() -> None:
    films = pd.DataFrame({"movieId": ["0010", "0020"], "title": ["Alien", "Blade Runner"]})
    with pytest.raises(gr.GraphrecError, match="none of these items is in the interactions, which name items such as"):
        gr.Dataset.from_pandas(RATINGS, user="userId", item="movieId", items=films, item_name="title")


def test_things_show_what_they_are(data: gr.Dataset, model: gr.models.EASE) -> None:
    assert repr(data) == "<Dataset of 5 users, 4 items, 3 attributes, 12 interactions>"
    assert repr(model) == "EASE(reg=1.0)"
    assert repr(gr.models.EASE()) == "EASE(), not fitted"
    assert repr(gr.recommend(model, data, k=3)) == "<Recommendations of EASE(reg=1.0) for all users, 3 each>"


def test_pairs_are_not_explained_by_names_of_a_protected_kind() -> None:
    data = clustered.films()
    model = clustered.Clustered().fit(data)
    assert "space" in str(gr.explain(model, data, "ann", "dune").tables.factors["name"])
    hidden = gr.explain(model, data, "ann", "dune", protect=["genre"])
    assert "space" not in str(hidden.tables.factors["name"])
    assert "space" not in str(hidden.why("ann", "dune"))
