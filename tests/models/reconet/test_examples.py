"""The training examples of RecoNet: how much is removed, and what an input may still hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import profiles_of
from graphrec.models.reconet.config import RecoNetConfig
from graphrec.models.reconet.examples import ExampleMaker, removal_thresholds
from graphrec.models.reconet.features import FeatureSets, FeatureSource
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from graphrec.models.reconet.example_batch import ExampleBatch

N_ITEMS = 12


def maker(dataset: Any, *, beta: float = 1.0, per_user: int = 50) -> tuple[ExampleMaker, FeatureSets]:
    users = np.arange(len(dataset.users), dtype=np.int32)
    profiles = profiles_of(dataset, users, users)
    source = FeatureSource.of(profiles, RecoNetConfig())
    return ExampleMaker(source, beta=beta, per_user=per_user), FeatureSets.of(profiles, RecoNetConfig())


def unpacked(batch: ExampleBatch) -> list[tuple[set[int], set[int], int, int, float]]:
    """Return for each example its user's full set, what is missing, its row, its label and its size."""
    ends = [*batch.starts[1:], len(batch.features)]
    full = [set(batch.features[a:b].tolist()) for a, b in zip(batch.starts, ends, strict=True)]
    ends = [*batch.removed_starts[1:], len(batch.removed)]
    missing = [set(batch.removed[a:b].tolist()) for a, b in zip(batch.removed_starts, ends, strict=True)]
    return [
        (full[row], missing[place], row, int(batch.labels[place]), float(batch.sizes[place]))
        for place, row in enumerate(batch.user.tolist())
    ]


def test_probabilities_of_removal() -> None:
    """P(at least r) = 1/(r!)^β."""
    np.testing.assert_allclose(removal_thresholds(1.0)[:5], [1, 1 / 2, 1 / 6, 1 / 24, 1 / 120])
    np.testing.assert_allclose(removal_thresholds(2.0)[:4], [1, 1 / 4, 1 / 36, 1 / 576])


@pytest.mark.parametrize("beta", [0.5, 1.0, 3.0])
def test_how_many_items_and_attributes_are_removed(beta: float) -> None:
    """One user with 30 items that carry nothing, and 20 attributes of their own: the two processes are seen apart."""
    attributes = {f"user.tag={n}": ("user", "tag") for n in range(20)}
    items = [f"i{n:02}" for n in range(30)]
    data = build({"u": dict.fromkeys(items, 5.0)}, items, carried={"u": list(attributes)}, attributes=attributes)
    source, _ = maker(data, beta=beta)
    rng = np.random.default_rng(0)
    counts, labels = [], []
    for _ in range(400):
        for batch in source.epoch(rng, 64):
            for _, missing, _, label, _ in unpacked(batch):
                counts.append((sum(f < 30 for f in missing), sum(f >= 30 for f in missing)))
                labels.append(label)
    assert len(labels) == 400 * 30
    gone = np.array(counts)
    for r in (1, 2, 3, 4):
        for column, at_least in ((0, r), (1, r - 1)):
            expected = removal_thresholds(beta)[r - 1]
            seen = (gone[:, column] >= at_least).mean()
            assert abs(seen - expected) < 4 * np.sqrt(expected * (1 - expected) / len(gone)) + 1e-12
    assert (np.bincount(labels, minlength=30) == 400).all(), "no label repeats in an epoch"


def test_items_removed_beside_the_label_are_any_of_the_others() -> None:
    items = [f"i{n}" for n in range(5)]
    source, _ = maker(build({"u": dict.fromkeys(items, 5.0)}, items), beta=1.0)
    rng = np.random.default_rng(1)
    second = np.zeros((5, 5))
    for _ in range(3000):
        for batch in source.epoch(rng, 8):
            for _, missing, _, label, _ in unpacked(batch):
                if len(missing) == 2:
                    second[label, next(iter(missing - {label}))] += 1
    off_diagonal = second[~np.eye(5, dtype=bool)]
    expected = off_diagonal.mean()
    assert second.trace() == 0
    assert expected > 200
    assert (abs(off_diagonal - expected) < 5 * np.sqrt(expected)).all()


@pytest.mark.parametrize("beta", [0.2, 1.0])
def test_an_input_never_names_its_label(beta: float) -> None:
    """Every example against the rules, calculated from the data one by one."""
    data = toy()
    source, sets = maker(data, beta=beta)
    rng = np.random.default_rng(2)
    full_sets = [
        set(sets.items.row(u).tolist())
        | {N_ITEMS + int(a) for a in sets.item_attributes.row(u)}
        | {N_ITEMS + int(a) for a in sets.user_attributes.row(u)}
        for u in range(len(data.users))
    ]
    seen, of_label = 0, 0
    for _ in range(20):
        for batch in source.epoch(rng, 16):
            for full, missing, _, label, size in unpacked(batch):
                user = full_sets.index(full)
                rest = full - missing
                assert missing <= full
                assert label in missing
                assert size == len(rest) >= 1
                remaining = [f for f in rest if f < N_ITEMS]
                own = {N_ITEMS + int(a) for a in data.user_attributes.row(user)}
                carried = {N_ITEMS + int(a) for item in remaining for a in data.item_attributes.row(item)}
                assert {f for f in rest if f >= N_ITEMS} <= own | carried
                of_label += bool(rest & {N_ITEMS + int(a) for a in data.item_attributes.row(label)})
                seen += 1
    assert seen > 1000
    assert of_label > 100, "where another item carries it, an attribute of the label may stay"


def test_attributes_stay_unless_drawn() -> None:
    """Two items share a genre: it stays when one is removed (unless drawn, in 1 of 2), and leaves with both."""
    shared = "item.genre=drama"
    data = build({"u": {"a": 5, "b": 5}}, ["a", "b"], carried={"a": [shared], "b": [shared], "u": ["user.age=old"]})
    source, _ = maker(data, beta=1.0)
    rng = np.random.default_rng(3)
    genre, age = 2 + 1, 2 + 8
    with_genre, both = [], 0
    for _ in range(4000):
        for batch in source.epoch(rng, 8):
            for full, missing, _, _, _ in unpacked(batch):
                assert full == {0, 1, genre, age}
                if missing >= {0, 1}:
                    both += 1
                    assert genre in missing
                else:
                    with_genre.append(genre not in missing)
    assert abs(np.mean(with_genre) - 0.5) < 4 * 0.5 / np.sqrt(len(with_genre))
    # both items leave in half of the examples; of those, the ones that also lose the age (1 in 2) have no input left
    assert abs(both / (both + len(with_genre)) - (1 / 4) / (3 / 4)) < 0.03


def test_batches_hold_about_as_many_examples_as_asked() -> None:
    data = toy()
    source, sets = maker(data, per_user=3, beta=20.0)
    batches = list(source.epoch(np.random.default_rng(0), 10))
    given = np.minimum(sets.items.counts, 3)
    assert source.examples_per_epoch == given.sum() == sum(len(batch) for batch in batches)
    assert all(len(batch) < 10 + 3 for batch in batches)


def test_without_attributes_a_single_item_gives_no_example() -> None:
    data = build({"one": {"a": 5}, "two": {"a": 5, "b": 5}}, ["a", "b"])
    source, _ = maker(data, beta=20.0)
    labels = [label for batch in source.epoch(np.random.default_rng(0), 8) for label in batch.labels.tolist()]
    assert sorted(labels) == [0, 1]


def test_feature_sets_put_items_before_attributes() -> None:
    data = build(
        {"u": {"b": 5, "a": 5}, "v": {}},
        ["a", "b", "c"],
        carried={"a": ["item.genre=drama"], "b": ["item.genre=comedy"], "u": ["user.age=old"], "v": ["user.age=young"]},
    )
    users = np.arange(2, dtype=np.int32)
    sets = FeatureSets.of(profiles_of(data, users, users), RecoNetConfig())
    features, starts = sets.joined()
    assert features.tolist() == [0, 1, 3 + 0, 3 + 1, 3 + 8, 3 + 7]
    assert starts.tolist() == [0, 5, 6]
    assert sets.padded(fill=99).tolist() == [[0, 1, 3, 4, 11], [10, 99, 99, 99, 99]]
    without = FeatureSets.of(profiles_of(data, users, users), RecoNetConfig(item_attributes=False))
    assert without.joined()[0].tolist() == [0, 1, 11, 10]
    assert isinstance(without.item_attributes, Incidence)


@pytest.mark.parametrize("share", [0.25, 0.9])
def test_cold_examples_have_the_user_s_own_attributes_alone(share: float) -> None:
    data = toy()
    users = np.arange(len(data.users), dtype=np.int32)
    sets = FeatureSource.of(profiles_of(data, users, users), RecoNetConfig())
    source = ExampleMaker(sets, beta=1.0, per_user=50, cold=share)
    own = [set((data.user_attributes.row(user) + N_ITEMS).tolist()) for user in users]
    taken = [set(data.positives.row(user).tolist()) for user in users]
    rng = np.random.default_rng(0)
    cold, every = 0, 0
    for _ in range(60):
        for batch in source.epoch(rng, 64):
            n_sets = len(batch.starts) // 2
            for full, missing, row, label, size in unpacked(batch):
                every += 1
                if row >= n_sets:
                    cold += 1
                    assert full in own
                    assert not missing
                    assert size == len(full)
                    assert any(full == own[user] and label in taken[user] for user in users)
                else:
                    assert label in missing
    assert cold / every == pytest.approx(share, abs=0.05)


def test_without_attributes_of_the_user_there_is_no_cold_example() -> None:
    data = build({"u": {"a": 5.0, "b": 5.0, "c": 5.0}}, ["a", "b", "c"])
    users = np.arange(len(data.users), dtype=np.int32)
    sets = FeatureSource.of(profiles_of(data, users, users), RecoNetConfig())
    source = ExampleMaker(sets, beta=1.0, per_user=50, cold=0.9)
    kept = [row for _ in range(50) for batch in source.epoch(np.random.default_rng(1), 64) for row in batch.user]
    assert not any(kept)


def test_sets_of_some_users_are_those_of_all_with_the_number_of_carriers() -> None:
    """Rows of a source, in any order, are the rows of the whole product; values count who carries an attribute."""
    data = toy()
    users = np.arange(len(data.users), dtype=np.int32)
    profiles = profiles_of(data, users, users)
    whole, source = FeatureSets.of(profiles, RecoNetConfig()), FeatureSource.of(profiles, RecoNetConfig())
    order = np.random.default_rng(0).permutation(users)[:3].astype(np.int64)
    some = source.rows(order)
    for row, user in enumerate(order.tolist()):
        assert some.items.row(row).tolist() == whole.items.row(user).tolist()
        assert some.item_attributes.row(row).tolist() == whole.item_attributes.row(user).tolist()
        assert some.user_attributes.row(row).tolist() == whole.user_attributes.row(user).tolist()
        carried = [a for item in some.items.row(row) for a in data.item_attributes.row(item).tolist()]
        begin, end = some.item_attributes.indptr[row : row + 2]
        carriers = [carried.count(attribute) for attribute in some.item_attributes.row(row).tolist()]
        assert some.item_attributes.weights[begin:end].tolist() == carriers
