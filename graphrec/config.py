"""Typed, validated settings of models and explainers."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from typing_extensions import Self


class Config(BaseModel):
    """Settings that every model and explainer has. Unknown names and values out of range are refused.

    Attributes:
        of: what has these settings, for messages.
        added_later: settings that were added after fits had been made without them.
        seed: of every random choice; the same seed and data give the same result on CPU.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    of: ClassVar[str] = "model"
    added_later: ClassVar[frozenset[str]] = frozenset()
    seed: int = Field(0, ge=0, lt=2**63, description="of every random choice")

    @classmethod
    def read(cls, settings: dict[str, Any]) -> Self:
        """Build from settings that may be text, as they come from the command line.

        Raises:
            UsageError: an unknown name, answered with the nearest names, or a value that does not fit.
        """
        try:
            return cls.model_validate(settings)
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            names = list(cls.model_fields)
            message = first["msg"].removeprefix("Value error, ").lower()
            nearest: list[str] = []
            if first["type"] == "extra_forbidden":
                message, nearest = "there is no such setting", get_close_matches(name, names, n=3)
            hint = f"Did you mean {' or '.join(nearest)}? " if nearest else ""
            raise UsageError(
                f"the setting {name!r}: {message}", remedy=f"{hint}Settings of this {cls.of}: {', '.join(names)}"
            ) from error

    @classmethod
    def from_arguments(cls, config: Config | None, settings: dict[str, Any], owner: str) -> Self:
        """Return the settings that a constructor was given, whole or by name.

        Args:
            config: all settings, or None.
            settings: single settings by name.
            owner: name of the class that is made, for messages.

        Raises:
            UsageError: both are given, ``config`` is of another type, or as for ``read``.
        """
        if config is None:
            return cls.read(settings)
        example = f"Give settings by name: {owner}({list(cls.model_fields)[-1]}=…)"
        if not isinstance(config, cls):
            raise UsageError(f"{config!r:.60} is not a {cls.__name__}", remedy=example)
        if settings:
            raise UsageError(f"{owner} takes a {cls.__name__} or settings by name, not both", remedy=example)
        return config

    @property
    def unstated(self) -> set[str]:
        """Names of settings added later that have their defaults, as in every fit made before they were added.

        They are left out of what identifies a fit, a training or a result, so that earlier ones are recognised.
        """
        fields = type(self).model_fields
        return {name for name in self.added_later if getattr(self, name) == fields[name].default}
