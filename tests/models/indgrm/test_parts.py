"""The parts of InDGRM by themselves, against values worked out by hand, loops, and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import stats
from torch.nn import functional

from graphrec.models.indgrm.components import Deviations
from graphrec.models.indgrm.groups import Prototypes
from graphrec.models.indgrm.links import SmallNetwork
from graphrec.models.indgrm.mapping import Mapping
from graphrec.models.indgrm.prior import MixturePrior, gate_divergence
from graphrec.models.indgrm.pruning import kept_dimensions
from graphrec.models.indgrm.triplets import item_triplets, prototype_triplets
from tests.models.indgrm.small import small_config


def prior(**settings: object) -> MixturePrior:
    """Return a prior of three components with any parameters."""
    torch.manual_seed(1)
    made = MixturePrior(small_config(**settings))
    with torch.no_grad():
        made.log_variances.normal_()
        if made.stick_logits is not None:
            made.stick_logits.normal_()
    return made


def test_sticks_are_broken_one_after_another() -> None:
    """Sticks of ½ and ¼: a half, a quarter of the other half, and what is left of it."""
    made = prior()
    made.stick_logits.data = torch.tensor([0.0, np.log(1 / 3)], dtype=torch.float32)
    np.testing.assert_allclose(made.log_weights().exp().detach(), [0.5, 0.125, 0.375], rtol=1e-6)


def test_sticks_start_even_and_expected_ones_follow_alpha() -> None:
    np.testing.assert_allclose(MixturePrior(small_config()).log_weights().exp().detach(), np.full(3, 1 / 3), rtol=1e-6)
    expected = MixturePrior(small_config(sticks="expected", alpha=3.0))
    np.testing.assert_allclose(expected.log_weights().exp().detach(), [0.25, 0.75 * 0.25, 0.75**2], rtol=1e-6)
    assert expected.stick_logits is None
    assert expected.stick_cost() == 0


def test_the_divergence_of_z_is_that_of_normal_distributions() -> None:
    """KL(N(μ, σ²) ‖ N(0, λ)) of each component and dimension by PyTorch's distributions, weighed by the gate."""
    made = prior()
    means, deviations = torch.randn(4, 6), torch.rand(4, 6) + 0.1
    gates = torch.softmax(torch.randn(4, 3), dim=1)
    found = made.divergence(means, deviations, gates)
    for user in range(4):
        posterior = torch.distributions.Normal(means[user], deviations[user])
        each = [
            torch.distributions.kl_divergence(
                posterior, torch.distributions.Normal(torch.zeros(6), (0.5 * made.log_variances[k]).exp())
            ).sum()
            for k in range(3)
        ]
        torch.testing.assert_close(found[user], sum(gates[user, k] * each[k] for k in range(3)))


def test_costs_of_priors_are_log_densities_but_for_a_constant() -> None:
    first, second = (prior(alpha=4.0, eta_a=2.0, eta_b=0.3) for _ in range(2))
    with torch.no_grad():
        second.log_variances.add_(0.7)
        second.stick_logits.sub_(0.4)
    of_variances = [
        -stats.invgamma.logpdf(np.exp(one.log_variances.detach().numpy()), 2.0, scale=0.3).sum()
        for one in (first, second)
    ]
    of_sticks = [
        -stats.beta.logpdf(torch.sigmoid(one.stick_logits).detach().numpy(), 1, 4.0).sum() for one in (first, second)
    ]
    of_both = [(one.variance_cost().item(), one.stick_cost().item()) for one in (first, second)]
    np.testing.assert_allclose(np.diff(of_both, axis=0)[0], [*np.diff(of_variances), *np.diff(of_sticks)], rtol=1e-4)


def test_the_gate_of_a_batch_may_be_sharp_where_each_user_s_may_not() -> None:
    """Two users of one cluster each: on average both clusters have half, as the prior has it."""
    gates, even = torch.eye(2), torch.tensor([0.5, 0.5]).log()
    assert gate_divergence(gates, even, per_user=False).item() == pytest.approx(0)
    assert gate_divergence(gates, even, per_user=True).item() == pytest.approx(np.log(2))


def test_deviations_by_loops() -> None:
    for kind, rows in (("full", 6), ("scalar", 1)):
        torch.manual_seed(0)
        made = Deviations(6, small_config(deviation_maps=kind))
        encoded, gates = torch.randn(2, 6), torch.softmax(torch.randn(2, 3), dim=1)
        assert made.weight.shape == (3, rows, 6)
        for user in range(2):
            before = sum(gates[user, k] * (made.weight[k] @ encoded[user] + made.bias[k]) for k in range(3))
            torch.testing.assert_close(made(encoded, gates)[user], functional.softplus(before))


def test_the_proximal_step_by_hand() -> None:
    """A threshold of .1 · 2: a length of 5 becomes 4.8, one of .2 becomes 0, and one of 0 stays."""
    mapping = Mapping(3, small_config(clusters=1, learning_rate=0.1, lasso=2.0, embedding_size=2))
    mapping.weight.data = torch.tensor([[[3.0, 4.0], [0.12, 0.16], [0.0, 0.0]]])
    mapping.shrink()
    np.testing.assert_allclose(mapping.weight[0, 0].detach(), [2.88, 3.84], rtol=1e-6)
    assert not mapping.weight[0, 1:].any()
    assert mapping.share_of_links == pytest.approx(1 / 3)


def test_groups_are_one_hot_with_the_gradients_of_soft_ones() -> None:
    """Without noise the gradient by the prototypes is that of softmax(cos/τ/heat), worked out beside it."""
    torch.manual_seed(2)
    prototypes = Prototypes(3, small_config(gumbel=False, gumbel_temperature=2.0))
    items, towards = torch.randn(5, 6), torch.randn(5, 3)
    drawn = prototypes.drawn(items)
    nearest = prototypes.nearest(items).group
    torch.testing.assert_close(drawn.one_hot, functional.one_hot(nearest, 3).float())
    (found,) = torch.autograd.grad((drawn.one_hot * towards).sum(), prototypes.vectors)
    soft = torch.softmax(prototypes.logits(items) / 2.0, dim=1)
    (expected,) = torch.autograd.grad((soft * towards).sum(), prototypes.vectors)
    torch.testing.assert_close(found, expected)


def test_noise_draws_groups_as_often_as_they_are_likely() -> None:
    torch.manual_seed(3)
    prototypes = Prototypes(3, small_config(temperature=0.5))
    item = torch.randn(1, 6)
    often = prototypes.drawn(item.expand(20_000, -1)).one_hot.mean(dim=0)
    torch.testing.assert_close(often, prototypes.memberships(item)[0], atol=0.015, rtol=0)


def test_item_triplets_by_loops() -> None:
    """Item 0 is of categories 0 and 2, item 1 of 1, item 2 of none."""
    logits = torch.randn(3, 3, generator=torch.Generator().manual_seed(4))
    carried = torch.tensor([[1, 0, 1], [0, 1, 0], [0, 0, 0]], dtype=torch.bool)
    triplets = [(0, 0, 1), (0, 2, 1), (1, 1, 0), (1, 1, 2)]
    expected = np.mean([-np.log(1 / (1 + np.exp(float(logits[j, k] - logits[j, g])))) for j, g, k in triplets])
    assert item_triplets(logits, carried).item() == pytest.approx(expected, rel=1e-5)
    assert item_triplets(logits, carried & False).item() == 0


def test_prototype_triplets_by_loops() -> None:
    draw = torch.Generator().manual_seed(5)
    logits, nearness = torch.randn(4, 4, generator=draw), torch.randn(4, 4, generator=draw)
    losses = []
    for g in range(4):
        for j in set(range(4)) - {g}:
            for k in set(range(4)) - {g, j}:
                chance = 1 / (1 + np.exp(-float(logits[g, j] - logits[g, k])))
                losses.append(-np.log(chance if nearness[g, j] >= nearness[g, k] else 1 - chance))
    assert len(losses) == 4 * 3 * 2
    assert prototype_triplets(logits, nearness).item() == pytest.approx(np.mean(losses), rel=1e-5)
    assert prototype_triplets(logits[:2, :2], nearness[:2, :2]).item() == 0


def test_triplets_beyond_the_limit_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mean of what is drawn is near the mean of all."""
    draw = torch.Generator().manual_seed(6)
    logits, carried = torch.randn(200, 4, generator=draw), torch.rand(200, 4, generator=draw) < 0.4
    whole = item_triplets(logits, carried)
    among = torch.randn(30, 30, generator=draw)
    order = prototype_triplets(among, among.T)
    assert item_triplets(logits, carried) == whole  # below the limit nothing is drawn
    torch.manual_seed(0)
    monkeypatch.setattr("graphrec.models.indgrm.triplets.NUMBERS_AT_ONCE", 400)
    drawn = torch.stack([item_triplets(logits, carried) for _ in range(200)])
    assert drawn.std() > 0
    assert drawn.mean().item() == pytest.approx(whole.item(), rel=0.03)
    orders = torch.stack([prototype_triplets(among, among.T) for _ in range(200)])
    assert orders.std() > 0
    assert orders.mean().item() == pytest.approx(order.item(), rel=0.05)


def test_a_network_s_slope_is_its_rise_and_at_0_its_derivative() -> None:
    torch.manual_seed(0)
    link = SmallNetwork(1, small_config(decoder_size=3))
    parameters = link.parameters_of_groups.detach().expand(5, -1)
    fit = torch.tensor([-8.0, -1.0, 0.0, 2.0, 9.0], requires_grad=True)
    values = link.apply_to(fit, parameters)
    (derivatives,) = torch.autograd.grad(values.sum(), fit)
    slopes = link.slope(fit, parameters).detach()
    torch.testing.assert_close(slopes * fit.detach() + link.offset(parameters), values.detach())
    torch.testing.assert_close(slopes[2], derivatives[2])


def test_pruning_by_hand() -> None:
    """Means of 2 and .02: the shares of λ are ½, 1½, 1 and ½, 1, 1½."""
    variances = torch.tensor([[1.0, 3.0, 2.0], [0.01, 0.02, 0.03]]).log()
    relative = kept_dimensions(variances, small_config(prune_below=0.9, prune_unit="mean"))
    assert relative.tolist() == [[0, 1, 1], [0, 1, 1]]
    absolute = kept_dimensions(variances, small_config(prune_below=0.015, prune_unit="absolute"))
    assert absolute.tolist() == [[1, 1, 1], [0, 1, 1]]
    all_but_one = kept_dimensions(variances, small_config(prune_below=9, prune_unit="mean"))
    assert all_but_one.tolist() == [[0, 1, 0], [0, 0, 1]]
    assert kept_dimensions(variances, small_config(prune_below=0)).all()
