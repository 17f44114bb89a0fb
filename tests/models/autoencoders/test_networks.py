"""Networks and losses of the autoencoders against NumPy, loops, sampling, and two optimisers."""

from __future__ import annotations

import math
from copy import deepcopy

import numpy as np
import pytest
import torch
from scipy import integrate, stats

from graphrec.models.autoencoders.awae import AWAEConfig, AWAENetwork
from graphrec.models.autoencoders.config import AnnealedConfig
from graphrec.models.autoencoders.dglgm import DGLGMConfig, DGLGMNetwork
from graphrec.models.autoencoders.gaussian import Gaussian
from graphrec.models.autoencoders.macridvae import MacridVAEConfig, MacridVAENetwork
from graphrec.models.autoencoders.mean_discrepancy import mean_discrepancy
from graphrec.models.autoencoders.mult_vae import MultVAENetwork
from graphrec.models.autoencoders.recvae.config import RecVAEConfig
from graphrec.models.autoencoders.recvae.encoder import RecVAEEncoder
from graphrec.models.autoencoders.recvae.network import RecVAENetwork
from graphrec.models.autoencoders.recvae.prior import composite_divergence, composite_log_density
from graphrec.models.autoencoders.recvae.task import RecVAETask
from graphrec.models.recommender import FitContext
from graphrec.testing.toy import toy
from tests.models.autoencoders.rows import X, multinomial_by_loops, taken

SIZES = {"hidden_size": 4, "embedding_size": 3, "dropout": 0.0}
LENGTHS = np.sqrt(X.sum(axis=1, keepdims=True))


@pytest.fixture(autouse=True)
def _seeded() -> None:
    torch.manual_seed(0)


def arrays(network: torch.nn.Module) -> dict[str, np.ndarray]:
    return {name: tensor.detach().double().numpy() for name, tensor in network.state_dict().items()}


def without_spread(heads: torch.nn.Linear, log_variance: float = -60.0) -> None:
    """Let every log σ² of the heads be this number, so that a draw is the mean."""
    half = len(heads.bias) // 2
    heads.weight.data[half:], heads.bias.data[half:] = 0.0, log_variance


def tanh_layer(x: np.ndarray, weights: dict[str, np.ndarray]) -> np.ndarray:
    return np.tanh(x @ weights["input.weight"] + weights["input.bias"])


def mirror(z: np.ndarray, weights: dict[str, np.ndarray]) -> np.ndarray:
    """Return the scores of a decoder with one hidden layer."""
    hidden = np.tanh(z @ weights["hidden.weight"].T + weights["hidden.bias"])
    return hidden @ weights["output.weight"].T + weights["output.bias"]


def test_mult_vae_is_its_bound() -> None:
    """β at step 5 of 10 is half of .4; of the divergence ½ Σ (μ² + σ² − 1 − log σ²), log σ² = −60."""
    network = MultVAENetwork(5, AnnealedConfig(**SIZES, kl_weight=0.4, anneal_steps=10))
    without_spread(network.heads)
    weights = arrays(network)
    means = (tanh_layer(X / LENGTHS, weights) @ weights["heads.weight"].T + weights["heads.bias"])[:, :3]
    scores = mirror(means, weights)
    divergence = 0.5 * (means**2 + math.exp(-60) - 1 + 60).sum(axis=1).mean()
    expected = multinomial_by_loops(scores) + 0.2 * divergence
    assert network.loss(taken(), step=5).item() == pytest.approx(expected, rel=1e-5)
    np.testing.assert_allclose(network.latents(taken()).detach(), means, rtol=1e-5, atol=1e-6)


def test_dropout_hides_entries_and_weighs_up_the_rest_while_training() -> None:
    network = MultVAENetwork(5, AnnealedConfig(hidden_size=1, embedding_size=1, dropout=0.5))
    network.input.weight.data[:] = 1.0
    seen = {round(network.input(taken(), values)[1].item(), 4) for values in _dropped(network)}
    assert seen == {0.0, 2.0}  # the user with one item: hidden, or twice as much
    network.eval()
    torch.testing.assert_close(network.latents(taken()), network.latents(taken()), rtol=0, atol=0)


def _dropped(network: MultVAENetwork) -> list[torch.Tensor]:
    values: list[torch.Tensor] = []
    handle = network.input.register_forward_pre_hook(lambda _, inputs: values.append(inputs[1]))
    for _ in range(20):
        network.latents(taken())
    handle.remove()
    return values


def test_recvae_encoder_layer_by_layer() -> None:
    """Written out for five layers, with layer norm and swish in NumPy; norms that scale and shift."""
    encoder = RecVAEEncoder(5, 4, 3)
    for norm in encoder.norms:
        norm.weight.data, norm.bias.data = torch.rand(4), torch.rand(4)
    weights = arrays(encoder)

    def normed(layer: int, values: np.ndarray) -> np.ndarray:
        swish = values / (1 + np.exp(-values))
        centred = swish - swish.mean(axis=1, keepdims=True)
        scaled = centred / np.sqrt(swish.var(axis=1, keepdims=True) + 0.1)
        return scaled * weights[f"norms.{layer}.weight"] + weights[f"norms.{layer}.bias"]

    hidden = [normed(0, X / LENGTHS @ weights["input.weight"] + weights["input.bias"])]
    for layer in range(4):
        before = hidden[-1] @ weights[f"layers.{layer}.weight"].T + weights[f"layers.{layer}.bias"]
        hidden.append(normed(layer + 1, before + sum(hidden)))
    heads = hidden[-1] @ weights["heads.weight"].T + weights["heads.bias"]
    posterior = encoder(taken())
    np.testing.assert_allclose(posterior.means.detach(), heads[:, :3], rtol=1e-4, atol=1e-5)
    np.testing.assert_allclose(posterior.log_variances.detach(), heads[:, 3:], rtol=1e-4, atol=1e-5)


def test_the_composite_prior_by_scipy() -> None:
    z, old = torch.randn(4, 3), Gaussian(torch.randn(4, 3), torch.randn(4, 3))
    expected = np.zeros(4)
    for user in range(4):
        for axis in range(3):
            value, spread = z[user, axis].item(), math.exp(old.log_variances[user, axis].item() / 2)
            density = 0.15 * stats.norm.pdf(value)
            density += 0.75 * stats.norm(old.means[user, axis].item(), spread).pdf(value)
            density += 0.1 * stats.norm(0, math.exp(5)).pdf(value)
            expected[user] += math.log(density)
    np.testing.assert_allclose(composite_log_density(z, old), expected, rtol=1e-5)


def test_the_divergence_from_the_composite_prior_by_sampling_and_by_integral() -> None:
    many = 200_000
    posterior = Gaussian(torch.full((many, 1), 0.8), torch.full((many, 1), -0.7))
    old = Gaussian(torch.full((many, 1), -0.4), torch.full((many, 1), -1.5))
    sampled = composite_divergence(posterior.draw(), posterior, old).mean().item()
    q, p_old = stats.norm(0.8, math.exp(-0.35)), stats.norm(-0.4, math.exp(-0.75))

    def integrand(z: float) -> float:
        prior = 0.15 * stats.norm.pdf(z) + 0.75 * p_old.pdf(z) + 0.1 * stats.norm(0, math.exp(5)).pdf(z)
        return float(q.pdf(z) * (q.logpdf(z) - math.log(prior)))

    assert sampled == pytest.approx(integrate.quad(integrand, -6, 8)[0], abs=0.01)


def test_recvae_losses_and_what_learns_from_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The divergence of a user counts γ for each taken item; each loss has gradients of its own part alone."""
    monkeypatch.setattr(torch, "randn_like", torch.zeros_like)  # a draw is the mean
    network = RecVAENetwork(5, RecVAEConfig(**SIZES, kl_weight=0.1))
    posterior, old = network.encoder(taken()), Gaussian(torch.randn(3, 3), torch.randn(3, 3))
    means = posterior.means
    scores = (means @ network.output.weight.T + network.output.bias).detach()
    divergence = composite_divergence(means, posterior, old).detach().numpy()
    expected = multinomial_by_loops(scores.tolist()) + (0.1 * np.array([3, 1, 4]) * divergence).mean()
    loss = network.encoder_loss(taken(), old)
    assert loss.item() == pytest.approx(expected, rel=1e-5)
    loss.backward()
    assert all(parameter.grad is None for parameter in network.output.parameters())
    assert all(parameter.grad is not None for parameter in network.encoder.parameters())
    network.zero_grad()
    loss = network.decoder_loss(taken())
    assert loss.item() == pytest.approx(multinomial_by_loops(scores.tolist()), rel=1e-5)
    loss.backward()
    assert all(parameter.grad is None for parameter in network.encoder.parameters())
    assert all(parameter.grad is not None for parameter in network.output.parameters())


def test_recvae_decoder_sees_all_of_the_input() -> None:
    network = RecVAENetwork(5, RecVAEConfig(hidden_size=4, embedding_size=3, dropout=0.9))
    without_spread(network.encoder.heads)
    first, second = (network.decoder_loss(taken()).item() for _ in range(2))
    assert first == pytest.approx(second, rel=1e-6)


def recvae_task() -> RecVAETask:
    config = RecVAEConfig(hidden_size=6, embedding_size=3, batch_size=7, encoder_passes=2, kl_weight=0.05)
    data = toy()
    torch.manual_seed(1)
    return RecVAETask(data, config, FitContext(), RecVAENetwork(len(data.items), config))


def test_recvae_phases_of_an_epoch() -> None:
    task = recvae_task()
    batches = list(task.batches(4, np.random.default_rng(0)))
    users = np.count_nonzero(task.positives.counts)
    of_pass = -(-users // 7)
    assert [batch.of_encoder for batch in batches] == [True] * (2 * of_pass) + [False] * of_pass
    assert {batch.epoch for batch in batches} == {4}
    for number in range(3):
        in_pass = batches[number * of_pass : (number + 1) * of_pass]
        assert sum(batch.taken.n_entries for batch in in_pass) == task.positives.n_entries
        assert sum(batch.taken.n_rows for batch in in_pass) == users


def test_one_optimiser_is_the_two_of_the_paper() -> None:
    """Two epochs of both, with the same draws: the parameters are equal."""
    trained, reference = recvae_task(), recvae_task()
    optimiser = trained.optimiser()
    rate = reference.config.learning_rate
    of_encoder = torch.optim.Adam(reference.network.encoder.parameters(), lr=rate)
    of_decoder = torch.optim.Adam(reference.network.output.parameters(), lr=rate)
    for epoch in range(2):
        torch.manual_seed(epoch)
        for batch in trained.batches(epoch, np.random.default_rng(epoch)):
            optimiser.zero_grad(set_to_none=True)
            trained.loss(batch).backward()
            optimiser.step()
        torch.manual_seed(epoch)
        for batch in reference.batches(epoch, np.random.default_rng(epoch)):
            own = of_encoder if batch.of_encoder else of_decoder
            own.zero_grad()
            reference.loss(batch).backward()
            own.step()
    for name, weights in trained.network.state_dict().items():
        torch.testing.assert_close(weights, reference.network.state_dict()[name], rtol=1e-4, atol=1e-6)


def test_the_old_posterior_is_that_of_the_start_of_the_epoch() -> None:
    task = recvae_task()
    start = deepcopy(task.network.encoder)
    optimiser = task.optimiser()
    for batch in task.batches(0, np.random.default_rng(0)):
        optimiser.zero_grad(set_to_none=True)
        task.loss(batch).backward()
        optimiser.step()
        for old, first in zip(task._old.parameters(), start.parameters(), strict=True):
            torch.testing.assert_close(old, first, rtol=0, atol=0)
    end = deepcopy(task.network.encoder)
    task.loss(next(iter(task.batches(1, np.random.default_rng(1)))))
    for old, last in zip(task._old.parameters(), end.parameters(), strict=True):
        torch.testing.assert_close(old, last, rtol=0, atol=0)


def macridvae(**settings: object) -> MacridVAENetwork:
    return MacridVAENetwork(5, MacridVAEConfig.read({**SIZES, "concepts": 2, "temperature": 0.5, **settings}))


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / np.sqrt((a @ a) * (b @ b)))


def test_macridvae_assigns_one_concept_while_training_and_shares_at_scoring() -> None:
    """With ``one-hot`` going forward alone: the gradient is that of the relaxed draw."""
    network = macridvae(assignment="one-hot")
    weights = arrays(network)
    drawn = network.assigned()
    assert set(drawn.detach().round(decimals=5).unique().tolist()) == {0.0, 1.0}
    torch.testing.assert_close(drawn.sum(dim=1), torch.ones(5))
    (drawn[:, 0] * torch.arange(5)).sum().backward()
    assert network.prototypes.grad is not None
    assert network.prototypes.grad.abs().sum() > 0
    shares = network.eval().assigned().detach().numpy()
    for item in range(5):
        powers = [math.exp(cosine(weights["items"][item], prototype) / 0.5) for prototype in weights["prototypes"]]
        np.testing.assert_allclose(shares[item], np.array(powers) / sum(powers), rtol=1e-5)


def test_macridvae_relaxed_draws_belong_to_several_concepts() -> None:
    """The largest part of a relaxed draw is where the one-hot draw of the same noise is."""
    relaxed, one_hot = macridvae(), macridvae(assignment="one-hot")
    one_hot.load_state_dict(relaxed.state_dict())
    torch.manual_seed(5)
    soft = relaxed.assigned()
    torch.manual_seed(5)
    hard = one_hot.assigned()
    torch.testing.assert_close(soft.sum(dim=1), torch.ones(5))
    assert ((soft > 0) & (soft < 1)).all()
    assert soft.argmax(dim=1).tolist() == hard.argmax(dim=1).tolist()


def test_macridvae_draws_concepts_with_their_probabilities() -> None:
    network = macridvae(assignment="one-hot")
    often = torch.stack([network.assigned().detach() for _ in range(4000)]).mean(dim=0)
    torch.testing.assert_close(often, network.eval().assigned().detach(), rtol=0, atol=0.03)


def test_macridvae_scores_and_loss_by_loops() -> None:
    """With σ₀ of 1e-9 a draw is the mean; concepts held at their probabilities; log σ² of every z_k is −.8."""
    network = macridvae(prior_deviation=1e-9, kl_weight=0.3, anneal_steps=0).eval()
    without_spread(network.heads, log_variance=-0.8)
    weights, shares = arrays(network), network.assigned().detach().double().numpy()
    latents = []
    for concept in range(2):
        x = X * shares[:, concept]
        means = tanh_layer(x / np.sqrt((x**2).sum(axis=1, keepdims=True)), weights) @ weights["heads.weight"].T
        means = (means + weights["heads.bias"])[:, :3]
        latents.append(means / np.sqrt((means**2).sum(axis=1, keepdims=True)))
    np.testing.assert_allclose(network.latents(taken()).detach(), np.hstack(latents), rtol=1e-4, atol=1e-5)
    scores = np.array(
        [
            [
                math.log(
                    sum(
                        shares[item, k] * math.exp(cosine(latents[k][user], weights["items"][item]) / 0.5)
                        for k in range(2)
                    )
                )
                for item in range(5)
            ]
            for user in range(3)
        ]
    )
    with torch.no_grad():
        np.testing.assert_allclose(network.decode(network.latents(taken())), scores, rtol=1e-4, atol=1e-5)
    divergence = 2 * 3 * 0.5 * (math.exp(-0.8) - 1 + 0.8)
    expected = multinomial_by_loops(scores) + 0.3 * divergence
    assert network.loss(taken(), step=0).item() == pytest.approx(expected, rel=1e-4)


def dglgm(**settings: object) -> DGLGMNetwork:
    network = DGLGMNetwork(5, DGLGMConfig.read({**SIZES, "clusters": 3, "anneal_steps": 0, **settings}))
    for parameter in (network.shares, network.means, network.log_variances):
        parameter.data = torch.randn_like(parameter)
    return network


def test_dglgm_divergence_by_sampling() -> None:
    """Draw clusters, local and global parts, and average log q − log p of all three."""
    network = dglgm()
    with torch.no_grad():
        whole, log_gate, local = network.posteriors(taken())
        closed = network.divergence(whole, log_gate, local).numpy()
        shares = network.shares.softmax(dim=0).numpy()
        means, spreads = network.means.numpy(), (network.log_variances / 2).exp().numpy()
    rng = np.random.default_rng(0)
    many = 100_000
    for user in range(3):
        gate = log_gate[user].double().exp().numpy()
        clusters = rng.choice(3, many, p=gate / gate.sum())
        mu, sd = local.means[user].numpy()[clusters], (local.log_variances[user] / 2).exp().numpy()[clusters]
        drawn = rng.normal(mu, sd)
        g_mu, g_sd = whole.means[user].numpy(), (whole.log_variances[user] / 2).exp().numpy()
        g = rng.normal(g_mu, g_sd, (many, 3))
        ratio = np.log(gate[clusters] / shares[clusters])
        ratio += (stats.norm(mu, sd).logpdf(drawn) - stats.norm(means[clusters], spreads[clusters]).logpdf(drawn)).sum(
            1
        )
        ratio += (stats.norm(g_mu, g_sd).logpdf(g) - stats.norm.logpdf(g)).sum(1)
        assert closed[user] == pytest.approx(ratio.mean(), abs=5 * ratio.std() / many**0.5)


def test_dglgm_penalty_is_the_inverse_gamma_density() -> None:
    """Up to a constant: differences are those of SciPy's log densities."""
    network = dglgm(ard_shape=2.5, ard_scale=0.7)
    before, one = network.ard_penalty().item(), network.log_variances.detach().exp().double().numpy()
    network.log_variances.data += torch.randn(3, 3)
    after, other = network.ard_penalty().item(), network.log_variances.detach().exp().double().numpy()
    density = stats.invgamma(2.5, scale=0.7)
    assert after - before == pytest.approx((density.logpdf(one) - density.logpdf(other)).sum(), rel=1e-4)


@pytest.mark.parametrize("likelihood", ["multinomial", "squared"])
def test_dglgm_loss_by_numpy(likelihood: str) -> None:
    network = dglgm(likelihood=likelihood, kl_weight=0.3, ard_weight=0.01)
    without_spread(network.whole, -40.0)
    local = network.local.weight.data.view(3, 2, 3, 4)
    local[:, 1] = 0.0
    network.local.bias.data.view(3, 2, 3)[:, 1] = -40.0
    weights = arrays(network)
    hidden = tanh_layer(X / LENGTHS, weights)
    whole = (hidden @ weights["whole.weight"].T + weights["whole.bias"])[:, :3]
    parts = (hidden @ weights["local.weight"].T + weights["local.bias"]).reshape(3, 3, 6)[:, :, :3]
    powers = np.exp(hidden @ weights["gate.weight"].T + weights["gate.bias"])
    gate = powers / powers.sum(axis=1, keepdims=True)
    z = np.array([whole[user] + sum(gate[user, k] * parts[user, k] for k in range(3)) for user in range(3)])
    scores = mirror(z, weights)
    np.testing.assert_allclose(network.latents(taken()).detach(), z, rtol=1e-4, atol=1e-5)
    cost = multinomial_by_loops(scores) if likelihood == "multinomial" else ((X - scores) ** 2).sum() / 3
    divergence = network.divergence(*network.posteriors(taken())).mean().item()
    expected = cost + 0.3 * divergence + 0.01 * network.ard_penalty().item()
    assert network.loss(taken(), step=0).item() == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize("likelihood", ["multinomial", "squared"])
def test_awae_loss_by_numpy(likelihood: str) -> None:
    network = AWAENetwork(
        5, AWAEConfig.read({**SIZES, "likelihood": likelihood, "discrepancy_weight": 3.0, "l1_weight": 0.5})
    )
    weights = arrays(network)
    codes = tanh_layer(X / LENGTHS, weights) @ weights["code.weight"].T + weights["code.bias"]
    scores = mirror(codes, weights)
    cost = multinomial_by_loops(scores) if likelihood == "multinomial" else ((X - scores) ** 2).sum() / 3
    torch.manual_seed(7)
    prior = torch.randn(3, 3)
    discrepancy = mean_discrepancy(torch.from_numpy(codes).float(), prior).item()
    torch.manual_seed(7)
    loss = network.eval().loss(taken(), step=0).item()
    assert loss == pytest.approx(cost + 3.0 * discrepancy + 0.5 * np.abs(codes).sum() / 3, rel=1e-4)
