"""What is wrong with a recipe's structure, in words, and the names that were perhaps meant."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from graphrec.reproduce.recipe import Quick, ReasonsPlan, Recipe
from graphrec.reproduce.recipe_data import Data
from graphrec.reproduce.recipe_protocol import Look, Protocol, SplitPlan
from graphrec.reproduce.recipe_row import Row
from graphrec.wording import readable

if TYPE_CHECKING:
    from pydantic import ValidationError

    from graphrec.reproduce.strict import Strict

_PARTS: dict[str, type[Strict]] = {
    "data": Data,
    "protocol": Protocol,
    "split": SplitPlan,
    "looks": Look,
    "rows": Row,
    "reasons": ReasonsPlan,
    "quick": Quick,
}
"""Key of a recipe to what stands under it."""


def first_fault(error: ValidationError) -> str:
    """Return the first fault with its place, counted from 0 as in ``rows.0.model``."""
    first: Any = error.errors()[0]
    place = readable(".".join(str(part) for part in first["loc"]), 120)
    message = str(first["msg"]).removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = "there is no such key"
    return f"{place}: {message}" if place else message


def nearest_names(error: ValidationError) -> str:
    """Return which keys there are where the first fault is an unknown one; empty otherwise."""
    first: Any = error.errors()[0]
    if first["type"] != "extra_forbidden":
        return ""
    *above, key = first["loc"]
    part: type[Strict] = Recipe
    for name in above:
        part = _PARTS.get(str(name), part)
    near = get_close_matches(str(key), part.model_fields, n=2)
    hint = f"Did you mean {' or '.join(near)}? " if near else ""
    return f"{hint}Keys here: {', '.join(part.model_fields)}"
