"""Settings of groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator

from graphrec.explaining.explainer import ExplainerConfig
from graphrec.explaining.input_groups import BELONGING
from graphrec.explaining.leaving_attributes import Carried  # noqa: TC001 - pydantic looks it up
from graphrec.loading.frame_texts import id_texts
from graphrec.loading.id_list import read_ids

KINDS = ("attribute", "entity", "factor", "community", "list")
"""What items of a group have in common; of the first two one kind or relation can be named behind a colon."""


def _ids(name: Any, ids: Any) -> tuple[str, ...]:
    """Return the ids of a list as text."""
    if isinstance(ids, (str, bytes)) or not isinstance(ids, Iterable):
        raise ValueError(f"{name!r} is {ids!r:.60}: give a list of item ids")  # noqa: TRY004 - pydantic's
    texts = tuple(id_texts(ids))
    if not texts:
        raise ValueError(f"{name!r} is an empty list: give the ids of its items")
    return texts


def _read_lists(value: Any) -> Any:
    """Return lists of ids by name: those in files, called after the files without ending, or those that are given.

    Raises:
        ValueError: two files have one name, or a list is empty or no list.
        InputError: a file is absent, empty, or not UTF-8.
    """
    if isinstance(value, Mapping):
        return {str(name): _ids(name, ids) for name, ids in value.items()}
    if not isinstance(value, str):
        raise ValueError("give files with one item id a line, or lists of ids by name")  # noqa: TRY004 - pydantic's
    paths = [Path(part.strip()) for part in value.split(",") if part.strip()]
    if len({path.stem for path in paths}) < len(paths):
        raise ValueError("two of the files have the same name: rename one, since a list is called after its file")
    return {path.stem: read_ids(path) for path in paths}


class GroupsConfig(ExplainerConfig):
    """Settings of groups.

    Attributes:
        by: what the items of a group have in common, one or several, with commas between: ``attribute`` (any value of
            any kind), ``attribute:KIND``, ``entity``, ``entity:RELATION``, ``factor`` (of the model), ``community`` (of
            the co-purchase graph), ``list``.
        attributes: ``go``: the user is scored as one who never took the group's items, so that attributes and entities
            that no remaining item carries are gone too; ``stay``: the items alone are switched off.
        smallest: taken items of a group, at least.
        largest: taken items of a group, at most; a larger group is left out, never cut.
        belonging: membership from which on an item is one of a factor's.
        lists: ids of items by the name of the list; or files with one id a line, with commas between.
    """

    by: str = Field(
        "attribute", description="attribute[:KIND], entity[:RELATION], factor, community or list, by commas"
    )
    attributes: Carried = Field("go", description="go with the items, or stay")
    smallest: int = Field(2, ge=1, description="taken items of a group, at least")
    largest: int = Field(50, ge=1, description="taken items of a group, at most; a larger group is left out")
    belonging: float = Field(BELONGING, gt=0, description="membership from which on an item is one of a factor's")
    lists: Annotated[dict[str, tuple[str, ...]], BeforeValidator(_read_lists)] = Field(
        {}, validate_default=True, description="files with one item a line, by commas; each is a group"
    )

    @property
    def kinds(self) -> tuple[tuple[str, str], ...]:
        """The parts of ``by``: kind, and the attribute's kind or the relation behind the colon, or empty."""
        parts = (part.strip().partition(":") for part in self.by.split(","))
        return tuple((kind, named) for kind, _, named in parts)

    @field_validator("by")
    @classmethod
    def _known(cls, by: str) -> str:
        parts = [part.strip() for part in by.split(",")]
        for part in parts:
            if parts.count(part) > 1 or part.partition(":")[0] in set(parts) - {part}:
                raise ValueError(f"{part!r} is asked for twice, and its groups would be stored twice")
        for part in parts:
            kind, colon, named = part.partition(":")
            if kind not in KINDS:
                raise ValueError(f"{part!r} is none of {', '.join(KINDS)}")
            if colon and (not named or kind not in KINDS[:2]):
                raise ValueError(f"{part!r}: write it like attribute:genre or entity:starring, or leave out the colon")
        return by

    @field_validator("largest")
    @classmethod
    def _not_below(cls, largest: int, info: ValidationInfo) -> int:
        if largest < info.data.get("smallest", 1):
            raise ValueError(f"it is below smallest, {info.data['smallest']}")
        return largest

    @field_validator("lists")
    @classmethod
    def _wanted(cls, lists: dict[str, tuple[str, ...]], info: ValidationInfo) -> dict[str, tuple[str, ...]]:
        wanted = any(part.strip() == "list" for part in info.data.get("by", "").split(","))
        if lists and not wanted:
            raise ValueError("say by=list, or list among others, so that the lists are looked at")
        if wanted and not lists:
            raise ValueError("by names list: give files with one item id a line, or ids by name")
        return lists
