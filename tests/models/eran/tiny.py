"""Two networks, five items and three users in numbers that a test can work out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from graphrec.dataset.incidence import Incidence
from graphrec.models.eran.config import ERANConfig
from graphrec.models.eran.member import Member


def member(seed: int = 0, *, users: str = "history", **settings: Any) -> Member:
    """Return a network of random vectors; item 3 has no edge in the second network, item 4 in none."""
    generator = torch.Generator().manual_seed(seed)
    vectors = torch.randn(2, 5, 3, generator=generator)
    vectors[1, 3], vectors[:, 4] = 0, 0
    config = ERANConfig(user_vectors=users, scale=2.0, embedding_size=3, **settings)
    rows = 5 if users == "history" else 3
    of_users = None if config.attention == "even" else torch.randn(rows, 3, generator=generator)
    is_new = np.array([False, False, True, False, False])
    return Member(
        vectors, torch.randn(5, generator=generator), of_users, np.array([0, 1], dtype=np.int32), is_new, config
    )


def taken() -> Incidence:
    """Return three users' histories: items 0 and 1; items 0, 3 and 4; item 2."""
    return Incidence.from_pairs(np.array([0, 0, 1, 1, 1, 2]), np.array([0, 1, 0, 3, 4, 2]), (3, 5))


def looked_at(network: Member, history: list[int], item: int, user: int = 0) -> tuple[torch.Tensor, torch.Tensor]:
    """Return ã of an item, [K], and h_u of it, [d], written out with loops."""
    assert network.of_users is not None
    z = network.of_users[history].mean(dim=0) if network.from_history else network.of_users[user]
    logits = torch.stack([vectors[item] @ z for vectors in network.vectors])
    has_edge = network.vectors[:, item].any(dim=1)
    exponents = torch.where(has_edge, logits.exp(), torch.zeros(2))
    weights = exponents / exponents.sum().clamp(min=1e-30)
    return weights, (weights[:, None] * network.vectors[:, item]).sum(dim=0)
