"""Recipes read from a name or a file, with every word checked."""

from __future__ import annotations

import json
import stat
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from graphrec.errors import InputError, UsageError
from graphrec.reproduce.recipe import Recipe
from graphrec.reproduce.recipe_code import code_of
from graphrec.reproduce.recipe_faults import first_fault, nearest_names
from graphrec.reproduce.recipe_names import check_names
from graphrec.reproduce.sections import read_sections
from graphrec.resources import RESOURCES

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphrec.reproduce.recipe_code import Named

_SUFFIX = ".toml"
_LARGEST = 4 << 20


def known_recipes() -> list[str]:
    """Return the names of the recipes that come with graphrec."""
    return sorted(
        entry.name.removesuffix(_SUFFIX) for entry in (RESOURCES / "recipes").iterdir() if entry.name.endswith(_SUFFIX)
    )


def read_recipe(name: str, allow_code: Callable[[Named], None] | None = None) -> Recipe:
    """Read a recipe that comes with graphrec, or a file of one's own.

    Args:
        name: a known name, or the path of a ``.toml`` file.
        allow_code: called with every name that stands for code of an installed package, before any is imported; None
            refuses a recipe that names code.

    Raises:
        UsageError: there is no recipe of this name.
        InputError: the file is no recipe; names what is wrong and where.
    """
    if name.endswith(_SUFFIX):
        return _read(Path(name), name, allow_code)
    if name not in known_recipes():
        near = get_close_matches(name, known_recipes(), n=2)
        raise UsageError(
            f"there is no recipe {name!r:.80}",
            remedy=(f"Did you mean {' or '.join(near)}? " if near else "")
            + f"Known recipes: {', '.join(known_recipes())}; or name a {_SUFFIX} file",
        )
    return _read(RESOURCES / "recipes" / (name + _SUFFIX), name + _SUFFIX, None)


def _read(file: Path, where: str, allow_code: Callable[[Named], None] | None) -> Recipe:
    content = _content(file, where)
    try:
        recipe = Recipe.model_validate(content)
    except ValidationError as error:
        raise InputError(
            f"the recipe is not right: {first_fault(error)}", where=where, remedy=nearest_names(error)
        ) from error
    for named in code_of(recipe, where, is_allowed=allow_code is not None):
        if allow_code is not None:
            allow_code(named)
    try:
        check_names(recipe, read_sections(recipe, where), where)
    except RecursionError as error:
        raise _too_deep(where) from error
    unknown = [follower for follower in recipe.then if follower not in known_recipes()]
    if unknown:
        raise InputError(
            f"the recipe {unknown[0]!r:.80} is to be done after it, and does not come with graphrec",
            where=where,
            remedy=f"Known recipes: {', '.join(known_recipes())}",
        )
    return recipe


def _content(file: Path, where: str) -> dict[str, Any]:
    """Return what a TOML file holds, as JSON could say it."""
    try:
        about = file.stat()
        if not stat.S_ISREG(about.st_mode) or about.st_size > _LARGEST:
            raise InputError(
                f"this is no recipe: a recipe is a file of at most {_LARGEST:,} bytes",
                where=where,
                remedy=f"Name a {_SUFFIX} file",
            )
        content = tomllib.loads(file.read_text(encoding="utf-8"))
        json.dumps(content, allow_nan=False)
    except OSError as error:
        raise InputError("the recipe cannot be read", where=where, remedy="Name a file that is there") from error
    except RecursionError as error:
        raise _too_deep(where) from error
    except TypeError as error:
        raise InputError("the recipe holds a date or a time, and no part of one is that", where=where) from error
    except ValueError as error:  # no UTF-8, no TOML (tomllib says where), or NaN
        raise InputError(f"the recipe is no TOML, or holds NaN: {error}", where=where) from error
    return content


def _too_deep(where: str) -> InputError:
    return InputError("the recipe is nested too deep", where=where, remedy="Write it as docs/recipes.md shows")
