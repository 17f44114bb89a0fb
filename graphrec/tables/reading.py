"""The parts of a store that a reader wants to see in one state."""

from __future__ import annotations

from typing import Literal

Reading = Literal["data", "runs", "all"]
"""``data``: what was loaded. ``runs``: runs with their reasons, and the record of the data. ``all``: both, whole."""
