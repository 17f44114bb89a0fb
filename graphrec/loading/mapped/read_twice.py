"""The refusal of interactions that two sections of a mapping read from one file, which would count them twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from graphrec.loading.mapped.sections import InteractionsSection

Titled = tuple[str, "InteractionsSection", "Path"]
"""A section of interactions: what a message calls it, what it says, and its file."""


def refuse_read_twice(sections: Sequence[Titled]) -> None:
    """Raise InputError if a file stands in two sections of which one reads nothing that the other does not.

    Each row would be an interaction twice, and all weights doubled. Sections that read other columns of one file, such
    as those who bought and those who only looked, are two things that it says.
    """
    for place, (title, section, file) in enumerate(sections):
        for earlier, other, read in sections[:place]:
            if file.resolve() != read.resolve():
                continue
            here, there = _columns(section), _columns(other)
            if here <= there or there <= here:
                raise InputError(
                    f"{file.name} stands in two [[interactions]] sections, and every row of it would count twice",
                    where=f"{earlier} and {title}",
                    remedy="Leave out one of them, or let them read other columns",
                )


def _columns(section: InteractionsSection) -> set[tuple[str, str]]:
    """Return the columns that a section reads, each with its role."""
    roles = ("user", "item", "rating", "weight", "timestamp")
    read = {(role, getattr(section, role)) for role in roles if getattr(section, role)}
    return read | {("property", column) for column in section.properties}
