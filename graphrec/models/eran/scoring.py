"""Scores of items by histories, in two forms.

``networks``: score = s/√n · Σ_k (K_i/K) ã_{u,i}^k ⟨h_i^k, Σ_j h_j^k⟩ + b_i, the sum over the history of inner products
within each network. K_i of the K networks have an edge at item i; without the factor an item known in one network alone
would count as much in it as another one in all.

``distance``: the paper's (13), Σ_j −‖h_ui − h_uj‖² with h_ui = Σ_k ã_{u,i}^k h_i^k (7). All its terms are negative, so
that without any taken item the score would rise. So the usual distance of each j is added to its term: the mean of
‖h_i' − h_uj‖² over the catalogue, h_i' weighed evenly. That adds one number to all scores of a user: the ranking is
the paper's, and the term of j is positive where it is nearer than usual. With the mean m and the mean square q of the
h_i', n · (q − ‖h_ui‖²) + 2 ⟨h_ui − m, Σ_j h_uj⟩ remains; it counts s/(2√n), and b_i is added.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphrec.models.eran.items import ItemVectors, attention

if TYPE_CHECKING:
    import torch

    from graphrec.models.eran.histories import Histories


@dataclass(frozen=True, eq=False)
class UsualItem:
    """The catalogue's items weighed evenly, for the form of distance.

    Attributes:
        mean: m, [d].
        by_network: parts of the mean that come through each network, [K, d]; they sum to it.
        square: q, the mean of squared lengths.
        square_by_network: parts of it, [K].
    """

    mean: torch.Tensor
    by_network: torch.Tensor
    square: torch.Tensor
    square_by_network: torch.Tensor

    @classmethod
    def of(cls, vectors: torch.Tensor) -> UsualItem:
        """Return that of a catalogue's vectors [K, items, d]."""
        items = ItemVectors(vectors[:, None], vectors.new_zeros(1, vectors.shape[1]))
        weighed = attention(None, items)[:, 0, 0, :, None] * vectors
        whole = weighed.sum(dim=0)
        squares = (weighed * whole).sum(dim=2).mean(dim=1)
        by_network = weighed.mean(dim=1)
        return cls(by_network.sum(dim=0), by_network, squares.sum(), squares)


def scores(
    items: ItemVectors,
    histories: Histories,
    scale: float,
    usual: UsualItem | None,
    kept: torch.Tensor | None = None,
) -> torch.Tensor:
    """Return the scores of T items by M histories of B users each, [B, M, T].

    Args:
        items: T for each user.
        histories: of the users; an empty one gives the items' biases.
        scale: s.
        usual: of the catalogue for the form of distance; None for that of networks.
        kept: [d] or [K, d], what each dimension counts in products; None for 1 (the dropout of training).
    """
    sums = histories.sums if kept is None else histories.sums * kept.view(-1, 1, 1, kept.shape[-1])
    weights = attention(histories.users, items)
    near = (weights * items.products(sums)).sum(dim=0)
    roots = histories.length.clamp(min=1e-12).sqrt()[:, :, None]
    if usual is None:
        return scale * items.share[:, None] * near / roots + items.bias[:, None]
    squares = _squared_lengths(weights, items.vectors, kept)
    far_from_usual = (histories.sums[0] @ usual.mean)[:, :, None]
    alone = 0.5 * histories.total[:, :, None] * (usual.square - squares)
    return scale * (alone + near - far_from_usual) / roots + items.bias[:, None]


def _squared_lengths(weights: torch.Tensor, vectors: torch.Tensor, kept: torch.Tensor | None) -> torch.Tensor:
    """Return ‖Σ_k ã^k h^k‖² without making the sums, [B, M, T] (or M = 1): Σ_kl ã^k ã^l ⟨h^k, h^l⟩."""
    other = vectors if kept is None else vectors * kept
    total = weights.new_zeros(1)
    for one in range(len(vectors)):
        for two in range(one + 1):
            product = (vectors[one] * other[two]).sum(dim=2)[:, None]
            total = total + (1 if one == two else 2) * weights[one] * weights[two] * product
    return total
