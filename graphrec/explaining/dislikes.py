"""Explicit dislikes as inputs of additive item–item models: taken items that speak against what is like them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import torch

from graphrec.arrays.padding import padded
from graphrec.dataset.incidence import Incidence
from graphrec.explaining.evidence import Evidence, Slots, history_slots
from graphrec.schema.property_graph import VIA_DISLIKED

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles


def liked_and_disliked(profiles: Profiles) -> Slots:
    """Return one slot for each item that a user took and likes, in ascending order, then one for each disliked one.

    Those of dislikes have the ``via`` of dislikes; without any, these are the slots of the history.

    Args:
        profiles: of B users.
    """
    if not profiles.disliked.n_entries:
        return history_slots(profiles.items)
    n_items = profiles.items.n_columns
    whole = Incidence.beside([profiles.items.pattern, profiles.disliked])
    places = padded(whole.indices, whole.counts)
    is_disliked = places >= n_items
    slots = history_slots(whole)
    nodes = np.where(is_disliked, places - n_items, places).astype(np.int32)
    return replace(slots, nodes=nodes, vias=is_disliked.astype(np.int32), via_names=pa.array(["self", VIA_DISLIKED]))


def signs(slots: Slots, weight: float) -> torch.Tensor:
    """Return how much an input counts: 1, and minus ``weight`` for a disliked item. Float32 [B, 1, n].

    Args:
        slots: of B users.
        weight: of a dislike beside a positive.
    """
    of_via = [-weight if name == VIA_DISLIKED else 1.0 for name in slots.via_names.to_pylist()]
    return torch.from_numpy(np.array(of_via, dtype=np.float32)[slots.vias])[:, None, :]


def beside_dislikes(liked: Evidence, profiles: Profiles, weights: torch.Tensor) -> Evidence:
    """Return evidence of what users like, with the disliked items behind it.

    Args:
        liked: of B users and k items.
        profiles: of the same users.
        weights: float32 [B, k, m] of the disliked items, the i-th of a user in place i; 0 in padding.
    """
    slots, names = history_slots(profiles.disliked), [*liked.via_names.to_pylist(), VIA_DISLIKED]
    return Evidence(
        np.concatenate([liked.labels, slots.labels], axis=1),
        np.concatenate([liked.nodes, slots.nodes], axis=1),
        np.concatenate([liked.grounds, slots.grounds], axis=1),
        np.concatenate([liked.vias, np.full(slots.nodes.shape, len(names) - 1, dtype=np.int32)], axis=1),
        pa.array(names, pa.string()),
        torch.cat([liked.weights, weights], dim=2),
    )
