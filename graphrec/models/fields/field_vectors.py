"""A vector for each field of a user or an item: that of the id, and for each kind the mean or sum over its values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

if TYPE_CHECKING:
    from graphrec.dataset.incidence import Incidence


@dataclass(frozen=True, eq=False)
class FieldVectors:
    """The fields of n users, or of n items; the first is the id.

    Attributes:
        vectors: [n, fields, d]; zeros where the id is unknown, or the node has no value of the kind.
        weights: [n], the linear weights of all fields, summed up.
        penalty: [n], Σ_k x_k ‖v_k‖² over the features k, what is penalised.
    """

    vectors: torch.Tensor
    weights: torch.Tensor
    penalty: torch.Tensor

    @property
    def present(self) -> torch.Tensor:
        """Bool [n, fields], false where the vector is zero."""
        return self.vectors.detach().any(dim=2)


def field_vectors(
    own: torch.Tensor, attributes: torch.Tensor, carried: Incidence, pooling: str, n_kinds: int
) -> FieldVectors:
    """Look up the fields of n nodes.

    Args:
        own: [n, d + 1], vectors and linear weights of the ids.
        attributes: [attributes, d + 1].
        carried: n · kinds × attributes (``by_field``).
        pooling: ``mean``, x_k = 1/n for n values of a kind, or ``sum``, x_k = 1.
        n_kinds: of attributes.
    """
    squares = own[:, :-1].square().sum(dim=1)
    if not n_kinds:
        return FieldVectors(own[:, None, :-1], own[:, -1], squares)
    if not carried.n_entries:
        pooled = own.new_zeros(len(own), n_kinds, own.shape[1] + 1)
    else:
        table = torch.cat([attributes, attributes[:, :-1].square().sum(dim=1, keepdim=True)], dim=1)
        members, starts = (torch.from_numpy(part).to(own.device) for part in (carried.indices, carried.indptr[:-1]))
        bags = functional.embedding_bag(members.long(), table, starts, mode=pooling)  # empty bags are zero
        pooled = bags.view(len(own), n_kinds, -1)
    vectors = torch.cat([own[:, None, :-1], pooled[:, :, :-2]], dim=1)
    return FieldVectors(vectors, own[:, -1] + pooled[:, :, -2].sum(dim=1), squares + pooled[:, :, -1].sum(dim=1))
