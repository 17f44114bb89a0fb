"""A tagger of known answers, and rows of what was found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pyarrow as pa

TAGS = {"sound": "NN", "strap": "NN", "guitar": "NN", "good": "JJ", "bad": "JJ", "badly": "RB", "love": "VBP"}


@dataclass(frozen=True)
class WordTagger:
    """Tags words by a list; full stops and commas are tokens."""

    @property
    def settings(self) -> Mapping[str, str | int | float]:
        return {"tagger": "words"}

    def tag(self, texts: Sequence[str]) -> list[list[tuple[str, str]]]:
        spaced = (text.replace(".", " . ").replace(",", " , ").split() for text in texts)
        return [[(word, TAGS.get(word.lower(), "IN")) for word in words] for words in spaced]


def found(table: pa.Table) -> set[tuple[int, str, float, int]]:
    return set(zip(*(table.column(n).to_pylist() for n in ("text", "feature", "sentiment", "count")), strict=True))
