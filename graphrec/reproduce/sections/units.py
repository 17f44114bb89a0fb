"""Units of falls, in words."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

UNITS: Mapping[str, str] = MappingProxyType({"sd": "standard deviations", "log_p": "log p"})
"""What a fall is counted in, by the name of the unit (``graphrec.evaluation.explanations.falls``)."""
