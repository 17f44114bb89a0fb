"""Training of InDGRM: batches, costs, the lasso and averages, local optimisation, sampled softmax, copies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.profiles import Profiles
from graphrec.errors import UsageError
from graphrec.evaluation.clusters.cluster_dimensions import ClusterDimensions
from graphrec.evaluation.clusters.factor_mapping import FactorMapping
from graphrec.evaluation.clusters.pruning import Prunable
from graphrec.models.indgrm.batches import MaskedUsers, masked_users
from graphrec.models.indgrm.config import AS_PRINTED, LIFTED, InDGRMConfig
from graphrec.models.indgrm.inner import locally_optimised
from graphrec.models.indgrm.model import InDGRM
from graphrec.models.indgrm.network import InDGRMNetwork, Posterior
from graphrec.models.indgrm.objective import Targets
from graphrec.models.indgrm.task import InDGRMTask
from graphrec.models.recommender import FitContext
from graphrec.schema.property_graph import USER_CLUSTER
from graphrec.testing.toy import build, toy
from tests.models.indgrm.small import fitted, profiles, small_config

CPU = torch.device("cpu")


def batch_of(seen: list[list[int]], targets: list[list[int]], n_items: int, **parts: Any) -> MaskedUsers:
    """Return a batch of users by their items."""

    def rows(of: list[list[int]]) -> Incidence:
        user = np.repeat(np.arange(len(of)), [len(items) for items in of])
        return Incidence.from_pairs(user, np.array([item for items in of for item in items]), (len(of), n_items))

    return MaskedUsers(rows(seen), rows(targets), **{"candidates": None, "step": 0, **parts})


def test_a_batch_divides_what_its_users_took() -> None:
    positives = toy().positives
    config = small_config(least_kept=0.2, most_kept=0.6)
    batches = list(masked_users(positives, config, np.random.default_rng(0), first_step=7))
    assert [batch.step for batch in batches] == list(range(7, 7 + len(batches)))
    rows = sorted(
        tuple(sorted([*batch.seen.row(row), *batch.targets.row(row)]))
        for batch in batches
        for row in range(batch.seen.n_rows)
    )
    assert rows == sorted(tuple(positives.row(user)) for user in np.flatnonzero(positives.counts))
    kept = sum(batch.seen.n_entries for batch in batches) / positives.n_entries
    assert 0.2 < kept < 0.6


def test_all_items_are_targets_as_printed() -> None:
    positives = toy().positives
    config = small_config(targets="all", least_kept=0.5, most_kept=0.5)
    for batch in masked_users(positives, config, np.random.default_rng(0), 0):
        assert batch.targets.n_entries > batch.seen.n_entries
        assert batch.targets.has(batch.seen.row_of_entry, batch.seen.indices).all()


def test_candidates_are_all_targets_and_as_many_others() -> None:
    positives = toy().positives
    for batch in masked_users(positives, small_config(negatives=3), np.random.default_rng(0), 0):
        wanted = np.unique(batch.targets.indices)
        assert batch.candidates is not None
        items, correction = batch.candidates.items, batch.candidates.correction
        others, drawn = positives.n_columns - len(wanted), len(items) - len(wanted)
        assert (np.diff(items) > 0).all()
        assert drawn == min(3, others)
        np.testing.assert_array_equal(items[correction == 0], wanted if drawn < others else items)
        np.testing.assert_allclose(correction[correction > 0], np.log(others / drawn), rtol=1e-6)


def test_the_cost_by_hand() -> None:
    """u saw item 0 and is to find 1 and 2, v is to find 3; w has nothing to find, and does not count."""
    scores = torch.tensor([[9.0, 1.0, 2.0, 0.0], [0.0, 1.0, 0.0, 3.0], [1.0, 1.0, 1.0, 1.0]])
    batch = batch_of([[0], [], [2]], [[1, 2], [3], []], 4)
    of_u = np.log(np.exp([1, 2, 0]).sum()) - 1.5
    of_v = np.log(np.exp([0, 1, 0, 3]).sum()) - 3
    for power, weights in ((0.0, (1, 1)), (0.5, (2**0.5, 1)), (1.0, (2, 1))):
        config = small_config(user_weight=power)
        found = Targets.of(batch, config, CPU).cost(scores, config).item()
        assert found == pytest.approx(np.average([of_u, of_v], weights=weights), rel=1e-6)
    config = small_config(inputs_in_softmax=True, user_weight=0.0)
    of_u = np.log(np.exp([9, 1, 2, 0]).sum()) - 1.5
    assert Targets.of(batch, config, CPU).cost(scores, config).item() == pytest.approx((of_u + of_v) / 2, rel=1e-6)


@pytest.mark.parametrize("cost", ["squared", "double-softmax"])
def test_squared_costs_by_hand(cost: str) -> None:
    scores = np.array([[1.0, 2.0, 0.0], [0.0, -1.0, 3.0]])
    x = np.array([[1, 1, 0], [0, 0, 1]])

    def softmax(values: np.ndarray) -> np.ndarray:
        return np.exp(values) / np.exp(values).sum(axis=1, keepdims=True)

    generated = softmax(softmax(scores)) if cost == "double-softmax" else softmax(scores)
    config = small_config(cost=cost, inputs_in_softmax=True, user_weight=0.0)
    found = Targets.of(batch_of([[0], [2]], [[0, 1], [2]], 3), config, CPU).cost(torch.from_numpy(scores), config)
    assert found.item() == pytest.approx(((x - generated) ** 2).sum(axis=1).mean(), rel=1e-6)


def test_a_sampled_softmax_is_right_on_average() -> None:
    """The sum under the logarithm, over 400 draws of 10 of 40 items, against that of all 40."""
    scores, config = torch.randn(1, 40, generator=torch.Generator().manual_seed(0)), small_config(negatives=10)
    rng, sums = np.random.default_rng(0), []
    positives = Incidence.from_pairs(np.zeros(3), np.array([4, 17, 30]), (1, 40))
    while len(sums) < 400:
        (batch,) = masked_users(positives, config.model_copy(update={"targets": "all"}), rng, 0)
        free = MaskedUsers(Incidence.empty(1, 40), batch.targets, batch.candidates, 0)
        assert batch.candidates is not None
        cost = Targets.of(free, config, CPU).cost(scores[:, batch.candidates.items], config).item()
        sums.append(np.exp(cost + scores[0, [4, 17, 30]].mean().item()))
    assert np.mean(sums) == pytest.approx(scores.exp().sum().item(), rel=0.02)


def test_many_items_train_by_a_sampled_softmax() -> None:
    """100,000 items: no step holds a number for each user and item."""
    rng = np.random.default_rng(0)
    items = [f"i{number}" for number in range(100_000)]
    data = build({f"u{user}": {items[item]: 5.0 for item in rng.integers(0, 100_000, 6)} for user in range(64)}, items)
    config = small_config(negatives=500, batch_size=64)
    task = InDGRMTask(data, config, FitContext())
    (batch,) = task.batches(0, rng)
    assert batch.candidates is not None
    assert len(batch.candidates.items) < 900
    sizes: list[int] = []
    with torch.autograd.graph.saved_tensors_hooks(lambda saved: (sizes.append(saved.numel()), saved)[1], lambda t: t):
        task.loss(batch).backward()  # type: ignore[no-untyped-call]
    assert max(sizes) < 64 * 100_000 / 4
    assert torch.isfinite(task.network.decoder.items.grad).all()


def test_a_lasso_leaves_exact_zeros_in_averaged_weights() -> None:
    """Some links go and others stay; without the step after averaging, an average has no exact zero."""
    data = toy()
    some = fitted(data, lasso=0.8, averaging=0.9, epochs=12)
    lengths = np.linalg.norm(some.arrays()["network.decoder.mapping.weight"], axis=2)
    assert 0 < (lengths == 0).sum() < lengths.size
    assert some.record.metrics["linked"] == pytest.approx((lengths > 0).mean())
    none = fitted(data, lasso=1e6, averaging=0.9)
    assert none.record.metrics["linked"] == 0
    assert not none.mapping_of(profiles(data)).any()


def test_local_optimisation_lowers_the_loss_and_reaches_the_encoder() -> None:
    torch.manual_seed(0)
    data = toy()
    config = small_config(inner_steps=20, inner_rate=0.05)
    task = InDGRMTask(data, config, FitContext())
    batch = next(iter(task.batches(0, np.random.default_rng(0))))
    network = task.network
    candidates = network.decoder.candidates(network.groups()).detached()
    targets = Targets.of(batch, config, CPU)

    def bound(of: Posterior) -> torch.Tensor:
        noise = torch.randn(of.means.shape, generator=torch.Generator().manual_seed(1))
        divergence = network.prior.divergence(of.means, of.deviations, of.gates).mean()
        scores = candidates.scores(of.means + noise * of.deviations, of.gates)
        return targets.cost(scores, config) + 0.1 * divergence

    means = torch.randn(batch.seen.n_rows, 6, requires_grad=True)
    deviations = torch.full((batch.seen.n_rows, 6), 0.5, requires_grad=True)
    before = Posterior(means, deviations, torch.full((batch.seen.n_rows, 3), 1 / 3))
    after = locally_optimised(before, bound, config)
    assert bound(after).item() < bound(before).item() - 0.05
    assert (after.deviations > 0).all()
    bound(after).backward()  # type: ignore[no-untyped-call]
    at_the_end = Posterior(*(part.detach().requires_grad_(part.requires_grad) for part in after))
    bound(at_the_end).backward()  # type: ignore[no-untyped-call]
    torch.testing.assert_close(means.grad, at_the_end.means.grad)
    torch.testing.assert_close(deviations.grad, at_the_end.deviations.grad)


def test_popularity_is_where_biases_start() -> None:
    network = InDGRMNetwork(2, 0, small_config(), np.array([0, 8]))
    np.testing.assert_allclose(network.decoder.bias.detach(), [0, 0.5 * np.log(9)], rtol=1e-6)


def test_pruned_is_what_masking_its_maps_is() -> None:
    data = toy()
    model = fitted(data, prune_below=0)
    assert model.dimensions() == [6, 6, 6]
    pruned = model.pruned(1.0)
    variances = np.exp(model.arrays()["network.prior.log_variances"])
    kept = variances >= variances.mean(axis=1, keepdims=True)
    assert pruned.dimensions() == kept.sum(axis=1).tolist()
    arrays = dict(model.arrays())
    arrays["network.maps.weight"] = arrays["network.maps.weight"] * kept[:, :, None]
    by_hand = InDGRM(model.config)
    by_hand.restore(arrays)
    users = profiles(data)
    torch.testing.assert_close(pruned.score(users), by_hand.score(users))
    assert (pruned.score(users) - model.score(users)).abs().max() > 1e-3
    absolute = model.pruned(float(np.median(variances)), relative=False)
    assert absolute.dimensions() == (variances >= np.float32(np.median(variances))).sum(axis=1).tolist()


def test_without_its_mapping_a_model_scores_by_similarity_alone() -> None:
    data = toy()
    model = fitted(data, lasso=0.0, decoder="identity")
    users = profiles(data)
    bare = model.without_mapping()
    own = model.mapping_of(users)
    assert own.shape == (len(users), 4, 6)
    added = torch.einsum("bgd,bd->bg", own, model.user_latents(users)[:, :6])
    group = torch.from_numpy(np.array([int(name.rpartition("-")[2]) - 1 for name in _groups(model, data)]))
    torch.testing.assert_close(model.score(users), bare.score(users) + added[:, group], atol=1e-5, rtol=1e-5)
    gates = model.user_latents(users)[:, 6:]
    torch.testing.assert_close(own, torch.einsum("bk,kgd->bgd", gates, model.cluster_mapping()), atol=1e-6, rtol=1e-5)
    assert not bare.mapping_of(users).any()
    assert not bare.cluster_mapping().any()
    assert bare.record is model.record


def _groups(model: InDGRM, data: Any) -> list[str]:
    """Return the way of each item."""
    items = np.arange(len(data.items))
    everything = Incidence.from_pairs(np.zeros_like(items), items, (1, len(items)))
    someone = Profiles(np.array([-1], dtype=np.int32), everything)
    evidence = model.evidence(someone, torch.zeros(1, 1, dtype=torch.int64))
    return [evidence.via_names[int(via)].as_py() for via in evidence.vias[0]]


def test_memberships_are_gates_and_the_groups_of_what_was_taken() -> None:
    data = toy()
    model = fitted(data)
    factors = model.factors(data)
    kinds = factors.ids.columns["kind"].to_pylist()
    assert kinds.count("item_group") == 4
    everybody = profiles(data, least=0)
    belonging = model.user_memberships(everybody, factors)
    clusters = belonging[:, : kinds.count("user_cluster")]
    has_history = data.positives.counts > 0
    np.testing.assert_allclose(clusters[has_history].sum(axis=1), 1, atol=0.02)
    assert not clusters[~has_history].any()
    np.testing.assert_allclose(factors.members["Item"][:, -4:].sum(axis=1), 1, rtol=1e-5)
    alone = fitted(data, clusters=1, groups=0)
    assert len(alone.factors(data).ids) == 0


def test_the_settings_of_the_paper_are_all_departures() -> None:
    """Each is another than the default, and the defaults take all of them back."""
    defaults = InDGRMConfig()
    assert all(getattr(defaults, name) != value for name, value in AS_PRINTED.items())
    assert InDGRMConfig.read({**AS_PRINTED, **LIFTED}) == defaults
    printed = InDGRMConfig.read(dict(AS_PRINTED))
    assert (printed.embedding_size, printed.epochs, printed.batch_size, printed.lasso) == (150, 200, 128, 1.0)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"least_kept": 0.9, "most_kept": 0.5}, "least_kept is 0.9"),
        ({"least_kept": 1.0, "most_kept": 1.0}, "nothing is dropped"),
        ({"encoder": "network", "component_maps": "none"}, "component_maps=full"),
        ({"negatives": 5, "cost": "squared"}, "cost=multinomial"),
        ({"category_vectors": "words.txt"}, "triplets=prototypes"),
    ],
)
def test_settings_that_do_not_go_together_are_refused(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        InDGRM(**settings)


def test_the_mapping_of_users_is_that_of_clusters_mixed_by_their_gates() -> None:
    data = toy()
    model = fitted(lasso=0.5)
    users, factors = profiles(data), model.factors(data)
    clusters = factors.of_kind(USER_CLUSTER)
    gates = torch.from_numpy(model.user_memberships(users, factors)[:, clusters])
    index = factors.ids.columns["index"].take(pa.array(clusters)).to_pylist()
    assert sorted(index) == [0, 1, 2]
    mixed = torch.einsum("bk,kgd->bgd", gates, model.cluster_mapping()[index])
    torch.testing.assert_close(model.mapping_of(users), mixed)
    off = (model.cluster_mapping() == 0).all(dim=2)
    assert float(1 - off.float().mean()) == pytest.approx(model.record.metrics["linked"])
    assert fitted(mapping=False).cluster_mapping().shape == (3, 4, 6)
    assert not model.without_mapping().cluster_mapping().any()
    assert model.cluster_dimensions == tuple(model.dimensions())


def test_sections_find_what_they_measure_of_components_and_mappings() -> None:
    model = fitted()
    assert all(isinstance(model, kind) for kind in (Prunable, FactorMapping, ClusterDimensions))
