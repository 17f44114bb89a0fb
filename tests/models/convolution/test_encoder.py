"""The encoder and what is kept of it, against dense matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.models.convolution.encoder import Encoder
from graphrec.models.convolution.product import as_tensor, symmetric_product
from graphrec.models.convolution.trained_encoder import TrainedEncoder
from graphrec.models.convolution.user_item_entity_graph import UserItemEntityGraph, shares_of_users
from graphrec.testing.knowledge import toy_with_knowledge

if TYPE_CHECKING:
    from graphrec.models.convolution.user_item_entity_graph import Shares


def made(channels: int) -> tuple[Encoder, UserItemEntityGraph, Shares]:
    data = toy_with_knowledge()
    graph = UserItemEntityGraph.of(data)
    drawn = np.random.default_rng(0).dirichlet(np.ones(channels), graph.n_items + graph.n_entities).astype(np.float32)
    shares = np.concatenate([drawn, shares_of_users(data.positives, drawn[: graph.n_items])])
    generator = torch.Generator().manual_seed(0)
    encoder = Encoder(graph, shares, hidden_size=5, embedding_size=3, heads=2, dropout=0.3, generator=generator)
    return encoder.eval(), graph, shares


def test_the_product_and_its_gradient_are_the_dense_ones() -> None:
    graph = UserItemEntityGraph.of(toy_with_knowledge())
    matrix = graph.normalised(np.ones((graph.n_nodes, 1), dtype=np.float32), 0)
    dense, sides = torch.from_numpy(matrix.toarray()), []
    for multiply in (lambda x: dense @ x, lambda x: symmetric_product(as_tensor(matrix), x)):
        x = torch.randn(graph.n_nodes, 4, generator=torch.Generator().manual_seed(1), requires_grad=True)
        result = multiply(x)
        (result**3).sum().backward()
        sides.append((result.detach(), x.grad))
    for ours, theirs in zip(*sides, strict=True):
        torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("channels", [1, 3])
def test_two_layers_of_the_formula(channels: int) -> None:
    encoder, graph, shares = made(channels)
    for head, found in enumerate(encoder()):
        parts = []
        for channel in range(channels):
            links = torch.from_numpy(graph.normalised(shares, channel).toarray())
            hidden = torch.relu(links @ encoder.features[channel])
            parts.append(links @ hidden @ encoder.heads[head, channel])
        torch.testing.assert_close(found, torch.cat(parts, dim=1))


@pytest.mark.parametrize("channels", [1, 3])
def test_users_of_the_fit_are_encoded_as_in_the_graph(channels: int) -> None:
    encoder, graph, shares = made(channels)
    positives = toy_with_knowledge().positives
    trained_encoder = TrainedEncoder.of(encoder, graph, shares)
    rows = np.flatnonzero(positives.counts)
    expected = encoder()[0].detach().numpy()
    of_users = trained_encoder.users(positives.rows(rows), rows)
    np.testing.assert_allclose(of_users, expected[graph.n_nodes - graph.n_users :][rows], atol=1e-6)
    np.testing.assert_allclose(trained_encoder.items, expected[: graph.n_items], atol=1e-6)
    np.testing.assert_allclose(
        trained_encoder.scores(positives.rows(rows), rows), of_users @ trained_encoder.items.T, atol=1e-6
    )


def test_a_newcomer_by_hand() -> None:
    """One item of share 1: z = (Â_ui H_i + Â_uu ReLU(Â_ui W_i)) V with Â_ui = 1/√(2 d_i), Â_uu = ½."""
    encoder, graph, shares = made(1)
    trained_encoder = TrainedEncoder.of(encoder, graph, shares)
    history = Incidence.from_pairs(np.array([0]), np.array([4]), (1, graph.n_items))
    link = 1 / np.sqrt(2 * graph.degrees[4])
    hidden = np.maximum(link * trained_encoder.first[0, 4], 0)
    expected = (link * trained_encoder.hidden[0, 4] + hidden / 2) @ trained_encoder.last[0]
    np.testing.assert_allclose(trained_encoder.users(history, np.array([-1]))[0], expected, rtol=1e-5)


def test_who_took_nothing_scores_nothing() -> None:
    encoder, graph, shares = made(1)
    trained_encoder = TrainedEncoder.of(encoder, graph, shares)
    nothing = Incidence.empty(2, graph.n_items)
    assert not trained_encoder.scores(nothing, np.array([-1, 24])).any()
    assert not trained_encoder.own[:, 24:].any()
