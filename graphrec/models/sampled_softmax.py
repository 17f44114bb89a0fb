"""The softmax over a sample of the catalogue."""

from __future__ import annotations

import math


def sampling_correction(sampled: int, others: int) -> float:
    """Return −log q for items drawn with the chance q = sampled / others.

    Added to their scores, it makes up for those that were not drawn: the sum of the softmax is right on average (Jean,
    Cho, Memisevic, Bengio, "On using very large target vocabulary for neural machine translation", ACL 2015).

    Args:
        sampled: items drawn without replacement.
        others: items they were drawn from.
    """
    return -math.log(sampled / others)
