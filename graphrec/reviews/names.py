"""Features of a given vocabulary, found by their words."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pyarrow as pa

from graphrec.digests import digest
from graphrec.reviews.extractor import found_table
from graphrec.reviews.lexicon import lexicon
from graphrec.reviews.opinion_window import Spans, opinions_near
from graphrec.reviews.tagged_words import tagged_words
from graphrec.reviews.word_sequences import WordSequences

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.reviews.tagger import Tagger


@dataclass(frozen=True)
class NamesExtractor:
    """Finds the names of a vocabulary by whole words, whatever their case; names of several words too.

    Every occurrence is a mention; its sentiment is that of the opinions near it, 0 where there is none.

    Attributes:
        names: the vocabulary.
        tagger: tells what is an adjective or an adverb.
        window: words to each side in which an opinion is near.
    """

    names: tuple[str, ...]
    tagger: Tagger
    window: int = 4

    @property
    def settings(self) -> Mapping[str, str | int | float]:
        """All that its answers depend on."""
        names = digest("\n".join(self.names))
        by = {**self.tagger.settings, **lexicon().settings}
        return {"extractor": "names", "names": names, "window": self.window, **by}

    def extract(self, texts: Sequence[str]) -> pa.Table:
        """Return what is found in texts, as ``Extractor`` says."""
        words = tagged_words(texts, self.tagger)
        found = self._sequences.find(words.vocabulary, words.word, words.clause)
        sentiment, _ = opinions_near(words, Spans(found.start, found.stop), lexicon(), self.window)
        names = pa.array(self.names, pa.string()).take(pa.array(found.name))
        return found_table(words.text[found.start], names, sentiment)

    @cached_property
    def _sequences(self) -> WordSequences:
        return WordSequences(self.names)
