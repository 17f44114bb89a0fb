"""Models that score through several networks, one for each kind of attribute, and attend to them.

A model offers three members, and its evidence names the network that each weight came through: a ``via`` of
``attribute:KIND`` where the taken item shares a value of the kind with the recommended one, ``neighbours:KIND`` where
it is near in the network without sharing one; or the network's own name, for one that is of no kind. Nothing else of
the model is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import padded_blocks
from graphrec.arrays.padding import padded
from graphrec.errors import UsageError
from graphrec.schema.property_graph import VIA_ATTRIBUTE, VIA_NEIGHBOURS

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence
    from graphrec.models.model import Model

_NUMBERS_AT_ONCE = 2_000_000


class AttributeNetworks(Protocol):
    """What a model with attribute networks offers beside ``Model``.

    Shapes: B users, k items each, K networks.
    """

    @property
    def networks(self) -> tuple[str, ...]:
        """Names of the networks, kinds of attributes mostly, in the order of the columns of ``attention``."""

    def attention(self, profiles: Profiles, items: torch.Tensor) -> torch.Tensor:
        """Return how much each user attends to each network at an item, float32 [B, k, K].

        Rows are not negative and sum to 1; a network without an edge at the item has 0, and all have where none has.

        Args:
            profiles: of B users.
            items: int64 [B, k], taken or not.
        """

    def score_without_network(self, profiles: Profiles, items: torch.Tensor, kind: str) -> torch.Tensor:
        """Return the scores without the terms of one network, all else as it is, float32 [B, k].

        Args:
            profiles: of B users.
            items: int64 [B, k].
            kind: one of ``networks``.
        """


def networks_of(model: Model) -> AttributeNetworks:
    """Return the model as one with attribute networks; raise UsageError where it is none."""
    missing = [name for name in ("networks", "attention", "score_without_network") if not hasattr(model, name)]
    if missing:
        raise UsageError(
            f"{model.name} has no attribute networks: it lacks {', '.join(missing)}",
            remedy="Name a row whose model has them, such as eran",
        )
    found: AttributeNetworks = model  # type: ignore[assignment]
    return found


def network_place(model: Model, kind: str) -> int:
    """Return the column of a network; raise UsageError where the model has no such network."""
    networks = networks_of(model).networks
    if kind not in networks:
        raise UsageError(
            f"{model.name} has no network of {kind!r:.60}", remedy=f"Its networks: {', '.join(networks) or 'none'}"
        )
    return networks.index(kind)


def network_weights(evidence: Evidence, networks: tuple[str, ...]) -> torch.Tensor:
    """Return the sum of the weights through each network, float64 [B, k, K].

    Args:
        evidence: of B users and k items; a ``via`` that names no network counts for none.
        networks: K kinds.
    """
    names = evidence.via_names.to_pylist()
    column = [len(networks)] * (len(names) + 1)
    for place, name in enumerate(names):
        way, _, kind = name.partition(":")
        network = kind if way in (VIA_ATTRIBUTE, VIA_NEIGHBOURS) else name
        if network in networks:
            column[place] = networks.index(network)
    vias = np.where(evidence.labels < 0, len(names), evidence.vias)
    target = torch.from_numpy(np.asarray(column)[vias])[:, None, :].expand(evidence.weights.shape)
    sums = torch.zeros(*evidence.weights.shape[:2], len(networks) + 1, dtype=torch.float64)
    return sums.scatter_add_(2, target, evidence.weights.double())[:, :, :-1]


def attention_of_users(model: Model, profiles: Profiles) -> npt.NDArray[np.float64]:
    """Return the mean attention of each user to each network over taken items, float64 [B, K].

    NaN for a user who took nothing.

    Args:
        model: with attribute networks.
        profiles: of B users.
    """
    with_networks, counts = networks_of(model), profiles.items.counts
    attention = np.full((len(profiles), len(with_networks.networks)), np.nan)
    order = np.argsort(counts, kind="stable")
    for part in padded_blocks(np.maximum(counts[order], 1) * max(attention.shape[1], 1), _NUMBERS_AT_ONCE):
        rows = order[part]
        some = profiles.rows(rows)
        taken = torch.from_numpy(padded(some.items.indices, some.items.counts).astype(np.int64))
        if not taken.shape[1]:
            continue
        filled = taken >= 0
        paid = with_networks.attention(some, taken.clamp(min=0)).double().masked_fill(~filled[:, :, None], 0.0)
        with np.errstate(invalid="ignore"):
            attention[rows] = paid.sum(dim=1).numpy() / filled.sum(dim=1)[:, None].numpy()
    return attention
