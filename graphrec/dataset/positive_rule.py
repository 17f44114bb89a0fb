"""The rule for interactions that count as positive, such as ``rating>=3``."""

from __future__ import annotations

import operator
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

_OPERATORS = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
}
_PATTERN = re.compile(r"\s*(rating|weight|timestamp)\s*(>=|<=|>|<|=)\s*(-?\d+(?:\.\d+)?)\s*")


@dataclass(frozen=True)
class PositiveRule:
    """A comparison of one interaction property with a number; an empty text accepts every interaction."""

    text: str = ""

    def __post_init__(self) -> None:
        if self.text and not _PATTERN.fullmatch(self.text):
            raise UsageError(
                f"{self.text!r} does not say which interactions are positive",
                remedy="Write rating, weight or timestamp, then >=, <=, >, < or =, then a number, such as rating>=3",
            )

    @property
    def column(self) -> str:
        """The property that decides: ``rating``, ``weight`` or ``timestamp``; empty where every interaction counts."""
        match = _PATTERN.fullmatch(self.text)
        return match.group(1) if match else ""

    def mask(self, columns: Mapping[str, npt.NDArray[Any]]) -> npt.NDArray[np.bool_]:
        """Return the mask of positive interactions; an interaction without the property is not positive.

        Args:
            columns: ``rating``, ``weight`` and ``timestamp``, of one length; NaN where unknown.
        """
        match = _PATTERN.fullmatch(self.text)
        if match is None:
            return np.ones(len(columns["weight"]), dtype=np.bool_)
        name, symbol, number = match.groups()
        with np.errstate(invalid="ignore"):
            mask: npt.NDArray[np.bool_] = _OPERATORS[symbol](columns[name], float(number))
        return mask
