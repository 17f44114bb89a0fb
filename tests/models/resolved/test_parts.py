"""The normaliser, levels, blocks, sampling, and examples, each by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.errors import UsageError
from graphrec.models import training
from graphrec.models.recommender import FitContext
from graphrec.models.resolved import decoder, normaliser
from graphrec.models.resolved.blocks import blocks_of
from graphrec.models.resolved.config import ResolvedConfig
from graphrec.models.resolved.examples import kept_as_input, user_batches
from graphrec.models.resolved.levels import depths, hops_below, links_below
from graphrec.models.resolved.neighbourhoods import graph_of_levels, sampled_blocks
from graphrec.models.resolved.network import ResolvedNetwork
from graphrec.models.resolved.objective import negative_bound, sampled_bound
from graphrec.models.resolved.task import ResolvedTask
from graphrec.models.sampled_softmax import SampledItems
from graphrec.models.training import train
from graphrec.sampling.dgl_sampler import DGLSampler
from graphrec.sampling.torch_sampler import TorchSampler
from graphrec.testing.knowledge import toy_with_knowledge, with_facts
from graphrec.testing.toy import build, toy
from tests.sampling.dgl_here import need_dgl

if TYPE_CHECKING:
    from graphrec.models.config import Chances
    from graphrec.models.resolved.blocks import Blocks

SMALL = ResolvedConfig(embedding_size=4, item_factors=3, entity_factors=2, batch_size=8)


MASKED = Incidence.from_pairs(np.array([0, 0, 2, 4, 5]), np.array([1, 8, 3, 3, 0]), (6, 9))


@pytest.mark.parametrize("masked", [None, MASKED])
@pytest.mark.parametrize("at_once", [1, 200, 10**6])
def test_the_normaliser_and_its_gradients(
    at_once: int, masked: Incidence | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Against autograd over all components at once; absent segments and masked items have no part in it."""
    monkeypatch.setattr(normaliser, "LOGITS_AT_ONCE", at_once)
    torch.manual_seed(0)
    tensors = [torch.randn(shape, requires_grad=True) for shape in ((6, 5, 4), (9, 4), (9, 2, 4), (9, 3))]
    filled = torch.ones(6, 5, dtype=torch.bool)
    filled[2, 3:] = False
    filled[4], shares = False, torch.rand(6)
    shares[4] = 0  # a user without any segment is asked nothing
    queries, *sides = tensors
    dictionary = decoder.Dictionary(*sides)
    some = shares > 0
    everything = dictionary.of(torch.arange(9).expand(int(some.sum()), 9))
    terms = decoder.components_of_some(queries[some][:, None], filled[some][:, None], everything)[:, 0]
    if masked is not None:
        hidden = torch.from_numpy(masked.csr().toarray() > 0)[some]
        terms = terms.masked_fill(hidden[:, :, None], float("-inf"))
    whole = (terms.flatten(1).logsumexp(dim=1) * shares[some]).sum()
    expected = torch.autograd.grad(whole, tensors)
    found = normaliser.log_normaliser(queries, filled, dictionary, shares, masked)
    torch.testing.assert_close(found, whole)
    for mine, theirs in zip(torch.autograd.grad(found, tensors), expected, strict=True):
        torch.testing.assert_close(mine, theirs, atol=1e-5, rtol=1e-4)


def test_scores_are_the_log_sum_of_what_is_there_and_do_not_depend_on_the_slices(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    torch.manual_seed(0)
    queries, filled = torch.randn(3, 5, 4), torch.ones(3, 5, dtype=torch.bool)
    filled[0, 2:], filled[1] = False, False
    dictionary = decoder.Dictionary(torch.randn(9, 4), torch.randn(9, 2, 4), torch.randn(9, 3))
    whole = decoder.scores(queries, filled, dictionary)
    of_user = (queries[0, :2] @ dictionary.items.T + dictionary.log_affiliation.T[:2]).exp().sum(dim=0).log()
    torch.testing.assert_close(whole[0], of_user)
    monkeypatch.setattr(decoder, "LOGITS_AT_ONCE", 40)
    torch.testing.assert_close(decoder.scores(queries, filled, dictionary), whole)
    assert not whole[1].any()


def test_levels_of_a_chain() -> None:
    """i – a – b – c, with a – d and d – b: a is on the first level, b and d on the second, c on the third."""
    data = with_facts(
        build({"u": {"i": 1.0}}, ["i"]),
        [("i", "r", "a"), ("a", "r", "b"), ("c", "r", "b"), ("a", "r", "d"), ("d", "r", "b"), ("x", "r", "y")],
        ["a", "b", "c", "d", "x", "y"],
    )
    assert depths(data.item_entities, data.knowledge.links("entity", "entity")).tolist() == [1, 2, 3, 2, 0, 0]
    below = links_below(data)
    assert [below.row(entity).tolist() for entity in range(6)] == [[1, 3], [2], [], [], [], []]
    hops = hops_below(np.array([0]), below, 3)
    assert [hop.nodes.tolist() for hop in hops] == [[1, 3], [2]]
    config = SMALL.model_copy(update={"levels": 3, "activation": "tanh"})
    network = ResolvedNetwork(1, 6, config, levels=3)
    z, layers = network.entities, network.entity_layers
    of_b = torch.tanh((z[1] + z[2]) / 2 @ layers[1].T)
    of_d = torch.tanh(z[3] @ layers[1].T)
    of_a = torch.tanh((z[0] + of_b + of_d) / 3 @ layers[0].T)
    torch.testing.assert_close(network.entity_vectors(np.array([0]), hops)[0], of_a)
    torch.testing.assert_close(network.entity_vectors(np.array([0]), ())[0], z[0])


def blocks_by_node(blocks: Blocks) -> tuple[object, ...]:
    below = [blocks.entities, *(hop.nodes for hop in blocks.below)]
    return (
        [sorted(blocks.items[row]) for row in rows_of(blocks.taken)],
        {int(t): sorted(blocks.entities[row]) for t, row in zip(blocks.items, rows_of(blocks.described), strict=True)},
        [
            {int(e): sorted(hop.nodes[row]) for e, row in zip(above, rows_of(hop.links), strict=True)}
            for above, hop in zip(below, blocks.below, strict=False)
        ],
    )


def rows_of(incidence: Incidence) -> list[np.ndarray]:
    return [incidence.row(row) for row in range(incidence.n_rows)]


@pytest.mark.parametrize("kind", ["torch", "dgl"])
def test_sampling_everything_is_the_whole_neighbourhood(kind: str) -> None:
    data, config = toy_with_knowledge(), SMALL.model_copy(update={"levels": 2})
    below = links_below(data)
    graph, users = graph_of_levels(data, below), np.array([5, 0, 9])
    sampler = TorchSampler(graph) if kind == "torch" else dgl_sampler(graph)
    taken = data.positives.rows(users)
    found = sampled_blocks(sampler, users, taken, config, np.random.default_rng(0))
    assert blocks_by_node(found) == blocks_by_node(blocks_of(taken, data.item_entities, below, 2))
    kept = taken.where(np.arange(taken.n_entries) % 2 == 0)
    masked = sampled_blocks(sampler, users, kept, config, np.random.default_rng(0))
    assert [sorted(masked.items[row]) for row in rows_of(masked.taken)] == [row.tolist() for row in rows_of(kept)]
    few = config.model_copy(update={"user_fanout": 1, "item_fanout": 1})
    drawn = sampled_blocks(sampler, users, taken, few, np.random.default_rng(0))
    assert drawn.taken.counts.tolist() == [1, 1, 1]
    assert drawn.described.counts.max() == 1


def dgl_sampler(graph: object) -> DGLSampler:
    need_dgl()
    return DGLSampler(graph)  # type: ignore[arg-type]


def test_both_samplers_train_the_same_network() -> None:
    data = toy_with_knowledge()
    config = SMALL.model_copy(update={"epochs": 2, "levels": 2})
    states = []
    for sampler in (TorchSampler, dgl_sampler):
        task = ResolvedTask(data, config, FitContext(), sampler=sampler)
        task.optimiser = lambda task=task: torch.optim.SGD(task.network.parameters(), lr=0.01)  # type: ignore[method-assign]
        train(task, config, identity={})
        states.append(task.inference_arrays())
    for name, tensor in states[0].items():
        torch.testing.assert_close(tensor, states[1][name], atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("kind", ["torch", "dgl"])
def test_sampled_batches_made_ahead_are_the_same(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two fits with a thread that makes batches, a new one each epoch, and one without: the same weights."""
    data = toy_with_knowledge()
    fanouts = dict.fromkeys(("user_fanout", "item_fanout", "entity_fanout"), 2)
    config = SMALL.model_copy(update={"epochs": 3, "levels": 2, **fanouts})

    def fitted() -> dict[str, torch.Tensor]:
        task = ResolvedTask(data, config, FitContext(), sampler=TorchSampler if kind == "torch" else dgl_sampler)
        assert task.deterministic_batches
        train(task, config, identity={})
        return task.inference_arrays()

    first, again = fitted(), fitted()
    monkeypatch.setattr(training, "prefetch", lambda batches: (batch for batch in batches))
    for other in (again, fitted()):
        assert all(torch.equal(tensor, other[name]) for name, tensor in first.items())


def test_what_is_left_out_of_the_input() -> None:
    """Of several items one at least stays and one goes; of one, none goes; about half in all."""
    taken = Incidence.from_pairs(np.repeat([0, 1, 2], [1, 2, 4000]), np.r_[0, 0, 1, np.arange(4000)], (4, 4000))
    for seed in range(20):
        kept = kept_as_input(taken, 0.5, np.random.default_rng(seed))
        assert kept[0]
        assert kept[1:3].sum() == 1
    assert 0.45 < kept[3:].mean() < 0.55
    assert kept_as_input(taken, 0.0, np.random.default_rng(0)).all()
    assert kept_as_input(taken, 0.95, np.random.default_rng(0))[1:3].sum() == 1


def test_each_user_has_a_share_of_their_own() -> None:
    """Three users with 4,000 items, of whom a tenth, a half and nine tenths are left out."""
    taken = Incidence.from_pairs(np.repeat([0, 1, 2], 4000), np.tile(np.arange(4000), 3), (3, 4000))
    kept = kept_as_input(taken, np.array([0.1, 0.5, 0.9]), np.random.default_rng(0)).reshape(3, 4000)
    np.testing.assert_allclose(kept.mean(axis=1), [0.9, 0.5, 0.1], atol=5 * np.sqrt(0.25 / 4000))


def test_shares_are_drawn_from_the_whole_range_anew_for_every_user() -> None:
    """300 users with 1,000 items each: shares between .2 and .8 with mean .5 and the spread of a uniform draw."""
    items = [f"i{n:04}" for n in range(1000)]
    config = SMALL.model_copy(update={"input_dropout": 0.8, "input_dropout_from": 0.2, "batch_size": 300})
    data = build({f"u{n:03}": dict.fromkeys(items, 1.0) for n in range(300)}, items)
    sampler = TorchSampler(graph_of_levels(data, links_below(data)))
    batch = next(iter(user_batches(data.positives, sampler, config, 0, np.random.default_rng(0))))
    left_out = np.bincount(batch.user, minlength=300) / 1000
    assert left_out.min() > 0.2 - 0.06
    assert left_out.max() < 0.8 + 0.06
    assert abs(left_out.mean() - 0.5) < 5 * 0.6 / np.sqrt(12 * 300)
    assert abs(left_out.std() - 0.6 / np.sqrt(12)) < 0.03


@pytest.mark.parametrize("single", [True, False])
def test_the_softmax_leaves_out_what_is_not_asked_for(single: bool) -> None:
    """What a user took is either asked for or left out; where nobody has two items, the only one is asked for."""
    rated = {"u": {"a": 5.0}, "v": {"b": 5.0}} if single else {"u": dict.fromkeys("abcde", 5.0), "v": {"b": 5, "c": 5}}
    data = build(rated, list("abcdef"))
    config = SMALL.model_copy(update={"mask_inputs": True})
    sampler = TorchSampler(graph_of_levels(data, links_below(data)))
    rng = np.random.default_rng(0)
    for _ in range(10):
        (batch,) = user_batches(data.positives, sampler, config, 0, rng)
        assert batch.masked is not None
        asked = Incidence.from_pairs(batch.user, batch.item, (2, 6)).csr().toarray()
        masked = batch.masked.csr().toarray()
        assert not (asked * masked).any()
        assert sorted((asked + masked).sum(axis=1)) == sorted(data.positives.counts)
        assert masked.any() != single


@pytest.mark.parametrize("dropped_only", [True, False])
def test_an_epoch_asks_for_what_was_left_out(dropped_only: bool) -> None:
    data = toy()
    config = SMALL.model_copy(update={"dropped_only": dropped_only, "kl_annealing": 2})
    sampler = TorchSampler(graph_of_levels(data, links_below(data)))
    total, given = 0, 0
    for batch in user_batches(data.positives, sampler, config, 1, np.random.default_rng(0)):
        pairs = {(int(u), int(t)) for u, t in zip(batch.user, batch.item, strict=True)}
        shown = {
            (row, int(batch.blocks.items[t]))
            for row, row_items in enumerate(rows_of(batch.blocks.taken))
            for t in row_items
        }
        assert bool(pairs & shown) != dropped_only
        assert 0.5 <= batch.progress <= 1
        total, given = total + len(pairs), given + len(shown)
    several = data.positives.counts[data.positives.counts > 1].sum()
    assert total + given == several if dropped_only else total == data.positives.n_entries


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"mask_inputs": True, "dropped_only": False}, "the inputs are asked for"),
        ({"mask_inputs": True, "input_dropout": 0.0}, "the inputs are asked for"),
        ({"input_dropout": 0.5, "input_dropout_from": 0.5}, "take less than 0.5"),
        ({"input_dropout": 0.0, "input_dropout_from": 0.0}, "take less than 0.0"),
        ({"negatives_by": "popularity"}, "nothing is drawn: take negatives above 0"),
    ],
)
def test_settings_that_would_do_nothing_are_refused(settings: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        ResolvedConfig.read(settings)


def test_a_masked_bound_by_hand() -> None:
    """−log p(t | u) over all items but one: the sum of (13) without that item's term."""
    torch.manual_seed(1)
    data = toy_with_knowledge()
    config = SMALL.model_copy(update={"kl": "none", "noise": 1e-12})
    network = ResolvedNetwork(len(data.items), len(data.nodes["Entity"]), config)
    taken = data.positives.rows(np.array([0]))
    segments = network.encode(blocks_of(taken, data.item_entities))
    scores = decoder.scores(network.queries(segments.mean), segments.filled, network.dictionary())[0]
    masked = Incidence.from_pairs(np.array([0]), np.array([2]), (1, len(data.items)))
    user, item = torch.tensor([0]), torch.tensor([5])
    found = negative_bound(network, segments, user, item, config, 0.0, masked)
    others = torch.arange(len(scores)) != 2
    torch.testing.assert_close(found, scores[others].logsumexp(dim=0) - scores[5], atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("mask_inputs", [False, True])
def test_a_sample_of_all_items_has_the_whole_bound(mask_inputs: bool) -> None:
    """Value and every gradient, divergence included: what a user wants was drawn too, and counts once."""
    data = toy_with_knowledge()
    config = SMALL.model_copy(update={"mask_inputs": mask_inputs, "negatives": 99, "batch_size": 99})
    task = ResolvedTask(data, config, FitContext(), sampler=TorchSampler)
    network = task.network
    (batch,) = task.batches(3, np.random.default_rng(0))
    assert batch.sampled is not None
    np.testing.assert_array_equal(batch.sampled.items, np.arange(len(data.items)))
    torch.manual_seed(0)
    found = torch.autograd.grad(task.loss(batch), list(network.parameters()), allow_unused=True)
    torch.manual_seed(0)
    segments, (user, item) = network.encode(batch.blocks), map(torch.from_numpy, (batch.user, batch.item))
    weight = config.kl_weight * batch.progress
    whole = negative_bound(network, segments, user, item, config, weight, batch.masked)
    expected = torch.autograd.grad(whole, list(network.parameters()), allow_unused=True)
    for mine, theirs in zip(found, expected, strict=True):
        torch.testing.assert_close(mine, theirs, atol=1e-6, rtol=1e-4)


def test_a_sampled_bound_by_hand() -> None:
    """−log p(t | u), t = 5 and 3: these two, 2 that stands for two items, 8 for four; 3 was drawn and counts once."""
    torch.manual_seed(1)
    data = toy_with_knowledge()
    config = SMALL.model_copy(update={"kl": "none", "noise": 1e-12})
    network = ResolvedNetwork(len(data.items), len(data.nodes["Entity"]), config)
    segments = network.encode(blocks_of(data.positives.rows(np.array([0])), data.item_entities))
    scores = decoder.scores(network.queries(segments.mean), segments.filled, network.dictionary())[0]
    sampled = SampledItems(np.array([2, 3, 8]), np.log([2.0, 3.0, 4.0]).astype(np.float32))
    user, item = np.zeros(2, dtype=np.int64), np.array([5, 3])
    hidden = sampled.among(Incidence.from_pairs(user, item, (1, len(data.items))))
    pair = map(torch.from_numpy, (user, item))
    found = sampled_bound(network, segments, *pair, config, 0.0, sampled, hidden)
    powers = scores.exp()
    log_sum = (powers[5] + powers[3] + 2 * powers[2] + 4 * powers[8]).log()
    torch.testing.assert_close(found, log_sum - scores[[5, 3]].mean(), atol=1e-4, rtol=1e-4)


@pytest.mark.parametrize("chances", ["uniform", "popularity"])
def test_draws_follow_from_the_seed_and_the_epoch(chances: Chances) -> None:
    data = toy_with_knowledge()
    config = SMALL.model_copy(update={"negatives": 3, "negatives_by": chances})
    sampler = TorchSampler(graph_of_levels(data, links_below(data)))

    def drawn(seed: int) -> list[list[int]]:
        batches = user_batches(data.positives, sampler, config, 0, np.random.default_rng(seed))
        return [batch.sampled.items.tolist() for batch in batches if batch.sampled is not None]

    assert len(drawn(0)) > 1
    assert all(len(set(items)) == 3 for items in drawn(0))
    assert drawn(0) == drawn(0) != drawn(1)


def test_no_step_holds_users_times_items() -> None:
    """50,000 items: nothing that is kept for the gradients is as large as users × items."""
    items = [f"i{number}" for number in range(50_000)]
    rng = np.random.default_rng(0)
    data = build({f"u{user}": {items[item]: 5.0 for item in rng.integers(0, 50_000, 6)} for user in range(400)}, items)
    config = SMALL.model_copy(update={"negatives": 100, "batch_size": 400})
    task = ResolvedTask(data, config, FitContext(), sampler=TorchSampler)
    (batch,) = task.batches(0, rng)
    sizes: list[int] = []
    with torch.autograd.graph.saved_tensors_hooks(lambda saved: (sizes.append(saved.numel()), saved)[1], lambda t: t):
        task.loss(batch).backward()  # type: ignore[no-untyped-call]
    assert max(sizes) < 400 * 50_000 / 20
    assert torch.isfinite(task.network.dictionary_items.grad).all()
