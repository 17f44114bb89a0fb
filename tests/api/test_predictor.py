"""A predictor answers what ``gr.recommend`` answers, for one person at a time, from any thread."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import graphrec as gr
from graphrec.errors import ModelError, UnknownIdError, UsageError
from graphrec.testing.knowledge import toy_with_knowledge
from graphrec.testing.toy import build, toy
from tests.api.frames import films

if TYPE_CHECKING:
    from pathlib import Path

MODELS = {
    "ease": lambda: gr.models.EASE(reg=2.0),
    "reconet": lambda: gr.models.RecoNet(epochs=2, embedding_size=6),
    "resolved": lambda: gr.models.Resolved(epochs=2, embedding_size=4, item_factors=2, entity_factors=2, batch_size=8),
    "user-user": lambda: gr.models.UserUser(neighbours=3),
}


def words(answer: object) -> str:
    """Return what is printed, without its numbers: their last digit may depend on the size of a batch."""
    return re.sub(r"\d+\.?\d*(e-?\d+)?", "#", str(answer))


@pytest.mark.parametrize("name", MODELS)
def test_it_answers_as_recommend_does(name: str, tmp_path: Path) -> None:
    data = toy_with_knowledge() if name == "resolved" else toy()
    model = MODELS[name]().fit(data)
    gr.save_model(model, tmp_path / "fit")
    predictor = gr.Predictor.load(tmp_path / "fit", data)
    result = gr.recommend(model, data, k=4, reasons=5, against=2)
    for user in sorted(set(result.to_pandas().recommendations["user"])):
        answer = predictor.recommend(user, k=4, reasons=5, against=2)
        assert words(answer) == words(result.why(user))
        for one, other in zip(answer, result.why(user), strict=True):
            assert one.item == other.item
            assert one.score == pytest.approx(other.score, abs=1e-5)
            for mine, theirs in zip(one.reasons, other.reasons, strict=True):
                assert (mine.evidence, mine.anchor, mine.via) == (theirs.evidence, theirs.anchor, theirs.via)
                assert mine.weight == pytest.approx(theirs.weight, abs=1e-5)
    user = data.users.ids[0].as_py()
    item = data.items.ids[3].as_py()
    assert words(predictor.why(user, item)) == words(gr.explain(model, data, user, item).why(user, item))


def test_a_history_is_answered_as_a_user_who_has_it() -> None:
    data = films()
    model = gr.models.RecoNet(epochs=2, embedding_size=6).fit(data)
    predictor = gr.Predictor(model, data)
    for user in ("1", "3", "5"):
        history = data.items.ids.take(data.taken.row(data.users.ids.to_pylist().index(user))).to_pylist()
        known, new = predictor.recommend(user, k=9), predictor.recommend(history=history, k=9)
        assert [(why.item, why.score, why.rank, why.reasons) for why in new] == [
            (why.item, why.score, why.rank, why.reasons) for why in known
        ]
        assert {why.user.id for why in new} == {"newcomer"}
    of_run, first, *_ = str(predictor.why(history=[20, 30], item=10)).splitlines()
    assert of_run.startswith("This model has learned next to nothing")  # two epochs
    assert first.startswith("“Alien” for newcomer")


def test_whitelist_blacklist_and_what_was_taken() -> None:
    data = films()
    predictor = gr.Predictor(gr.models.EASE(reg=1.0).fit(data), data)
    assert [why.item.id for why in predictor.recommend(3, items=[40])] == ["40"]
    assert [why.item.id for why in predictor.recommend("3", exclude=["40"])] == ["10"]
    assert sorted(why.item.id for why in predictor.recommend(3, filter_taken=False)) == ["10", "20", "30", "40"]


def test_attributes_of_a_newcomer_count() -> None:
    data = toy()
    model = gr.models.RecoNet(epochs=2, embedding_size=6).fit(data)
    predictor = gr.Predictor(model, data)
    own = next(text for text in data.attributes.ids.to_pylist() if text.startswith("user."))
    item = data.items.ids[0].as_py()
    without = predictor.recommend(history=[item], k=2)
    carried = predictor.recommend(history=[item], attributes=[own], k=2)
    assert without[0].score != carried[0].score
    shown = predictor.recommend(history=[item], attributes=[own], k=2, reasons=99, against=99)
    assert any(reason.evidence.id == own for why in shown for reason in why.reasons)
    kind = own.removeprefix("user.").partition("=")[0]
    hidden = gr.Predictor(model, data, protect=[kind]).recommend(
        history=[item], attributes=[own], k=2, reasons=99, against=99
    )
    assert not any(reason.evidence.id == own for why in hidden for reason in why.reasons)


def test_many_threads_get_what_one_gets() -> None:
    data = toy()
    predictor = gr.Predictor(gr.models.RecoNet(epochs=2, embedding_size=6).fit(data), data)
    users = [user for user in data.users.ids.to_pylist() if data.taken.row(data.users.ids.to_pylist().index(user)).size]
    alone = {user: str(predictor.recommend(user)) for user in users}
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda user: str(predictor.recommend(user)), users * 5))
    assert together == [alone[user] for user in users * 5]


def test_what_makes_no_sense_is_refused() -> None:
    data = films()
    model = gr.models.EASE(reg=1.0).fit(data)
    predictor = gr.Predictor(model, data)
    for question in ({}, {"user": "1", "history": ["10"]}):
        with pytest.raises(UsageError, match="one person is asked about"):
            predictor.recommend(**question)
    with pytest.raises(UnknownIdError, match="no User with id '99'"):
        predictor.recommend(99)
    with pytest.raises(UnknownIdError, match="no Item with id '99'"):
        predictor.recommend(history=[99])
    assert len(predictor.recommend(history=[])) == 0
    with pytest.raises(UnknownIdError, match="recommend nothing"):
        predictor.why(history=[], item=10)
    with pytest.raises(ModelError, match="another graph"):
        gr.Predictor(model, build({"ada": {"x": 5.0, "y": 4.0}, "ben": {"x": 5.0}}, ["x", "y"]))


@pytest.mark.parametrize("name", ["ease", "user-user", "reconet"])
def test_who_has_nothing_that_counts_is_told_the_rule(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Dora rated two films below three, emil none, and both get no list but a sentence, wherever they are asked of."""
    rows = [(user, item, 5.0) for user in "abc" for item in "wxyz" if (user, item) != ("a", "z")]
    rows += [("dora", "w", 1.0), ("dora", "x", 2.0), ("emil", "w", float("nan"))]
    frame = pd.DataFrame(rows, columns=["user", "item", "rating"])
    data = gr.Dataset.from_pandas(frame, rating="rating", positive_if="rating>=3")
    model = MODELS[name]().fit(data)
    predictor = gr.Predictor(model, data)
    assert predictor.recommend("a").note == ""
    for user, fault in (
        ("dora", "none of dora's 2 interactions counts: the model counts rating>=3, and the rating is 1 to 2"),
        ("emil", "emil's only interaction does not count: the model counts rating>=3, and there is no rating"),
    ):
        answer = predictor.recommend(user)
        assert (len(answer), answer.note[: len(fault)]) == (0, fault)
        assert str(answer).startswith(f"Nothing to recommend: {fault}")
        assert "model counts rating" in answer._repr_html_()
        told = fault[0].upper() + fault[1:]
        with pytest.raises(UnknownIdError, match=re.escape(told)):
            predictor.why(user, "y")
        with pytest.raises(UnknownIdError, match=re.escape(told)):
            gr.recommend(model, data, user).why(user)
        assert fault in caplog.text
        assert told in str(predictor.whatif(user, with_items="y"))
    assert "Of 2 users no interaction counts: the model counts rating>=3." in gr.recommend(model, data).run.notes
    assert predictor.recommend(history=[]).note == "newcomer has no interaction with an item that the model knows"
