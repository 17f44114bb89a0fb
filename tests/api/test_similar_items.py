"""Item to item."""

from __future__ import annotations

import numpy as np
import pytest

import graphrec as gr
from graphrec.errors import UnknownIdError
from tests.api.frames import films
from tests.api.test_recommend import ease


@pytest.fixture(scope="module")
def data() -> gr.Dataset:
    return films()


def test_similar_items_of_ease_are_the_rows_of_its_matrix(data: gr.Dataset) -> None:
    model = gr.models.EASE(reg=1.0).fit(data)
    rows = gr.similar_items(model, data, [10, 40], k=3)
    assert list(rows.columns) == ["item", "similar", "name", "score", "rank"]
    weights = ease()
    for item in (10, 40):
        mine = rows[rows["item"] == str(item)]
        expected = weights.loc[item].drop(item).sort_values(ascending=False)
        assert mine["similar"].tolist() == [str(other) for other in expected.index]
        assert mine["score"].tolist() == pytest.approx(expected.tolist(), abs=1e-6)
        assert mine["rank"].tolist() == [1, 2, 3]
    assert dict(zip(rows["similar"], rows["name"], strict=True))["20"] == "Blade Runner"


def test_the_item_itself_and_a_whitelist(data: gr.Dataset) -> None:
    model = gr.models.EASE(reg=1.0).fit(data)
    with_itself = gr.similar_items(model, data, 10, k=9, filter_itself=False)
    assert sorted(with_itself["similar"]) == ["10", "20", "30", "40"]
    assert gr.similar_items(model, data, 10, whitelist=[30])["similar"].tolist() == ["30"]
    with pytest.raises(UnknownIdError, match="no Item with id '99'"):
        gr.similar_items(model, data, 99)


def test_any_recommender_answers(data: gr.Dataset) -> None:
    """Popularity recommends the same to everybody: what most took, but the item itself."""
    rows = gr.similar_items(gr.models.Popularity().fit(data), data, [10], k=2)
    assert rows["similar"].tolist() == ["20", "30"]
    assert rows["score"].tolist() == [4.0, 2.0]


def test_a_model_with_attributes_sees_those_of_the_item(data: gr.Dataset) -> None:
    model = gr.models.RecoNet(epochs=1, embedding_size=4, seed=3).fit(data)
    rows = gr.similar_items(model, data, [10], k=9)
    arrays = model.arrays()
    places = {text: place for place, text in enumerate(data.items.ids.to_pylist())}
    carried = data.item_attributes.row(places["10"]) + len(places)
    pooled = arrays["features"][[places["10"], *carried]].mean(axis=0)
    expected = arrays["output"] @ pooled
    for row in rows.itertuples():
        assert row.score == pytest.approx(float(expected[places[row.similar]]), abs=1e-5)
    assert not np.isnan(rows["score"]).any()
