"""A user's whole list: recommendations with their reasons, best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

from graphrec.answers import notebook, sentences

if TYPE_CHECKING:
    from graphrec.answers.why import Why


@dataclass(frozen=True)
class WhyList(Sequence["Why"]):
    """The recommendations of one user in one run, each with its reasons, best first.

    It prints as text, three reasons for each recommendation below what training said against the model, and shows
    itself in a notebook.

    Attributes:
        whys: the recommendations.
        note: why there are none, in words; empty where there are some.
    """

    whys: tuple[Why, ...]
    note: str = ""

    def __len__(self) -> int:
        return len(self.whys)

    @overload
    def __getitem__(self, place: int) -> Why: ...
    @overload
    def __getitem__(self, place: slice) -> WhyList: ...
    def __getitem__(self, place: int | slice) -> Why | WhyList:
        return WhyList(self.whys[place]) if isinstance(place, slice) else self.whys[place]

    def __str__(self) -> str:
        if not self.whys:
            return f"Nothing to recommend: {self.note}." if self.note else ""
        blocks = "\n".join(sentences.block(why, sentences.REASONS_SHOWN) for why in self.whys)
        return sentences.warned(self.whys[0], blocks)

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return the recommendations as JSON has them; see ``Why.to_dict``."""
        return [why.to_dict() for why in self.whys]

    def _repr_html_(self) -> str:
        return notebook.list_cell(self) if self.whys else notebook.note_cell(str(self))
