"""What all parts of a recipe are made of: models that take nothing unknown, and paths below the folder of data."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from collections.abc import Iterable

Settings = dict[str, Any]
"""Settings of a model by name."""


class Strict(BaseModel):
    """A part of a recipe: nothing unknown is taken, nothing changes later."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def require_below(paths: Iterable[str]) -> None:
    """Raise ValueError for a path that leads out of the folder of data."""
    for path in paths:
        parts = PurePath(path).parts
        if not parts or PurePath(path).is_absolute() or ".." in parts:
            raise ValueError(f"{path!r:.60} does not lie below the folder of data, where a recipe looks alone")
