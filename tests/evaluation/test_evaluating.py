"""A recommender is evaluated on what it would recommend."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.splitting import SplitData, random_split, user_split
from graphrec.dataset.splitting.reduced_parts import with_few_given
from graphrec.errors import InputError, ModelError, UsageError
from graphrec.evaluation import Sampled, evaluate, rank_metrics
from graphrec.models.ease import EASE
from graphrec.models.recommender import Recommender
from graphrec.models.reconet.model import RecoNet
from graphrec.recommendation.batches import recommend
from graphrec.recommendation.request import Request
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles
    from graphrec.models.recommender import FitContext

ITEMS = ["a", "b", "c", "d"]
DATA = build({"ada": {"a": 5}, "ben": {"b": 5}, "cat": {}, "dan": {"a": 5, "b": 5}}, ITEMS)
"""Cat has taken nothing."""


def held_out(**items: str) -> Incidence:
    """Return which items of ``ITEMS`` each user of ``DATA`` is asked for."""
    pairs = [(("ada", "ben", "cat", "dan").index(user), ITEMS.index(item)) for user, of in items.items() for item in of]
    rows, columns = np.array(pairs).T
    return Incidence.from_pairs(rows, columns, (4, 4))


class ByName(Recommender):
    """Scores items alike for everybody: 4, 3, 2, 1 in the order of its own numbering, unless told otherwise."""

    name: ClassVar[str] = "by-name"
    scores: ClassVar[tuple[float, ...]] = ()

    def learn(self, dataset: Dataset, context: FitContext) -> dict[str, float]:
        self._items = len(dataset.items)
        return {}

    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        scores = torch.tensor(self.scores or tuple(range(self._items, 0, -1)), dtype=torch.float32)
        return scores.repeat(len(profiles), 1) if items is None else scores[items]

    def count_inputs(self, profiles: Profiles) -> Any:
        return profiles.items.counts

    def arrays(self) -> dict[str, Any]:
        return {}

    def restore(self, arrays: Mapping[str, Any]) -> None:
        """Take up nothing."""


def test_by_hand() -> None:
    """Ada's list is b, c, d and c is asked for; Ben's is a, c, d and a; Cat gets none; nobody asks Dan for anything."""
    found = evaluate(ByName().fit(DATA), (DATA, held_out(ada="c", ben="a", cat="b")), ["mrr@3", "recall@1"])
    assert found.values["mrr@3"].tolist() == [1 / 2, 1, 0]
    assert found.values["recall@1"].tolist() == [0, 1, 0]
    assert found.users.tolist() == [0, 1, 2]
    assert (found.model, found.candidates, found.sampled) == ("by-name", "full", False)
    assert (found.n_users, found.without_items, found.without_input) == (3, 1, 1)
    assert found.seconds > 0


def test_items_in_another_numbering_and_items_that_the_model_does_not_know() -> None:
    """The model knows d, c, b in this order, and prefers d: it never finds a, and knows nothing of Ada, who took a."""
    other = build({"x": {"d": 5, "c": 5}}, ["d", "c", "b"])
    found = evaluate(ByName().fit(other), (DATA, held_out(ada="b", ben="ac", dan="d")), ["mrr@4", "recall@4"])
    assert found.values["mrr@4"].tolist() == [0, 1 / 2, 1]
    assert found.values["recall@4"].tolist() == [0, 1 / 2, 1]
    assert found.without_input == 1


def test_what_is_evaluated_is_what_would_be_recommended() -> None:
    data = toy(3)
    cut = random_split(data, seed=1).apply(data)
    model = EASE(reg=5.0).fit(cut.train)
    found = evaluate(model, cut, ["recall@3", "precision@3"])
    lists = list(recommend(model, cut.train, Request(k=3)))
    rows = {(str(row["user"]), str(row["item"])) for part in lists for row in part.recommendations.to_pylist()}
    users, items = data.users.ids.to_pylist(), data.items.ids.to_pylist()
    for user, recall in zip(found.users, found.values["recall@3"], strict=True):
        wanted = {(users[user], items[item]) for item in cut.test.row(user)}
        assert recall == len(wanted & rows) / len(wanted)


def test_the_parts_of_a_split() -> None:
    data = toy(3)
    cut = random_split(data, seed=1).apply(data)
    model = EASE(reg=5.0).fit(cut.train)
    for part in ("validation", "test"):
        by_hand = evaluate(model, (cut.train, getattr(cut, part)), ["ndcg@5"])
        np.testing.assert_array_equal(evaluate(model, cut, ["ndcg@5"], part=part).of("ndcg@5"), by_hand.of("ndcg@5"))
    with pytest.raises(UsageError, match="'train' is no part to be found"):
        evaluate(model, cut, ["ndcg@5"], part="train")


def test_negatives_are_in_no_part_of_the_user_s() -> None:
    """Ada took a, c is asked for and d is in the validation part: b alone is left to be drawn."""
    cut = SplitData(DATA, held_out(ada="d"), held_out(ada="c"))
    found = evaluate(ByName().fit(DATA), cut, ["mrr@5"], candidates=Sampled(3))
    assert found.of("mrr@5").tolist() == [1 / 2]
    assert (found.sampled, found.candidates) == (True, "3 negatives per user, seed 0")


def test_every_held_out_item_by_itself() -> None:
    """Of Ada's b, c, d with b and d held out: b beats c, d does not."""
    asked = (DATA, held_out(ada="bd"))
    found = evaluate(ByName().fit(DATA), asked, ["mrr@5"], candidates=Sampled(9, "positive"))
    assert found.users.tolist() == [0, 0]
    assert found.of("mrr@5").tolist() == [1, 1 / 2]
    assert (found.n_users, found.n_cases) == (1, 2)


@pytest.mark.parametrize("per", ["user", "positive"])
def test_only_the_candidates_are_scored_and_each_user_once(per: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same figures as from whole catalogues, for the model's own numbering and for another."""
    data = toy(4, n_users=40, n_items=60)
    cut = random_split(data, seed=1).apply(data)
    model = EASE(reg=5.0).fit(cut.train)
    metrics, candidates = ["ndcg@5", "mrr@20"], Sampled(7, per)
    widths: list[int] = []
    score = EASE.score

    def counted(self: EASE, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        assert items is not None
        widths.append(items.shape[1])
        return score(self, profiles, items)

    def catalogue(self: EASE, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        every = score(self, profiles)
        return every if items is None else every.gather(1, items)

    order = np.random.default_rng(0).permutation(len(data.items))
    ids = data.items.ids.take(pa.array(order))
    mixed = replace(cut.seen.items, ids=ids, columns={"name": ids})
    seen = cut.seen.aligned({"Item": mixed})
    place = np.argsort(order)
    test = Incidence.from_pairs(cut.test.row_of_entry, place[cut.test.indices], (len(data.users), len(order)))
    for asked in ((cut.seen, cut.test), (seen, test)):
        with monkeypatch.context() as patch:
            patch.setattr(EASE, "score", catalogue)
            expected = evaluate(model, asked, metrics, candidates=candidates)
        with monkeypatch.context() as patch:
            patch.setattr(EASE, "score", counted)
            found = evaluate(model, asked, metrics, candidates=candidates)
        for metric in metrics:
            np.testing.assert_allclose(found.of(metric), expected.of(metric), atol=1e-12)
    most = int(cut.test.counts.max())
    assert max(widths) == (most + 7 if per == "user" else most * 8)
    assert len(widths) == 2


def test_the_input_of_held_out_users_is_seen_and_not_ranked() -> None:
    data = toy(3)
    cut = user_split(data, validation=4, test=4, seed=2).apply(data)
    model = EASE(reg=5.0).fit(cut.train)
    assert evaluate(model, cut, ["recall@12"]).without_input == 0
    assert evaluate(model, cut, ["recall@12"]).means["recall@12"] == 1
    blind = replace(cut, fold_in=None)
    assert evaluate(model, blind, ["recall@12"]).without_input == evaluate(model, blind, ["recall@12"]).n_users


def test_nan_names_the_model() -> None:
    model = ByName().fit(DATA)
    model.scores = (1.0, float("nan"), 1.0, 1.0)  # type: ignore[misc]
    with pytest.raises(ModelError, match="by-name gives scores that are no numbers"):
        evaluate(model, (DATA, held_out(ada="c")), ["recall@1"])


def test_what_was_taken_cannot_be_held_out() -> None:
    with pytest.raises(InputError, match="1 of 2 held-out items were taken by the same user"):
        evaluate(ByName().fit(DATA), (DATA, held_out(ada="ab")), ["recall@1"])


def test_validation_in_training_knows_what_evaluation_knows() -> None:
    """Early stopping asks about held-out users from their input, as evaluating the validation part does."""
    data = toy(4, n_users=30, n_items=150)
    cut = user_split(data, validation=8, test=2, seed=2).apply(data)
    model = RecoNet(epochs=2, embedding_size=8).fit(cut.train, validation=cut.validation, fold_in=cut.fold_in)
    found = evaluate(model, cut, ["recall@50"], part="validation")
    assert 0 < found.means["recall@50"] < 1
    assert model.record.metrics["validation_recall@50"] == pytest.approx(found.means["recall@50"], abs=1e-12)
    blind = RecoNet(epochs=2, embedding_size=8).fit(cut.train, validation=cut.validation)
    assert blind.record.metrics["validation_recall@50"] != model.record.metrics["validation_recall@50"]


def test_what_is_not_shown_is_known_to_nobody_and_ranked_by_nobody() -> None:
    """The scores follow from what is shown, and what was taken stays out of the ranking all the same."""
    data = toy(2)
    cut = user_split(data, validation=3, test=6, seed=1).apply(data)
    model = EASE(reg=5.0).fit(cut.train)
    shown = with_few_given(cut, 1, seed=1)
    found = evaluate(model, cut, "ndcg@5", shown=shown)
    scores = model.score_users(shown, shown.users.ids.to_pylist())
    wanted = rank_metrics(lambda users: scores[users], cut.seen.taken, cut.test, [("ndcg", 5)])["ndcg@5"]
    assert found.of("ndcg@5").tolist() == wanted.tolist()
    assert found.of("ndcg@5").tolist() != evaluate(model, cut, "ndcg@5").of("ndcg@5").tolist()
    assert evaluate(model, cut, "ndcg@5", shown=cut.seen).means == evaluate(model, cut, "ndcg@5").means
    with pytest.raises(UsageError, match="other users or items"):
        evaluate(model, cut, "ndcg@5", shown=DATA)
