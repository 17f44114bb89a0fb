"""The two sides of a training case: the features of a user, and those of an item.

The factorisation machine of second order over features k of value x_k (Rendle 2010, equations 1 and 5),

    ŷ = w_0 + Σ_k w_k x_k + Σ_k<l ⟨v_k, v_l⟩ x_k x_l = w_0 + Σ_k w_k x_k + ½ (‖Σ_k x_k v_k‖² − Σ_k x_k² ‖v_k‖²),

falls apart where the features are a user's and an item's. With p = Σ x_k v_k over the user's, q over the item's,

    ŷ = w_0 + a_u + b_i + ⟨p_u, q_i⟩,   a_u = Σ_k w_k x_k + ½ (‖p_u‖² − Σ_k x_k² ‖v_k‖²), and b_i likewise:

all interactions are in it, those within a side too, and the scores of all items for a batch of users are one matrix
product. An id has the value 1, and the n attributes of a node 1/n each, as is usual for sets (Rendle, "Factorization
machines with libFM", TIST 2012): with 1 each, a dozen actors and genres outweigh the id, and much is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence


@dataclass(frozen=True, eq=False)
class FeatureSums:
    """The features of n users, or of n items, summed up.

    Attributes:
        vectors: [n, d], p or q.
        bias: [n], a or b, what one side adds to the score without the other.
        penalty: [n], Σ_k x_k ‖v_k‖², what is penalised.
    """

    vectors: torch.Tensor
    bias: torch.Tensor
    penalty: torch.Tensor


@dataclass(frozen=True, eq=False)
class Factors:
    """Learned parameters of some features: v [m, d] and w [m]."""

    vectors: torch.Tensor
    weights: torch.Tensor


def feature_sums(own: Factors, attributes: Factors, carried: Incidence, *, within: bool = True) -> FeatureSums:
    """Sum up the features of n nodes: each its own (the one-hot id), and the attributes that it carries.

    Args:
        own: of the n nodes.
        attributes: of all attributes.
        carried: n × attributes.
        within: whether the features of a node interact with each other; else a = Σ_k w_k x_k.
    """
    vectors, weights = own.vectors, own.weights
    penalty = squares = vectors.square().sum(dim=1)
    if carried.n_entries:
        table = torch.cat(
            [attributes.vectors, attributes.weights[:, None], attributes.vectors.square().sum(dim=1)[:, None]], dim=1
        )
        members, starts = (torch.from_numpy(part).to(table.device) for part in (carried.indices, carried.indptr[:-1]))
        # the mean is the sum with values 1/n; nodes without attributes get zeros
        means = functional.embedding_bag(members.long(), table, starts, mode="mean")
        value = 1 / torch.from_numpy(carried.counts).to(table.device).clamp(min=1)
        vectors, weights = vectors + means[:, :-2], weights + means[:, -2]
        penalty, squares = penalty + means[:, -1], squares + value * means[:, -1]
    bias = weights + (vectors.square().sum(dim=1) - squares) / 2 if within else weights
    return FeatureSums(vectors, bias, penalty)
