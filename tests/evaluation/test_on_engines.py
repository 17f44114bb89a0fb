"""Evaluating and verifying on an engine give the figures of this process, whatever comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

import graphrec as gr
from graphrec.rankings import rank_metrics
from graphrec.testing.toy import toy
from tests.killing.verbs import INFO, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path


class Pickled:
    """An engine whose work and parts are pickled, and whose last parts are done first."""

    name = "pickled"

    def map(self, work: Callable[[Any], Any], parts: Iterable[Any]) -> Iterator[tuple[int, Any]]:
        import pickle

        sent = pickle.loads(pickle.dumps(work))
        for number, part in reversed(list(enumerate(parts))):
            yield number, pickle.loads(pickle.dumps(sent(part)))


@pytest.mark.parametrize("candidates", ["full", "5", "3-expected"])
def test_evaluating(candidates: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rank_metrics, "USERS_AT_ONCE", 4)
    cut = gr.split(toy(), seed=1).apply(toy())
    model = gr.models.EASE(reg=5.0).fit(cut.seen)
    from graphrec.evaluation import parse_candidates

    ranked = parse_candidates(candidates)
    here, there = (
        gr.evaluate(model, cut, ["recall@5", "ndcg@5"], candidates=ranked, engine=engine) for engine in ("", Pickled())
    )
    assert len(here.users) > 8
    assert np.array_equal(here.users, there.users)
    for metric, values in here.values.items():
        assert np.array_equal(values, there.of(metric))
    assert here.without_input == there.without_input


def test_verifying(tmp_path: Path) -> None:
    with gr.open_store(str(tmp_path / "store")) as store:
        store.load(tables(), INFO)
        data = gr.Dataset.from_store(store)
        model = gr.models.EASE(reg=5.0).fit(data)
        from graphrec.explaining.model_explainer import ModelExplainer

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(ModelExplainer, "users_at_once", 16)
            gr.recommend(model, data, k=3).write(store)
        here, there = (gr.verify(store, model=model, sample=0, engine=engine) for engine in ("", Pickled()))
    assert here.users == 60
    assert here.to_dict() == there.to_dict()
