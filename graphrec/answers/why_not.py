"""The answer to "why not": what stands between a person and an item, which prints itself."""

from __future__ import annotations

from dataclasses import dataclass

from graphrec.answers import why_not_text
from graphrec.answers.not_listed import NotListed


@dataclass(frozen=True)
class WhyNot(NotListed):
    """Why an item is not in a person's list. Nothing of it is stored.

    It prints as text. Attributes as ``NotListed`` has them.
    """

    def __str__(self) -> str:
        return why_not_text.block(self)
