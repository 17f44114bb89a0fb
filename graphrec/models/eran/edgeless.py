"""What to say of data that leave eRAN without an edge: which of its needs is missing, and what mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from graphrec.arrays.bounded_blocks import blocks
from graphrec.errors import ModelError, UsageError
from graphrec.sampling.attribute_networks import CO_TAKEN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.dataset import Dataset
    from graphrec.models.eran.config import ERANConfig
    from graphrec.sampling.attribute_networks import AttributeNetwork

_ITEMS_AT_ONCE = 256


def check_networks(networks: Sequence[AttributeNetwork], dataset: Dataset, config: ERANConfig) -> None:
    """Raise where no network has an edge, or where two networks would have the same name.

    Args:
        networks: of the training data, that of all pairs last where there is one.
        dataset: the training data.
        config: of the model.

    Raises:
        ModelError: no edge in any network, or none of ``threshold`` users; the text says what is missing.
        UsageError: a kind of attribute has the name of the network of all pairs, and both are wanted.
    """
    if config.all_pairs and CO_TAKEN in (network.kind for network in networks[:-1]):
        raise UsageError(
            f"a kind of attribute is called {CO_TAKEN!r}, like the network of all pairs",
            remedy="Name the other kinds (attributes=…), or train with all_pairs=false",
        )
    if not any(network.pairs.nnz for network in networks):
        raise _without_edges(networks, dataset, config)
    if config.threshold > 1 and not any(_has_edge(network, config.threshold) for network in networks):
        raise ModelError(
            f"no edge of the attribute networks has {config.threshold} users who took both items",
            remedy="Lower the threshold; the paper's is 1",
        )


def _without_edges(networks: Sequence[AttributeNetwork], dataset: Dataset, config: ERANConfig) -> ModelError:
    together = dataset.taken if config.co_purchase == "taken" else dataset.positives
    if int(together.counts.max(initial=0)) < 2:
        return ModelError(
            "there are too few interactions that count: nobody took two items, so that there is no attribute network",
            remedy="Load longer histories, or train popularity",
        )
    left_out = sum(len(network.left_out) for network in networks)
    if left_out and not any(network.carried.n_entries for network in networks):
        return ModelError(
            f"each of the {left_out} values of attributes is carried by more than {config.max_share:g} of the items, "
            "so that all are left out and there is no attribute network",
            remedy="Raise max_share, or load further attributes of items",
        )
    if not networks or not any(network.carried.n_entries for network in networks):
        return ModelError(
            "no two items carry the same attribute, so that there is no attribute network",
            remedy="Load attributes of items (docs/write-a-loader.md), train with all_pairs=true, or train ease",
        )
    kinds = ", ".join(network.kind for network in networks)
    return ModelError(
        f"no two items that a user took carry the same value of {kinds}, so that there is no attribute network",
        remedy="Load longer histories or further attributes, train with all_pairs=true, or train ease",
    )


def _has_edge(network: AttributeNetwork, threshold: int) -> bool:
    items = np.flatnonzero(network.diagonal)
    return any(network.rows(items[part], "edges", threshold).n_entries for part in blocks(len(items), _ITEMS_AT_ONCE))
