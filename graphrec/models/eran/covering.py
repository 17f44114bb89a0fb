"""Which networks are taken where no kinds of attributes are named: those that know something of many items."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import numpy.typing as npt

    from graphrec.sampling.attribute_networks import AttributeNetwork

LEAST_COVERED = 0.1
"""Share of the taken items that has an edge in a network, at least."""

_LOG = logging.getLogger(__name__)


def covering(networks: Sequence[AttributeNetwork], is_taken: npt.NDArray[np.bool_]) -> list[AttributeNetwork]:
    """Return the networks in which a tenth of the taken items has an edge, all where none is so; the log says which go.

    An item counts by the share of the networks that it has an edge in (``scoring``), so that a network of few items,
    such as one of tags that a handful of films carries, would make all others count less.

    Args:
        networks: of the training data.
        is_taken: bool [items].
    """
    shares = [float((network.degrees() > 0)[is_taken].mean()) if is_taken.any() else 0.0 for network in networks]
    kept = [network for network, share in zip(networks, shares, strict=True) if share >= LEAST_COVERED]
    if not kept or len(kept) == len(networks):
        return list(networks)
    for network, share in zip(networks, shares, strict=True):
        if share < LEAST_COVERED:
            _LOG.warning(
                "eran: %.1f %% of the items have an edge in the network %s, which is left out; name kinds to keep it",
                100 * share,
                network.kind,
            )
    return kept
