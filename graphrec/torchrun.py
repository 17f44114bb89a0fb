"""The environment variables that torchrun sets in its processes."""

from __future__ import annotations

import os
from dataclasses import dataclass

MARK = "TORCHELASTIC_RUN_ID"
"""The variable that torchrun, and nothing else, sets in every process that it launches."""


@dataclass(frozen=True)
class Launch:
    """The place of this process among those that torchrun launched together.

    Attributes:
        rank: its number.
        size: how many there are.
        local_rank: its number on its machine.
    """

    rank: int = 0
    size: int = 1
    local_rank: int = 0


def launch() -> Launch:
    """Return the place of this process; it is the only one unless torchrun launched it."""
    if MARK not in os.environ:
        return Launch()
    return Launch(*(int(os.environ[name]) for name in ("RANK", "WORLD_SIZE", "LOCAL_RANK")))
