"""The rule for interactions that are explicit dislikes, such as ``rating<=2``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.comparison import Comparison
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt


@dataclass(frozen=True)
class NegativeRule:
    """A comparison of a rating or a weight with a number; an empty text finds no dislike."""

    text: str = ""

    def __post_init__(self) -> None:
        comparison = Comparison.parse(self.text)
        if self.text and (comparison is None or comparison.column == "timestamp"):
            raise UsageError(
                f"{self.text!r} does not say which interactions are dislikes",
                remedy="Write rating or weight, then >=, <=, >, < or =, then a number, such as rating<=2",
            )

    def mask(self, columns: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.bool_]:
        """Return the mask of dislikes; an interaction without the property is none.

        Args:
            columns: ``rating``, ``weight`` and ``timestamp``, of one length; NaN where unknown.
        """
        comparison = Comparison.parse(self.text)
        return np.zeros(len(columns["weight"]), dtype=np.bool_) if comparison is None else comparison.mask(columns)
