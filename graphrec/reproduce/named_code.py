"""What a name in a recipe stands for: something registered, or something of an installed package."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from graphrec.models.registry import find_model
from graphrec.user_modules import import_installed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.models.recommender import Recommender


def model_of_recipe(name: str) -> type[Recommender]:
    """Return a registered model, or one of an installed package; errors as for ``find_model``."""
    return find_model(name, import_installed)


def class_of_recipe(name: str, known: Mapping[str, str]) -> Any:
    """Return what a registry, or an installed package, has under a name; None where it has nothing.

    Raises:
        UsageError: there is no such package or module.
    """
    module, _, attribute = known.get(name, name).partition(":")
    return getattr(import_module(module) if name in known else import_installed(module), attribute, None)
