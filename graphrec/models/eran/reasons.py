"""The part of a score that each taken item brings through each network.

Form of networks: s/√n · (K_i/K) ã_{u,i}^k ⟨h_i^k, h_j^k⟩.

Form of distance: with a^k = ã^k h^k, δ^k = a_i^k − a_j^k and δ = Σ_k δ^k, the squared distance is Σ_k ⟨δ^k, δ⟩, an
exact split that shares the cross terms of two networks between them. The usual distance of j splits likewise, as the
mean over the catalogue. What j brings through k is s/(2√n) times the usual part less the part for i.

In both, the sum over items and networks is the score less the item's bias.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional

from graphrec.models.eran.cold_minimum import least
from graphrec.models.eran.items import ItemVectors, attention

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.incidence import Incidence
    from graphrec.models.eran.histories import Histories
    from graphrec.models.eran.member import Member
    from graphrec.models.eran.scoring import UsualItem


def parts_of_scores(
    member: Member,
    taken: Incidence,
    known: npt.NDArray[Any],
    nodes: torch.Tensor,
    filled: torch.Tensor,
    items: torch.Tensor,
) -> torch.Tensor:
    """Return what each taken item brings through each network, float32 [B, k, n, K]; 0 in padding.

    Args:
        member: a trained network.
        taken: B × items.
        known: int [B], row in the training data or −1.
        nodes: int64 [B, n], the taken items; any in padding.
        filled: bool [B, n].
        items: int64 [B, k].
    """
    histories = member.histories(taken, known)
    asked = member.catalogue.named(items)
    factor = _factor(member, histories)
    if member.usual is None:
        near = asked.vectors @ member.vectors[:, nodes].transpose(-1, -2)
        weights = attention(histories.users, asked)[:, :, 0]
        parts = (factor * asked.share)[None, :, :, None] * weights[..., None] * near
    else:
        a_items, a_own = _weighed(histories, asked), _weighed(histories, _own(member, nodes))
        usual = _usual_parts(a_own, member.usual)[:, :, None]
        parts = 0.5 * factor[None, :, :, None] * (usual - distance_parts(a_items, a_own))
    if member.config.cold == "minimum":
        parts = _least_alone(member, histories, nodes, filled, items, parts)
    return (parts * filled[None, :, None, :]).permute(1, 2, 3, 0)


def nearness(
    member: Member,
    taken: Incidence,
    known: npt.NDArray[Any],
    nodes: torch.Tensor,
    filled: torch.Tensor,
    items: torch.Tensor,
) -> torch.Tensor:
    """Return the paper's way to choose a reason: exp(−‖h_ui − h_uj‖²), through the network of the largest ã_{u,i}.

    Arguments and shape as for ``parts_of_scores``; the other networks of an item have 0.
    """
    histories = member.histories(taken, known)
    asked = member.catalogue.named(items)
    squares = distance_parts(_weighed(histories, asked), _weighed(histories, _own(member, nodes))).sum(dim=0)
    weights = attention(histories.users, asked)[:, :, 0]
    largest = functional.one_hot(weights.argmax(dim=0), len(weights))
    near = torch.exp(-squares.clamp(min=0)) * filled[:, None]
    return near[..., None] * largest[:, :, None]


def scores_without(
    member: Member,
    network: int,
    taken: Incidence,
    known: npt.NDArray[Any],
    nodes: torch.Tensor,
    filled: torch.Tensor,
    items: torch.Tensor,
) -> torch.Tensor:
    """Return scores with everything that comes through one network taken away, [B, k]; attention stays as it is.

    In the form of networks, its terms go. In that of distance, its part of every vector goes, the usual item's too.

    Args:
        member: a trained network.
        network: position among the K networks.
        taken: B × items.
        known: int [B], row in the training data or −1.
        nodes: int64 [B, n], the taken items; any in padding.
        filled: bool [B, n].
        items: int64 [B, k].
    """
    if member.usual is None:
        parts = parts_of_scores(member, taken, known, nodes, filled, items)
        gone = parts[..., network].sum(dim=2)
        return member.scores(taken, known, items) - gone
    histories = member.histories(taken, known)
    kept = torch.arange(len(member.vectors)) != network
    of_items = _weighed(histories, member.catalogue.named(items))[kept].sum(dim=0)
    of_own = (_weighed(histories, _own(member, nodes))[kept].sum(dim=0) * filled[..., None]).sum(dim=1)
    of_all = (attention(None, member.catalogue)[:, 0, 0, :, None] * member.vectors)[kept].sum(dim=0)
    mean, square = of_all.mean(dim=0), (of_all**2).sum(dim=1).mean()
    n = histories.length
    inner = ((of_items - mean) @ of_own[..., None])[..., 0]
    whole = 0.5 * n * (square - (of_items**2).sum(dim=2)) + inner
    return _factor(member, histories) * whole + member.bias[items]


def _factor(member: Member, histories: Histories) -> torch.Tensor:
    """Return s/√n, [B, 1]."""
    return member.config.scale / histories.length.clamp(min=1e-12).sqrt()


def _own(member: Member, nodes: torch.Tensor) -> ItemVectors:
    """Return the taken items of each user."""
    return ItemVectors(member.vectors[:, nodes], member.bias[nodes])


def _weighed(histories: Histories, items: ItemVectors) -> torch.Tensor:
    """Return a^k = ã^k h^k of T items of B users with one history each, [K, B, T, d]."""
    return attention(histories.users, items)[:, :, 0, :, None] * items.vectors


def _least_alone(
    member: Member,
    histories: Histories,
    nodes: torch.Tensor,
    filled: torch.Tensor,
    items: torch.Tensor,
    parts: torch.Tensor,
) -> torch.Tensor:
    """Return the parts with those of new items replaced: the taken item that decides (14) brings all of the score.

    It comes through the networks in equal parts, since a least distance has no exact split among what did not decide.
    """
    value, place = least(member.similarities(nodes, histories, items), filled[:, None])
    alone = functional.one_hot(place[:, 0], nodes.shape[1]) * value[:, 0, :, None] / len(parts)
    is_new = torch.from_numpy(member.is_new)[items]
    return torch.where(is_new[None, :, :, None], alone[None].expand_as(parts), parts)


def distance_parts(a_items: torch.Tensor, a_own: torch.Tensor) -> torch.Tensor:
    """Return ⟨δ^k, δ⟩ for all pairs of weighed vectors, [K, B, k, n].

    Args:
        a_items: [K, B, k, d].
        a_own: [K, B, n, d].
    """
    items, own = a_items.sum(dim=0), a_own.sum(dim=0)
    across = a_items @ own[None].transpose(-1, -2) + items[None] @ a_own.transpose(-1, -2)
    of_items = (a_items * items).sum(dim=3)[..., None]
    of_own = (a_own * own).sum(dim=3)[:, :, None]
    return of_items - across + of_own


def _usual_parts(a_own: torch.Tensor, usual: UsualItem) -> torch.Tensor:
    """Return the mean of ⟨δ^k, δ⟩ over the catalogue's items weighed evenly, [K, B, n]; ``a_own`` [K, B, n, d]."""
    own = a_own.sum(dim=0)
    across = torch.einsum("kd,bnd->kbn", usual.by_network, own) + a_own @ usual.mean
    return usual.square_by_network[:, None, None] - across + (a_own * own).sum(dim=3)
