"""The rule for interactions that count as positive, such as ``rating>=3``."""

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
class PositiveRule:
    """A comparison of one interaction property with a number; an empty text accepts every interaction."""

    text: str = ""

    def __post_init__(self) -> None:
        if self.text and Comparison.parse(self.text) is None:
            raise UsageError(
                f"{self.text!r} does not say which interactions are positive",
                remedy="Write rating, weight or timestamp, then >=, <=, >, < or =, then a number, such as rating>=3",
            )

    @property
    def column(self) -> str:
        """The property that decides: ``rating``, ``weight`` or ``timestamp``; empty where every interaction counts."""
        comparison = Comparison.parse(self.text)
        return "" if comparison is None else comparison.column

    def mask(self, columns: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.bool_]:
        """Return the mask of positive interactions; an interaction without the property is not positive.

        Args:
            columns: ``rating``, ``weight`` and ``timestamp``, of one length; NaN where unknown.
        """
        comparison = Comparison.parse(self.text)
        return np.ones(len(columns["weight"]), dtype=np.bool_) if comparison is None else comparison.mask(columns)
