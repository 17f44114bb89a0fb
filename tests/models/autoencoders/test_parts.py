"""Rows, layers, distributions and costs: against dense matrices, loops and SciPy."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import integrate, stats

from graphrec.models.autoencoders.config import AnnealedConfig
from graphrec.models.autoencoders.costs import multinomial_cost, reconstruction_cost, squared_cost
from graphrec.models.autoencoders.gaussian import Gaussian, log_normal
from graphrec.models.autoencoders.layers import InputLayer, item_scores, linear
from graphrec.models.autoencoders.mean_discrepancy import mean_discrepancy
from graphrec.models.autoencoders.taken_items import TakenItems
from tests.models.autoencoders.rows import X, multinomial_by_loops, rows, taken

NORMAL = torch.Generator().manual_seed(0)
SCORES = torch.randn(*X.shape, generator=NORMAL)


def test_rows_are_the_matrix() -> None:
    np.testing.assert_array_equal(taken().dense(), X)
    assert taken().rows.tolist() == np.nonzero(X)[0].tolist()
    assert len(taken()) == 3
    lengths = np.sqrt((X**2).sum(axis=1, keepdims=True))
    np.testing.assert_allclose(taken().normalised(), (X / lengths)[X > 0], rtol=1e-6)


def test_the_first_layer_is_linear_in_the_rows() -> None:
    """Also for a user without items, and with gradients to weights and values."""
    layer, some = InputLayer(5, 4), TakenItems.of(rows().rows(np.array([2, -1, 0])))
    layer.bias.data += torch.arange(4)
    values = torch.rand(len(some.items), generator=NORMAL, requires_grad=True)
    dense = torch.zeros(3, 5).index_put((some.rows, some.items), values)
    expected = dense @ layer.weight + layer.bias
    result = layer(some, values)
    torch.testing.assert_close(result, expected)
    goal = torch.randn(3, 4, generator=NORMAL)
    for own, other in zip(
        torch.autograd.grad((result * goal).sum(), [values, layer.weight]),
        torch.autograd.grad((expected * goal).sum(), [values, layer.weight]),
        strict=True,
    ):
        torch.testing.assert_close(own, other)


def test_rows_without_any_entry_give_the_bias() -> None:
    layer, nothing = InputLayer(5, 4), TakenItems.of(rows().rows(np.array([-1, -1])))
    layer.bias.data += torch.arange(4)
    torch.testing.assert_close(layer(nothing, nothing.normalised()), layer.bias.expand(2, 4))


def test_named_items_score_as_all_do() -> None:
    output, features = linear(4, 5), torch.randn(3, 4, generator=NORMAL)
    output.bias.data = torch.arange(5.0)
    items = torch.tensor([[4, 0], [1, 1], [2, 3]])
    torch.testing.assert_close(item_scores(output, features, items), item_scores(output, features).gather(1, items))


def test_densities_are_those_of_scipy() -> None:
    values, means, logs = np.array([0.3, -2.0]), np.array([1.0, 0.5]), np.array([-1.0, 2.0])
    tensors = [torch.from_numpy(array) for array in (values, means, logs)]
    np.testing.assert_allclose(log_normal(*tensors), stats.norm(means, np.exp(logs / 2)).logpdf(values), rtol=1e-6)
    np.testing.assert_allclose(log_normal(tensors[0]), stats.norm.logpdf(values), rtol=1e-6)
    of_gaussian = Gaussian(tensors[1], tensors[2]).log_density(tensors[0])
    np.testing.assert_allclose(of_gaussian, log_normal(*tensors), rtol=1e-12)


@pytest.mark.parametrize(("mean", "log_variance"), [(0.0, 0.0), (0.7, -0.5)])
def test_the_divergence_is_the_integral(mean: float, log_variance: float) -> None:
    """KL = ∫ q log (q / p), for two users of one dimension each."""
    means, logs = torch.tensor([[0.4], [-1.0]]), torch.tensor([[0.3], [-2.0]])
    own = Gaussian(means, logs).divergence(mean, log_variance)
    for m, log, value in zip(means[:, 0].tolist(), logs[:, 0].tolist(), own.tolist(), strict=True):
        q, p = stats.norm(m, np.exp(log / 2)), stats.norm(mean, np.exp(log_variance / 2))
        integral, _ = integrate.quad(lambda z, q=q, p=p: q.pdf(z) * (q.logpdf(z) - p.logpdf(z)), m - 8, m + 8)
        assert value == pytest.approx(integral, rel=1e-5)
    two = Gaussian(means.T, logs.T).divergence(mean, log_variance)
    torch.testing.assert_close(two, own.sum()[None])


def test_draws_have_the_moments() -> None:
    torch.manual_seed(0)
    drawn = Gaussian(torch.full((200_000, 1), 3.0), torch.full((200_000, 1), np.log(4.0))).draw()
    assert drawn.mean().item() == pytest.approx(3.0, abs=0.02)
    assert drawn.std().item() == pytest.approx(2.0, abs=0.02)


def test_costs_by_loops() -> None:
    assert multinomial_cost(SCORES, taken()).item() == pytest.approx(multinomial_by_loops(SCORES.tolist()), rel=1e-5)
    squares = sum((x - s) ** 2 for row, scores in zip(X, SCORES, strict=True) for x, s in zip(row, scores, strict=True))
    assert squared_cost(SCORES, taken()).item() == pytest.approx(float(squares) / 3, rel=1e-5)
    for name, cost in (("multinomial", multinomial_cost), ("squared", squared_cost)):
        assert reconstruction_cost(SCORES, taken(), name) == cost(SCORES, taken())


def test_the_discrepancy_by_double_loops() -> None:
    codes, prior = torch.randn(5, 3, generator=NORMAL), 2 + torch.randn(5, 3, generator=NORMAL)

    def kernel(a: torch.Tensor, b: torch.Tensor) -> float:
        return 6 / (6 + float(((a - b) ** 2).sum()))

    within = sum(
        kernel(sample[i], sample[j]) for sample in (codes, prior) for i in range(5) for j in range(5) if i != j
    )
    between = sum(kernel(codes[i], prior[j]) for i in range(5) for j in range(5))
    expected = within / 20 - 2 * between / 25
    assert mean_discrepancy(codes, prior).item() == pytest.approx(expected, rel=1e-5)


def test_the_discrepancy_tells_samples_apart_and_has_a_gradient() -> None:
    """0 on average for equal distributions, more for others; finite gradients at equal points; 0 for one point."""
    torch.manual_seed(0)
    codes = torch.randn(2000, 4)
    assert abs(mean_discrepancy(codes, torch.randn(2000, 4)).item()) < 2e-3
    assert mean_discrepancy(codes, 1 + torch.randn(2000, 4)).item() > 0.05
    equal = torch.zeros(3, 2, requires_grad=True)
    mean_discrepancy(equal, torch.ones(3, 2)).backward()
    assert equal.grad is not None
    assert torch.isfinite(equal.grad).all()
    assert (equal.grad < 0).all()  # towards the prior
    assert mean_discrepancy(codes[:1], codes[1:2]).item() == 0


def test_the_divergence_is_annealed_in_equal_parts() -> None:
    config = AnnealedConfig(kl_weight=0.4, anneal_steps=4)
    assert [config.kl_weight_at(step) for step in range(7)] == pytest.approx([0, 0.1, 0.2, 0.3, 0.4, 0.4, 0.4])
    assert AnnealedConfig(kl_weight=0.4, anneal_steps=0).kl_weight_at(0) == 0.4
