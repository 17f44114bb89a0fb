"""User clusters and item groups of a fit, as factors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.explaining.clusters import clusters_and_groups

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.explaining.factors import Factors
    from graphrec.models.indgrm.scoring import Scorer


def gates_of(scorer: Scorer, taken: Incidence) -> npt.NDArray[np.float32]:
    """Return π̃ of B users, float32 [B, K]; zeros for who took nothing. A model of one cluster has none: [B, 0].

    Args:
        scorer: of a trained network.
        taken: B × items.
    """
    n_clusters = len(scorer.kept) if len(scorer.kept) > 1 else 0
    gates = np.zeros((taken.n_rows, n_clusters), dtype=np.float32)
    if n_clusters:
        for part in row_blocks(taken.n_rows, scorer.kept.numel() + scorer.table.shape[1]):
            rows = taken.rows(np.arange(part.start, part.stop))
            gates[part] = scorer.users(rows).gates.numpy() * (rows.counts > 0)[:, None]
    return gates


@torch.no_grad()
def group_weights_of(scorer: Scorer) -> npt.NDArray[np.float32]:
    """Return s of (6) of every item and group, float32 [items, G]; rows sum to 1. Without groups [items, 0]."""
    prototypes, items = scorer.network.prototypes, scorer.network.decoder.items
    if prototypes is None:
        return np.zeros((len(items), 0), dtype=np.float32)
    weights: npt.NDArray[np.float32] = prototypes.memberships(items).numpy()
    return weights


def factors_of(scorer: Scorer, fit: str, dataset: Dataset) -> Factors:
    """Return the clusters and groups of a fit with names and members.

    Args:
        scorer: of a trained network.
        fit: id of the fit.
        dataset: in the model's numbering.
    """
    return clusters_and_groups(fit, gates_of(scorer, dataset.positives), group_weights_of(scorer), dataset)
