"""Code that a recipe names: none, unless the person who runs it says so.

A recipe is data. The loaders, models and kinds of sections in it are names in registries; ``module:name`` is code of an
installed package, which is imported only for somebody who was told and allows it.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

from graphrec.errors import InputError
from graphrec.loading.registry import BUILT_IN
from graphrec.models.registry import MODELS
from graphrec.reproduce.sections import SECTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from graphrec.reproduce.recipe import Recipe

FLAG = "--allow-code"
"""Option of the command that allows a recipe to name code."""


class Named(NamedTuple):
    """A name in a recipe that stands for code.

    Attributes:
        place: where in the recipe, for messages.
        noun: what it names.
        name: registered, or ``module:name``.
        known: registered names.
    """

    place: str
    noun: str
    name: str
    known: Mapping[str, str]

    @property
    def is_code(self) -> bool:
        """Whether it is not registered, but has the form ``module:name``."""
        return self.name not in self.known and ":" in self.name


def code_of(recipe: Recipe, where: str, *, is_allowed: bool) -> list[Named]:
    """Return the names of a recipe that would import code of an installed package; nothing is imported here.

    Args:
        recipe: what to look through.
        where: the file, for the message.
        is_allowed: whether a recipe may name code.

    Raises:
        InputError: a name is not registered and is no code, or it is and that is not allowed.
    """
    code = []
    for named in _names(recipe):
        if named.name in named.known:
            continue
        known = f"Known: {', '.join(sorted(named.known))}"
        if not named.is_code:
            near = get_close_matches(named.name, named.known, n=2)
            hint = f"Did you mean {' or '.join(near)}? " if near else ""
            raise InputError(
                f"{named.place}: there is no {named.noun} {named.name!r:.80}", where=where, remedy=f"{hint}{known}"
            )
        if not is_allowed:
            raise InputError(
                f"{named.place}: the {named.noun} {named.name!r:.80} is code, and a recipe is data",
                where=where,
                remedy=f"{known}. If you trust this recipe and have installed the package that it names: {FLAG}",
            )
        code.append(named)
    return code


def _names(recipe: Recipe) -> Iterator[Named]:
    yield Named("data", "loader", recipe.data.loader, BUILT_IN)
    for row in recipe.rows:
        yield Named(f"row {row.name!r:.60}", "model", row.model, MODELS)
    for place, section in enumerate(recipe.sections, start=1):
        yield Named(f"section {place}", "kind of section", str(section.get("kind")), SECTIONS)
