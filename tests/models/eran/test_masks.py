"""Training batches of eRAN: of every history a part is shown and the rest is masked."""

from __future__ import annotations

import numpy as np
import pytest

from graphrec.errors import UsageError
from graphrec.models.eran.config import AS_PRINTED, ERANConfig
from graphrec.models.eran.masks import masked_batches
from graphrec.models.eran.model import ERAN
from graphrec.models.eran.pairs import pair_batches
from graphrec.models.negative_sampling import NegativeSampler
from graphrec.testing.toy import toy


def test_every_history_is_divided() -> None:
    """Each user with two items or more is there once; shown and masked make up the history, neither being empty."""
    positives = toy().positives
    config = ERANConfig(batch_size=5, least_masked=0.01, most_masked=0.99)
    batches = list(masked_batches(positives, None, np.arange(12), config, np.random.default_rng(0)))
    users = np.concatenate([batch.users for batch in batches])
    assert sorted(users.tolist()) == np.flatnonzero(positives.counts > 1).tolist()
    assert max(len(batch.users) for batch in batches) <= 5
    for batch in batches:
        assert batch.candidates is None
        for place, user in enumerate(batch.users):
            shown, masked = batch.shown.row(place).tolist(), batch.masked.row(place).tolist()
            assert shown
            assert masked
            assert sorted(shown + masked) == positives.row(int(user)).tolist()


def test_shares_lie_between_the_settings() -> None:
    """Histories of 100 items with 20 to 40 % masked: never fewer than 20 and never more than 40 items."""
    from graphrec.dataset.incidence import Incidence

    positives = Incidence.from_pairs(np.repeat(np.arange(50), 100), np.tile(np.arange(100), 50), (50, 100))
    config = ERANConfig(least_masked=0.2, most_masked=0.4)
    (batch,) = masked_batches(positives, None, np.arange(100), config, np.random.default_rng(0))
    assert batch.masked.counts.min() >= 20
    assert batch.masked.counts.max() <= 40
    assert len(set(batch.masked.counts.tolist())) > 10


def test_masks_by_time_hide_the_latest() -> None:
    """Where a step masks by time, whatever is shown is older than whatever is masked."""
    positives = toy().positives
    times = np.random.default_rng(1).permutation(positives.n_entries).astype(np.float64)
    config = ERANConfig(time_masks=1.0)
    for batch in masked_batches(positives, times, np.arange(12), config, np.random.default_rng(0)):
        for place, user in enumerate(batch.users):
            own = dict(zip(positives.row(int(user)).tolist(), times[positives.indptr[user] :], strict=False))
            shown, masked = ([own[item] for item in part.row(place)] for part in (batch.shown, batch.masked))
            assert max(shown) < min(masked)


def test_large_catalogues_are_sampled() -> None:
    positives = toy().positives
    config = ERANConfig(sampled_above=11, sampled_items=4)
    batches = list(masked_batches(positives, None, np.arange(12), config, np.random.default_rng(0)))
    for batch in batches:
        assert batch.candidates is not None
        wanted = np.unique(batch.masked.indices)
        assert len(batch.candidates.items) == len(wanted) + min(4, 12 - len(wanted))
    data = toy()
    sampled = ERAN(epochs=40, embedding_size=4, sampled_above=11, sampled_items=6).fit(data)
    whole = ERAN(epochs=40, embedding_size=4).fit(data)
    assert sampled.record.metrics["loss"] < sampled.record.metrics["loss_without_knowledge"]
    users = data.users.ids.to_pylist()
    correlations = [
        np.corrcoef(one, two)[0, 1]
        for one, two in zip(sampled.score_users(data, users), whole.score_users(data, users), strict=True)
        if one.any()
    ]
    assert np.mean(correlations) > 0.9


def test_pairs_are_of_one_user() -> None:
    """Every positive of users with two items or more is i once; j is another item of the user, n one not taken."""
    positives = toy().positives
    seen = []
    for batch in pair_batches(positives, NegativeSampler(positives), np.random.default_rng(0), 16, 3):
        for user, i, j, n in zip(
            batch.users, *(batch.items[p] for p in (batch.first, batch.second, batch.negative)), strict=True
        ):
            own = positives.row(int(user)).tolist()
            assert i in own
            assert j in own
            assert i != j
            assert n not in own
            seen.append((user, i))
        assert len(batch.reconstructed) == 3
    assert len(set(seen)) == len(seen) == int(positives.counts[positives.counts > 1].sum())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"forms": "near"}, "write networks, distance, or networks,distance"),
        ({"least_masked": 0.9, "most_masked": 0.2}, "least_masked is 0.9"),
        ({"cold": "minimum"}, "needs forms=distance"),
        ({"objective": "pairs"}, "needs forms=distance"),
        ({"alpha": 0.0}, "needs network_loss=true"),
        ({"threshold": 2}, "tower=autoencoder"),
        ({"tower": "autoencoder", "rebuilt": 0.2}, "tower=linear"),
        ({"hidden_sizes": (8, 0)}, "1 unit or more"),
    ],
)
def test_settings_that_contradict_each_other(settings: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ERAN(**settings)


def test_the_papers_settings_are_valid() -> None:
    assert ERAN(**AS_PRINTED).config.cold == "minimum"


def test_unknown_kinds_are_named() -> None:
    with pytest.raises(UsageError, match="no item attribute is of the kind 'colour'"):
        ERAN(attributes="genre,colour", epochs=1).fit(toy())
