"""The parameters of NAR, CAR, CNR and CER: vectors of ids, what becomes of profiles, and the head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from typing_extensions import override

from graphrec.models.pairs.heads import LinearHead, MLPHead
from graphrec.models.pairs.network import SPREAD, PairNetwork, drawn, rows_of

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.models.pairs.heads import Head
    from graphrec.models.reviews.bags import Bags
    from graphrec.models.reviews.net_config import NetConfig
    from graphrec.models.reviews.sides import Side


def new_head(config: NetConfig) -> Head:
    """Return the head on (e_u ⊙ e_i) ⊕ (x_u ⊙ x_i), of 2d numbers, as it is at the start."""
    size = 2 * config.embedding_size
    if config.head == "linear":
        return LinearHead(size, config.dropout)
    generator = torch.Generator().manual_seed(config.seed + 1)
    return MLPHead(size, [config.hidden_size] * config.layers, config.dropout, generator)


class ReviewNetwork(PairNetwork):
    """e_u ⊕ x_u of a user, e_i ⊕ x_i of an item, and the head.

    Args:
        profiles: f of all users and of all items.
        sides: what makes x_u of f_u, and x_i of f_i.
        config: of the model.

    Attributes:
        users: e_u, [users, d].
        items: e_i, [items, d].
    """

    def __init__(self, profiles: tuple[Bags, Bags], sides: tuple[Side, Side], config: NetConfig) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(config.seed)
        self.users, self.items = (drawn(len(bags), config.embedding_size, generator) for bags in profiles)
        self.user_side, self.item_side = sides
        self.head = new_head(config)
        self._of_users, self._of_items = profiles

    @override
    def user_vectors(self, users: npt.NDArray[np.int64]) -> torch.Tensor:
        return joined(self.user_side, rows_of(self.users, users), self._of_users.rows(users))

    @override
    def item_vectors(self, items: npt.NDArray[np.int64]) -> torch.Tensor:
        return joined(self.item_side, rows_of(self.items, items), self._of_items.rows(items))


def joined(side: Side, own: torch.Tensor, profiles: Bags) -> torch.Tensor:
    """Return e ⊕ x of n nodes, [n, 2d].

    Args:
        side: what makes x.
        own: e, [n, d].
        profiles: f of the nodes.
    """
    return torch.cat([own, side.of_bags(own, profiles)], dim=1)


def drawn_features(n_features: int, config: NetConfig, place: int, spread: float = SPREAD) -> nn.Parameter:
    """Return vectors of features at the start, [features, d].

    Args:
        n_features: how many.
        config: of the model.
        place: 0, 1, …, so that two tables of a model differ.
        spread: standard deviation.
    """
    generator = torch.Generator().manual_seed(config.seed + 2 + place)
    return drawn(n_features, config.embedding_size, generator, spread)
