"""Opinions near a span of words: the sum of what the adjectives and adverbs around it say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from graphrec.reviews.lexicon import Lexicon
    from graphrec.reviews.tagged_words import TaggedWords

NEGATION_REACH = 3
"""Words after a negator whose valence it turns, as in VADER."""


@dataclass(frozen=True, eq=False)
class Spans:
    """Stretches of words, each within one clause.

    Attributes:
        start: int64, position of the first word.
        stop: int64, position after the last word.
    """

    start: npt.NDArray[np.int64]
    stop: npt.NDArray[np.int64]


def opinions_near(
    words: TaggedWords, spans: Spans, lexicon: Lexicon, window: int
) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.bool_]]:
    """Return what stands near each span.

    A word counts with its valence if it is an adjective or an adverb, at most ``window`` words away and in the same
    clause; a negator up to three words before it in its clause turns it, two turn it back. Words of the span itself say
    nothing of it.

    Args:
        words: of the texts.
        spans: stretches of them.
        lexicon: valences of words.
        window: how many words to each side are looked at.

    Returns:
        The sign of the sum of the valences, −1, 0 or 1, and whether any opinion is near.
    """
    positions = np.arange(len(words))
    first = np.searchsorted(words.clause, words.clause, side="left")
    last = np.searchsorted(words.clause, words.clause, side="right")
    negators = lexicon.are_negators(words.vocabulary)[words.word]
    before = _running(negators.astype(np.int64))
    is_negated = (before[positions] - before[np.maximum(first, positions - NEGATION_REACH)]) % 2 == 1
    valence = lexicon.valences_of(words.vocabulary)[words.word] * (words.is_opinion & ~negators)
    valence = np.where(is_negated, np.rint(lexicon.negated * valence), valence).astype(np.int64)
    low = np.maximum(first[spans.start], spans.start - window)
    high = np.minimum(last[spans.start], spans.stop + window)
    sums, number = (
        running[high] - running[low] - (running[spans.stop] - running[spans.start])
        for running in (_running(valence), _running((valence != 0).astype(np.int64)))
    )
    return np.sign(sums).astype(np.int8), number > 0


def _running(values: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(values)])
