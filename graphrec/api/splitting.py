"""``gr.split``: which interactions are for training, validation and testing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec.dataset.splitting import SPLITS, given_split
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import Split

_WAYS: dict[str, Callable[..., Split]] = {**SPLITS, "given": given_split}
"""Ways to split, by name; parts that are given stand in the store, which is an option of this way alone."""


def split(dataset: Dataset, how: str = "random", **options: Any) -> Split:
    """Return a split of the positive interactions; ``split.apply(dataset)`` cuts the data with it.

    Args:
        dataset: what to split.
        how: ``random``, ``leave-one-out``, ``users``, ``items``, ``cold-users``, ``time``, ``file`` or ``given``, as on
            the command line.
        options: of that way to split, such as ``ratios=(0.8, 0.1, 0.1)`` and ``seed=1`` for ``random``, or
            ``store=store`` for ``given``.

    Raises:
        UsageError: an unknown way to split, or an option that it does not have.
        InputError: there is no positive interaction to divide.
    """
    if how not in _WAYS:
        raise UsageError(f"there is no split {how!r}", remedy=f"Known ways to split: {', '.join(_WAYS)}")
    try:
        return _WAYS[how](dataset, **options)
    except TypeError as error:
        raise UsageError(f"the split {how!r} does not take these options: {error}") from error
