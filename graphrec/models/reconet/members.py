"""Several RecoNets as one: the mean of their scores is again a RecoNet, and so are its relevances.

The linear model scores <w_j, x_u>. With M members the mean (1/M) Σ_m <w_j^m, x_u^m> is the product of their vectors set
side by side, Q = [Q¹ … Q^M] and W = [W¹ … W^M] / M. With a layer, V is the block-diagonal matrix of the members' own.
A member's softmax normalises by a number that does not depend on the item, so that ranking by the mean score is ranking
by the mean log-probability. Nothing else changes: relevances of the whole are the means of the members' relevances.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import linalg

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt


def joined_members(members: Sequence[Mapping[str, npt.NDArray[Any]]]) -> dict[str, npt.NDArray[Any]]:
    """Return the arrays of the RecoNet that scores as the members do on average.

    Args:
        members: ``features`` [features, d], ``output`` [items, d or h] and, with a layer, ``hidden`` [h, d] of each.

    Returns:
        The same names, with M·d and M·h in the place of d and h.
    """
    if len(members) == 1:
        return dict(members[0])
    whole = {
        "features": np.concatenate([member["features"] for member in members], axis=1),
        "output": np.concatenate([member["output"] for member in members], axis=1) / np.float32(len(members)),
    }
    if "hidden" in members[0]:
        whole["hidden"] = linalg.block_diag(*(member["hidden"] for member in members)).astype(np.float32)
    return whole
