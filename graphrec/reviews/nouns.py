"""Features as nouns that an opinion stands near, after Hu and Liu, “Mining and summarizing customer reviews”, 2004."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.reviews.extractor import found_table
from graphrec.reviews.lexicon import lexicon
from graphrec.reviews.opinion_window import Spans, opinions_near
from graphrec.reviews.tagged_words import tagged_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.reviews.tagged_words import TaggedWords
    from graphrec.reviews.tagger import Tagger

_LONGEST = 2
"""Words of a feature: “strap”, “guitar strap”."""


@dataclass(frozen=True)
class NounExtractor:
    """Takes nouns, and pairs of nouns that follow each other, for features where an opinion is near.

    A noun of a pair is a feature by itself too: who praises the guitar strap praises a strap.

    Attributes:
        tagger: tells what is a noun, an adjective or an adverb.
        window: words to each side in which an opinion is near.
    """

    tagger: Tagger
    window: int = 4

    @property
    def settings(self) -> Mapping[str, str | int | float]:
        """All that its answers depend on."""
        return {"extractor": "nouns", "window": self.window, **self.tagger.settings, **lexicon().settings}

    def extract(self, texts: Sequence[str]) -> pa.Table:
        """Return what is found in texts, as ``Extractor`` says."""
        words = tagged_words(texts, self.tagger)
        can_name = words.is_noun & _has_two_letters(words)
        starts = [_runs(words, can_name, length) for length in range(1, _LONGEST + 1)]
        spans = Spans(
            np.concatenate(starts),
            np.concatenate([start + length for length, start in enumerate(starts, start=1)]),
        )
        sentiment, has_opinion = opinions_near(words, spans, lexicon(), self.window)
        names = pa.chunked_array([_names(words, start, length) for length, start in enumerate(starts, start=1)])
        text = words.text[spans.start]
        names = names.combine_chunks().filter(pa.array(has_opinion))
        return found_table(text[has_opinion], names, sentiment[has_opinion])


def _has_two_letters(words: TaggedWords) -> npt.NDArray[np.bool_]:
    """Return which words can name something: a letter and a sign more; “9v” can, “10” and “i” cannot."""
    known = pc.and_(
        pc.match_substring_regex(words.vocabulary, r"\p{L}"), pc.greater(pc.utf8_length(words.vocabulary), 1)
    )
    return np.asarray(known).astype(bool)[words.word] if len(words) else np.zeros(0, dtype=bool)


def _runs(words: TaggedWords, is_part: npt.NDArray[np.bool_], length: int) -> npt.NDArray[np.int64]:
    """Return where ``length`` parts follow each other in one clause with no mark between them."""
    n = max(len(words) - length + 1, 0)
    holds = np.ones(n, dtype=bool)
    for step in range(length):
        holds &= is_part[step : step + n]
    if length > 1 and n:
        holds &= words.clause[:n] == words.clause[length - 1 :]
        holds &= words.token[length - 1 :] - words.token[:n] <= length - 1
    return np.flatnonzero(holds)


def _names(words: TaggedWords, start: npt.NDArray[np.int64], length: int) -> pa.Array:
    parts = [words.vocabulary.take(pa.array(words.word[start + step])) for step in range(length)]
    return parts[0] if length == 1 else pc.binary_join_element_wise(*parts, " ")
