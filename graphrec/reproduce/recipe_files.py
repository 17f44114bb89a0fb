"""Recipes read from a name or a file, with every word checked."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from graphrec.errors import InputError, UsageError
from graphrec.reproduce.recipe import Recipe
from graphrec.reproduce.recipe_names import check_names
from graphrec.reproduce.sections import read_sections
from graphrec.resources import RESOURCES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

_SUFFIX = ".toml"


def known_recipes() -> list[str]:
    """Return the names of the recipes that come with graphrec."""
    return sorted(
        entry.name.removesuffix(_SUFFIX) for entry in (RESOURCES / "recipes").iterdir() if entry.name.endswith(_SUFFIX)
    )


def read_recipe(name: str) -> Recipe:
    """Read a recipe that comes with graphrec, or a file of one's own.

    Args:
        name: a known name, or the path of a ``.toml`` file.

    Raises:
        UsageError: there is no recipe of this name.
        InputError: the file is no recipe; names what is wrong and where.
    """
    if name.endswith(_SUFFIX):
        return _read(Path(name), name)
    if name not in known_recipes():
        raise UsageError(
            f"there is no recipe {name!r}",
            remedy=f"Known recipes: {', '.join(known_recipes())}; or name a {_SUFFIX} file",
        )
    return _read(RESOURCES / "recipes" / (name + _SUFFIX), name + _SUFFIX)


def _read(file: Path, where: str) -> Recipe:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError("the recipe cannot be read", where=where, remedy="Name a file that is there") from error
    except ValueError as error:  # no UTF-8, or no TOML: tomllib says where
        raise InputError(f"the recipe is no TOML: {error}", where=where) from error
    try:
        recipe = Recipe.model_validate(content)
    except ValidationError as error:
        raise InputError(f"the recipe is not right: {_first(error)}", where=where) from error
    check_names(recipe, read_sections(recipe, where), where)
    unknown = [follower for follower in recipe.then if follower not in known_recipes()]
    if unknown:
        raise InputError(
            f"the recipe {unknown[0]!r} is to be done after it, and does not come with graphrec",
            where=where,
            remedy=f"Known recipes: {', '.join(known_recipes())}",
        )
    return recipe


def _first(error: ValidationError) -> str:
    first: Any = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}" if place else message
