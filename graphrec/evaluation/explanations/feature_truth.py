"""What lists of features are compared with: the features that people did mention.

Two forms. *Printed*, equation 10 of "From Intrinsic to Counterfactual": everything in the profile that a method may
have seen, so that naming the profile itself is a perfect answer. *Honest*: what held-out reviews mention, which no
method has seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.arrays.sorted_keys import positions_of
from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import USER_FEATURES

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset


def printed_features(seen: Dataset) -> Incidence:
    """Return users × features: all that each user mentions in the data that a method may see."""
    return seen.mention_counts[USER_FEATURES].pattern


def held_out_features(dataset: Dataset, held_out: Incidence) -> Incidence:
    """Return users × features: what the held-out reviews of each user mention together.

    Args:
        dataset: whole, so that it has the mentions of held-out reviews.
        held_out: users × items in the same numbering.
    """
    row, feature = _mentions_of(dataset, held_out)
    return Incidence.from_pairs(held_out.row_of_entry[row], feature, (held_out.n_rows, len(dataset.nodes["Feature"])))


def held_out_features_of_pairs(dataset: Dataset, held_out: Incidence) -> Incidence:
    """Return pairs × features: what the review of each held-out pair mentions; rows in the order of its entries.

    Args:
        dataset: whole, so that it has the mentions of held-out reviews.
        held_out: users × items in the same numbering.
    """
    row, feature = _mentions_of(dataset, held_out)
    return Incidence.from_pairs(row, feature, (held_out.n_entries, len(dataset.nodes["Feature"])))


def _mentions_of(dataset: Dataset, held_out: Incidence) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return for each mention in a held-out review the entry of its pair, and the feature."""
    said = dataset.mentions
    entry = positions_of(held_out.keys(), held_out.keys_of(said.user, said.item))
    is_held_out = (entry >= 0) & (said.user >= 0) & (said.item >= 0)  # a profile's −1 could hit another pair's key
    return entry[is_held_out], said.feature[is_held_out]
