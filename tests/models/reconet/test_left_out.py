"""What RecoNet takes over from the fit of InDGRM: labels that thinning leaves out, masked inputs, shares drawn anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UsageError
from graphrec.models.recommender import FitContext
from graphrec.models.reconet.config import RecoNetConfig
from graphrec.models.reconet.examples import ExampleMaker
from graphrec.models.reconet.features import FeatureSource
from graphrec.models.reconet.left_out import LeftOutExamples
from graphrec.models.reconet.task import RecoNetTask
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from graphrec.models.reconet.example_batch import ExampleBatch

GENRE = "item.genre=drama"


def inputs_of(batch: ExampleBatch) -> list[set[int]]:
    """Return the features that are the input of each example."""
    ends = [*batch.starts[1:], len(batch.features)]
    full = [set(batch.features[a:b].tolist()) for a, b in zip(batch.starts, ends, strict=True)]
    ends = [*batch.removed_starts[1:], len(batch.removed)]
    missing = [set(batch.removed[a:b].tolist()) for a, b in zip(batch.removed_starts, ends, strict=True)]
    return [full[row] - gone for row, gone in zip(batch.user, missing, strict=True)]


def test_what_thinning_leaves_out_is_asked_for_and_what_it_leaves_is_input() -> None:
    """a to d taken, b and d left: a and c are labels, once each; the genre of a and b stays with b, c's own goes."""
    carried = {"a": [GENRE], "b": [GENRE], "c": ["item.genre=comedy"]}
    data = build({"u": dict.fromkeys("abcd", 5.0)}, list("abcde"), carried=carried)
    user = np.array([0], dtype=np.int32)
    whole = profiles_of(data, user, user)
    left = whole.with_inputs(np.array([0]), whole.items.where(np.isin(whole.items.indices, [1, 3])), {})
    sets = FeatureSource.of(left, RecoNetConfig())
    source = LeftOutExamples(whole.items, sets, per_user=20, mask_inputs=True)
    (batch,) = source.epoch(np.random.default_rng(0), 64)
    genre = 5 + data.attributes.ids.to_pylist().index(GENRE)
    assert sorted(batch.labels) == [0, 2]
    assert inputs_of(batch) == [{1, 3, genre}] * 2
    assert batch.sizes.tolist() == [3.0, 3.0]
    assert batch.masked is not None
    assert [batch.masked.row(example).tolist() for example in (0, 1)] == [[1, 3], [1, 3]]


def test_no_more_labels_than_examples_per_user_and_each_as_likely() -> None:
    """Of 30 items 10 are left, and five of the other 20 are asked for: each in a quarter of the epochs."""
    items = [f"i{n:02}" for n in range(30)]
    data = build({"u": dict.fromkeys(items, 5.0)}, items)
    user = np.array([0], dtype=np.int32)
    whole = profiles_of(data, user, user)
    left = whole.with_inputs(np.array([0]), whole.items.where(np.arange(30) < 10), {})
    source = LeftOutExamples(whole.items, FeatureSource.of(left, RecoNetConfig()), per_user=5)
    rng, asked = np.random.default_rng(0), np.zeros(30)
    for _ in range(400):
        (batch,) = source.epoch(rng, 64)
        assert len(set(batch.labels.tolist())) == 5
        assert batch.masked is None
        asked[batch.labels] += 1
    assert not asked[:10].any()
    assert (abs(asked[10:] - 100) < 5 * np.sqrt(400 * 0.25 * 0.75)).all()


@pytest.mark.parametrize("cold", [0.0, 0.4])
@pytest.mark.parametrize("labels", ["removed", "left-out"])
def test_the_masked_items_of_an_example_are_those_of_its_input(labels: str, cold: float) -> None:
    """Whatever the scheme; a cold example has no item as input, and masks none."""
    data = toy()
    users = np.arange(len(data.users), dtype=np.int32)
    whole = profiles_of(data, users, users)
    rng = np.random.default_rng(1)
    sets = FeatureSource.of(whole.thinned(0.5, rng), RecoNetConfig())
    rules: dict[str, Any] = {"per_user": 20, "cold": cold, "mask_inputs": True}
    source: ExampleMaker | LeftOutExamples = LeftOutExamples(whole.items, sets, **rules)
    if labels == "removed":
        source = ExampleMaker(sets, beta=0.3, **rules)
    n_items, n_masked, seen = len(data.items), [], 0
    for _ in range(20):
        for batch in source.epoch(rng, 16):
            assert batch.masked is not None
            assert batch.masked.n_rows == len(batch)
            for example, inputs in enumerate(inputs_of(batch)):
                masked = set(batch.masked.row(example).tolist())
                assert masked == {feature for feature in inputs if feature < n_items}
                assert batch.labels[example] not in masked
                n_masked.append(len(masked))
                seen += 1
    assert seen > 200
    assert min(n_masked) == 0
    assert max(n_masked) > 1


def test_shares_are_drawn_for_every_user_and_epoch_from_the_whole_range() -> None:
    """200 users with 500 items: of the input between .1 and .7 is left, with the spread of a uniform draw."""
    items = [f"i{n:03}" for n in range(500)]
    data = build({f"u{n:03}": dict.fromkeys(items, 5.0) for n in range(200)}, items)
    config = RecoNetConfig(thinning=0.9, thinning_from=0.3, labels="left-out", examples_per_user=1, batch_size=500)
    task = RecoNetTask(data, config, FitContext())
    rng, shares = np.random.default_rng(0), []
    for _ in range(2):
        (batch,) = task.batches(0, rng)
        shares.append(np.sort(batch.sizes / 500))
    for share in shares:
        assert share[0] > 0.1 - 0.06
        assert share[-1] < 0.7 + 0.06
        assert abs(share.mean() - 0.4) < 5 * 0.6 / np.sqrt(12 * 200)
        assert abs(share.std() - 0.6 / np.sqrt(12)) < 0.03
    assert (shares[0] != shares[1]).any()


def test_the_loss_leaves_masked_items_out() -> None:
    """One user, a in and b asked for, of three items: the loss is that of two scores, and a's output has no slope."""
    data = build({"u": {"a": 5.0, "b": 5.0}}, ["a", "b", "c"])
    config = RecoNetConfig(embedding_size=4, thinning=0.5, labels="left-out", mask_inputs=True)
    task = RecoNetTask(data, config, FitContext())
    user = np.array([0], dtype=np.int32)
    whole = profiles_of(data, user, user)
    left = whole.with_inputs(np.array([0]), whole.items.where(np.array([True, False])), {})
    source = LeftOutExamples(whole.items, FeatureSource.of(left, config), per_user=1, mask_inputs=True)
    (batch,) = source.epoch(np.random.default_rng(0), 8)
    loss = task.loss(batch)
    loss.backward()
    q, w = task.network.features.detach()[0], task.network.output.detach()
    scores = w @ q
    assert loss.item() == pytest.approx(np.log1p(np.exp((scores[2] - scores[1]).item())), rel=1e-5)
    assert task.network.output.grad is not None
    assert not task.network.output.grad[0].any()
    assert task.network.output.grad[2].any()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"labels": "left-out"}, "nothing is left out: take thinning above 0"),
        ({"thinning": 0.5, "thinning_from": 0.5}, "take less than 0.5"),
        ({"thinning_from": 0.1}, "take less than 0.0"),
    ],
)
def test_settings_that_would_do_nothing_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        RecoNetConfig.read(settings)
