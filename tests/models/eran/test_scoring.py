"""Scores of both forms against the formulas written out with loops."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from eran.tiny import looked_at, member, taken
from graphrec.models.eran.items import ItemVectors, attention
from graphrec.models.eran.scoring import UsualItem

KNOWN = np.array([0, 1, 2], dtype=np.int32)


def test_attention_by_hand() -> None:
    """⟨h, z⟩ = ln 3 and 0: attention is 3/4 and 1/4; a network without an edge is left out; without any it is 0."""
    vectors = torch.tensor([[[[float(np.log(3.0))], [2.0], [0.0]]], [[[1e-30], [0.0], [0.0]]]])
    items = ItemVectors(vectors, torch.zeros(1, 3))
    found = attention(torch.ones(1, 1, 1), items)[:, 0, 0]
    torch.testing.assert_close(found, torch.tensor([[0.75, 1, 0], [0.25, 0, 0]]))
    even = attention(None, items)[:, 0, 0]
    torch.testing.assert_close(even, torch.tensor([[0.5, 1, 0], [0.5, 0, 0]]))
    torch.testing.assert_close(items.share, torch.tensor([[1.0, 0.5, 0.0]]))


@pytest.mark.parametrize("users", ["history", "learned"])
def test_scores_of_networks(users: str) -> None:
    """s/√n Σ_k (K_i/K) ã_ui^k ⟨h_i^k, Σ_j h_j^k⟩ + b_i."""
    network, histories = member(users=users), taken()
    found = network.scores(histories, KNOWN)
    for user in range(3):
        history = histories.row(user).tolist()
        for item in range(5):
            weights, _ = looked_at(network, history, item, user)
            near = sum(weights[k] * network.vectors[k, item] @ network.vectors[k, history].sum(dim=0) for k in range(2))
            share = network.vectors[:, item].any(dim=1).float().mean()
            expected = 2.0 / len(history) ** 0.5 * share * near + network.bias[item]
            torch.testing.assert_close(found[user, item], expected)


@pytest.mark.parametrize("users", ["history", "learned"])
def test_distances_rank_as_printed(users: str) -> None:
    """Scores less biases differ between two items by s/(2√n) times the difference of Σ_j −‖h_ui − h_uj‖² (13)."""
    network, histories = member(users=users, forms="distance"), taken()
    found = network.scores(histories, KNOWN) - network.bias
    for user in range(3):
        history = histories.row(user).tolist()
        own = torch.stack([looked_at(network, history, item, user)[1] for item in history])
        printed = torch.stack([-((looked_at(network, history, item, user)[1] - own) ** 2).sum() for item in range(5)])
        factor = 2.0 / (2 * len(history) ** 0.5)
        torch.testing.assert_close(found[user] - found[user, 0], factor * (printed - printed[0]), atol=1e-5, rtol=1e-5)


def test_the_number_added_is_the_usual_distance() -> None:
    """What is added to the score of every item is Σ_j of the mean over the catalogue of ‖h_i' − h_uj‖², h_i' even."""
    network, histories = member(forms="distance"), taken()
    even = torch.stack([v.sum(dim=0) / max(int(v.any(dim=1).sum()), 1) for v in network.vectors.transpose(0, 1)])
    for user in range(3):
        history = histories.row(user).tolist()
        own = torch.stack([looked_at(network, history, item)[1] for item in history])
        usual = torch.stack([((even - h) ** 2).sum(dim=1).mean() for h in own]).sum()
        item = looked_at(network, history, 1)[1]
        expected = (usual - ((item - own) ** 2).sum()) / len(history) ** 0.5 + network.bias[1]
        torch.testing.assert_close(network.scores(histories, KNOWN)[user, 1], expected, atol=1e-5, rtol=1e-5)


def test_parts_of_the_usual_item_sum_to_it() -> None:
    network = member(forms="distance")
    usual = UsualItem.of(network.vectors)
    torch.testing.assert_close(usual.by_network.sum(dim=0), usual.mean)
    torch.testing.assert_close(usual.square_by_network.sum(), usual.square)


def test_a_new_item_by_the_minimum() -> None:
    """Item 2 is new: s · (the mean squared distance of two items − max_j ‖h_u2 − h_uj‖²) + b; the others as by sums."""
    network, histories = member(forms="distance", cold="minimum"), taken()
    found, by_sum = network.scores(histories, KNOWN), member(forms="distance").scores(histories, KNOWN)
    usual = UsualItem.of(network.vectors)
    for user in range(2):
        history = histories.row(user).tolist()
        own = torch.stack([looked_at(network, history, item)[1] for item in history])
        farthest = ((looked_at(network, history, 2)[1] - own) ** 2).sum(dim=1).max()
        expected = 2.0 * (2 * (usual.square - usual.mean @ usual.mean) - farthest) + network.bias[2]
        torch.testing.assert_close(found[user, 2], expected, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(found[:, [0, 1, 3, 4]], by_sum[:, [0, 1, 3, 4]])
    named = torch.tensor([[2, 0], [1, 2], [0, 1]])
    torch.testing.assert_close(network.scores(histories, KNOWN, named), found.gather(1, named))


def test_similarities_of_two_histories_at_once() -> None:
    network = member(forms="distance", cold="minimum")
    together = network.histories(taken(), KNOWN)
    nodes = torch.tensor([[0, 1, 0], [0, 3, 4], [2, 0, 0]])
    values = network.similarities(nodes, together, torch.tensor([[2], [2], [2]]))
    assert values.shape == (3, 1, 1, 3)
    torch.testing.assert_close(values[2, 0, 0, 0], values.new_tensor(2.0) * _spread(network))


def _spread(network: object) -> torch.Tensor:
    usual = network.usual  # type: ignore[attr-defined]
    return 2 * (usual.square - usual.mean @ usual.mean)


def test_newcomers_have_the_mean_of_learned_users() -> None:
    network = member(users="learned")
    assert network.of_users is not None
    torch.testing.assert_close(
        network.learned_users(np.array([-1, 1])), torch.stack([network.of_users.mean(dim=0), network.of_users[1]])
    )
