"""A comparison of one property of interactions with a number, such as ``rating>=3``."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt
    from typing_extensions import Self

_OPERATORS = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_PATTERN = re.compile(r"\s*(rating|weight|timestamp)\s*(>=|<=|>|<|=)\s*(-?\d+(?:\.\d+)?)\s*")


@dataclass(frozen=True)
class Comparison:
    """A comparison of ``rating``, ``weight`` or ``timestamp`` with a number.

    Attributes:
        column: the property.
        symbol: ``>=``, ``<=``, ``>``, ``<`` or ``=``.
        number: what it is compared with.
    """

    column: str
    symbol: str
    number: float

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """Return the comparison that a text states; None for a text that states none."""
        match = _PATTERN.fullmatch(text)
        return None if match is None else cls(match.group(1), match.group(2), float(match.group(3)))

    def mask(self, columns: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.bool_]:
        """Return the mask of interactions of which it is true; never of one without the property.

        Args:
            columns: ``rating``, ``weight`` and ``timestamp``, of one length; NaN where unknown.
        """
        with np.errstate(invalid="ignore"):
            mask: npt.NDArray[np.bool_] = _OPERATORS[self.symbol](columns[self.column], self.number)
        return mask

    @property
    def interval(self) -> tuple[float, float]:
        """The lowest and the highest number, in double precision, of which it is true."""
        low, high = -np.finfo(np.float64).max, np.finfo(np.float64).max
        bounds = {
            ">=": (self.number, high),
            "<=": (low, self.number),
            ">": (np.nextafter(self.number, np.inf), high),
            "<": (low, np.nextafter(self.number, -np.inf)),
            "=": (self.number, self.number),
        }[self.symbol]
        return float(bounds[0]), float(bounds[1])
