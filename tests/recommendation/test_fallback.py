"""What people without any positive interaction get: popular items, or what people with the same attributes took."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import graphrec as gr
from graphrec.answers.sentences import block
from graphrec.audits import audit
from graphrec.dataset.negative_rule import NegativeRule
from graphrec.errors import UsageError
from graphrec.loading.frames_to_tables import frames_to_tables
from graphrec.models.ease import EASE
from graphrec.recommendation.request import Request
from graphrec.recommendation.run_record import request_params
from graphrec.testing.toy import build
from graphrec.verification.verifying import verify
from tests.store.conftest import opened, store

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.store.store import Store

__all__ = ["opened", "store"]

ATTRIBUTES = {name: ("user", name.partition(":")[0]) for name in ("age:young", "age:old", "gender:f", "city:x")}
TAKEN = {
    "y1": {"a": 5, "b": 5},
    "y2": {"a": 5},
    "o1": {"b": 5, "c": 5},
    "o2": {"b": 5, "d": 1},
    "new": {},
    "low": {"a": 1},
    "bare": {},
}
CARRIED = {
    "y1": ["age:young", "gender:f"],
    "y2": ["age:young"],
    "o1": ["age:old"],
    "o2": ["age:old"],
    "new": ["age:young", "gender:f"],
    "low": ["age:young", "city:x"],
}


def people() -> Dataset:
    """Return data of four people who took something that counts, and three who did not."""
    return build(TAKEN, ["a", "b", "c", "d"], carried=CARRIED, attributes=ATTRIBUTES, positive_if="rating>=3")


def fitted(data: Dataset) -> EASE:
    return EASE(reg=1.0).fit(data)


def rows_of(tables: Any, user: str) -> list[tuple[Any, ...]]:
    rows = tables.recommendations.to_pandas()
    return list(rows[rows["user"] == user][["item", "score", "rest", "n_reasons"]].itertuples(index=False, name=None))


def test_without_a_fallback_they_get_nothing() -> None:
    data = people()
    told = gr.recommend(fitted(data), data, k=2).tables
    assert not {"new", "low", "bare"} & set(told.recommendations["user"].to_pylist())
    assert "fallback" not in request_params(Request())


def test_popularity_by_hand() -> None:
    """Three took b, two a, one c, nobody d: what nobody took is not recommended, nor a to whom rated it 1."""
    data = people()
    told = gr.recommend(fitted(data), data, k=4, fallback="popularity").tables
    assert rows_of(told, "new") == rows_of(told, "bare") == [("b", 3, 0, 1), ("a", 2, 0, 1), ("c", 1, 0, 1)]
    assert rows_of(told, "low") == [("b", 3, 0, 1), ("c", 1, 0, 1)]
    reasons = told.reasons.to_pandas().query("method == 'fallback'")
    assert set(reasons["user"]) == {"new", "low", "bare"}
    assert (reasons["item"] == reasons["evidence"]).all()
    assert (reasons["ground"] == "popularity").all()
    assert reasons["effect"].isna().all()


def test_attributes_by_hand() -> None:
    """Of four who count, 2 took a, 3 b, 1 c. Young: both took a, one b. (2 − 2 · 2/4) / 22 = 1/22 for a.

    Of gender f there is y1, who took a and b: (1 − 2/4) / 21 for a, (1 − 3/4) / 21 for b. b by age: (1 − 2 · 3/4) / 22.
    """
    data = people()
    told = gr.recommend(fitted(data), data, k=4, fallback="attributes", against=3).tables
    ((item, score, rest, n_reasons),) = rows_of(told, "new")
    assert (item, n_reasons) == ("a", 2)
    assert (score, rest) == pytest.approx((1 / 22 + 0.5 / 21, 0), abs=1e-7)
    own = told.reasons.to_pandas().query("user == 'new'")
    assert dict(zip(own["evidence"], own["weight"], strict=True)) == pytest.approx(
        {"age:young": 1 / 22, "gender:f": 0.5 / 21}, abs=1e-7
    )
    assert own["effect"].tolist() == pytest.approx(own["weight"].tolist())
    assert set(own["ground"]) == {"profile"}
    assert rows_of(told, "low") == []  # A young person took a already, and took b and c less often than others.
    assert rows_of(told, "bare") == []  # Nothing is known of them.


def test_what_speaks_against_is_told() -> None:
    """Of the old, both took b and one c, and none a; gender f took b more often, too. Here old and f are together."""
    data = build(
        TAKEN, ["a", "b", "c", "d"], carried={**CARRIED, "new": ["age:old", "gender:f"]}, attributes=ATTRIBUTES,
        positive_if="rating>=3",
    )  # fmt: skip
    told = gr.recommend(fitted(data), data, "new", k=4, fallback="attributes", against=3).tables
    weights = {(row["item"], row["evidence"]): row["weight"] for row in told.reasons.to_pylist()}
    assert weights["b", "age:old"] == pytest.approx((2 - 2 * 3 / 4) / 22)
    assert weights["c", "age:old"] == pytest.approx((1 - 2 * 1 / 4) / 22)
    assert weights["c", "gender:f"] == pytest.approx((0 - 1 / 4) / 21)
    assert {item for item, _ in weights} == {"b", "c"}


def test_protected_kinds_are_not_used() -> None:
    data = people()
    told = gr.recommend(fitted(data), data, k=4, fallback="attributes", protect=["age"]).tables
    own = told.reasons.to_pandas().query("method == 'fallback'")
    assert set(own["evidence"]) == {"gender:f"}
    assert [row[:2] for row in rows_of(told, "new")] == [
        ("a", pytest.approx(0.5 / 21)),
        ("b", pytest.approx(0.25 / 21)),
    ]
    assert not gr.recommend(fitted(data), data, "low", fallback="attributes", protect=["age"]).tables.reasons.num_rows


def test_the_model_s_own_are_as_without() -> None:
    data = people()
    model = fitted(data)
    plain, more = (
        gr.recommend(model, data, k=2, fallback=kind).tables.reasons.to_pandas() for kind in ("none", "popularity")
    )
    kept = more[more["method"] != "fallback"].reset_index(drop=True)
    assert plain.astype(str).equals(kept.astype(str))


def test_dislikes_alone_are_nothing_positive() -> None:
    data = replace(people(), negative_if=NegativeRule("rating<=2"))
    told = gr.recommend(fitted(data), data, "low", k=4, fallback="popularity").tables
    assert [row[0] for row in rows_of(told, "low")] == ["b", "c"]


def test_an_unknown_fallback_is_refused() -> None:
    data = people()
    with pytest.raises(UsageError, match="there is no fallback 'luck'"):
        gr.recommend(fitted(data), data, fallback="luck")  # type: ignore[arg-type]


def test_words_and_json_say_that_it_is_not_the_model_s() -> None:
    data = people()
    model = fitted(data)
    why = gr.recommend(model, data, "new", fallback="attributes").why("new", "a")
    words = block(why)
    assert "Not from the model, for new interacted with nothing yet that counts, but from what people with" in words
    assert "young of the user: people with it interacted with it more often than others" in words
    assert "of all evidence that was weighed" in words
    assert why.to_dict()["fallback"] == "attributes"
    popular = gr.recommend(model, data, "bare", fallback="popularity").why("bare", "b")
    assert "3 people interacted with it" in block(popular)
    assert popular.to_dict()["fallback"] == "popularity"
    assert gr.recommend(model, data, "y2").why("y2", "b").to_dict()["fallback"] is None


@pytest.mark.parametrize("fallback", ["popularity", "attributes"])
def test_a_stored_run_is_sound_and_verified(store: Store, fallback: Any) -> None:
    pairs = [(user, item, rating) for user, of in TAKEN.items() for item, rating in of.items()]
    described = [{"user": user, **dict(text.split(":") for text in CARRIED.get(user, ()))} for user in TAKEN]
    loaded = frames_to_tables(
        pd.DataFrame(pairs, columns=["user", "item", "rating"]),
        rating="rating",
        users=pd.DataFrame(described),
        user_attributes=["age", "gender"],
    )
    store.load(loaded.tables, loaded.info)
    data = gr.Dataset.from_store(store, "rating>=3", negative_if="rating<=2")
    model = fitted(data)
    written = gr.recommend(model, data, k=2, against=2, fallback=fallback).write(store)
    assert not written.report.untrue
    assert written.run.current
    assert written.run.params["request"]["fallback"] == fallback
    assert written.run.negative_if == "rating<=2"
    assert f"without any positive interaction got the fallback {fallback}" in written.run.notes
    assert audit(store, written.run.id).sound
    why = gr.why(store, "new")[0]
    assert why.fallback == fallback
    verified = verify(store, written.run.id, model=model, sample=0)
    own = gr.recommend(model, data, k=2, against=2).tables.recommendations.num_rows
    assert verified.measured == own
    assert any("not the model's" in left.why for left in verified.left_out)
    assert verified.effects["same"] == verified.effects["compared"] > 0
