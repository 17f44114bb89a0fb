"""The answer to "what if": a changed list that prints itself."""

from __future__ import annotations

from dataclasses import dataclass

from graphrec.answers import whatif_notebook, whatif_text
from graphrec.answers.changed_list import ChangedList


@dataclass(frozen=True)
class WhatIf(ChangedList):
    """A person's list before and after a change of what they took. Nothing of it is stored.

    It prints as text, and shows itself in a notebook. Attributes as ``ChangedList`` has them.
    """

    def __str__(self) -> str:
        return whatif_text.block(self)

    def _repr_html_(self) -> str:
        return whatif_notebook.whatif_cell(self)
