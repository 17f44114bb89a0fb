"""The protocol of part-of-speech taggers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TaggedText = list[tuple[str, str]]
"""Tokens of a text with their tags; punctuation marks are tokens of their own."""


class Tagger(Protocol):
    """A part-of-speech tagger. It is sent to other processes, so it loads what it needs when it is first asked."""

    @property
    def settings(self) -> Mapping[str, str | int | float]:
        """All that its answers depend on, versions included: what was tagged by another is not taken for its own."""
        ...

    def tag(self, texts: Sequence[str]) -> list[TaggedText]:
        """Return the tokens of each text with tags of the Penn Treebank, of which nouns are ``NN…``.

        Raises:
            MissingExtraError: the package that it stands on is not installed.
        """
        ...
