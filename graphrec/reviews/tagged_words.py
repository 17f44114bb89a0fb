"""Words of tagged texts as columns."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.reviews.cleaning import pieces_of, words_of
from graphrec.reviews.lexicon import CONTRASTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from graphrec.reviews.tagger import Tagger

_ENDS = pa.array([".", "!", "?", "...", "…", ";", ":", "(", ")"])
"""Tokens after which another clause begins."""
_OPINION_TAGS = r"^(JJ|RB)"


@dataclass(frozen=True, eq=False)
class TaggedWords:
    """Words of several texts, in their order, punctuation left out.

    Attributes:
        vocabulary: strings, the different words in small letters.
        word: int64 [n], position in the vocabulary.
        text: int64 [n], number of the text.
        clause: int64 [n], ascending; no clause goes across two texts.
        token: int64 [n], position among all tokens: two words whose tokens follow each other have no mark between them.
        is_noun: bool [n].
        is_opinion: bool [n], whether the word is an adjective or an adverb.
    """

    vocabulary: pa.Array
    word: npt.NDArray[np.int64]
    text: npt.NDArray[np.int64]
    clause: npt.NDArray[np.int64]
    token: npt.NDArray[np.int64]
    is_noun: npt.NDArray[np.bool_]
    is_opinion: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.word)


def tagged_words(texts: Sequence[str], tagger: Tagger) -> TaggedWords:
    """Tag texts and return their words.

    Args:
        texts: of reviews.
        tagger: gives each token its part of speech.
    """
    pieces = [pieces_of(text) for text in texts]
    owner = np.repeat(np.arange(len(texts)), [len(several) for several in pieces])
    tagged = tagger.tag(list(chain.from_iterable(pieces)))
    lengths = np.array([len(piece) for piece in tagged], dtype=np.int64)
    tokens = pa.array([token for piece in tagged for token, _ in piece], pa.string()).dictionary_encode()
    tags = pa.array([tag for piece in tagged for _, tag in piece], pa.string()).dictionary_encode()
    piece_of_token = np.repeat(np.arange(len(tagged)), lengths)
    split = pa.array([words_of(token) for token in tokens.dictionary.to_pylist()], pa.list_(pa.string()))
    of_token = split.take(tokens.indices)
    token = np.asarray(pc.list_parent_indices(of_token)).astype(np.int64)
    words = of_token.flatten().dictionary_encode()
    word = np.asarray(words.indices).astype(np.int64)
    ends = _holds(pc.is_in(tokens.dictionary, value_set=_ENDS), tokens)
    begins = np.r_[True, (piece_of_token[1:] != piece_of_token[:-1]) | ends[:-1]] if len(ends) else ends
    contrast = pc.is_in(pc.utf8_lower(tokens.dictionary), value_set=pa.array(sorted(CONTRASTS)))
    clause_of_token = np.cumsum(begins | _holds(contrast, tokens))
    return TaggedWords(
        words.dictionary,
        word,
        owner[piece_of_token[token]],
        clause_of_token[token],
        token,
        _holds(pc.starts_with(tags.dictionary, "NN"), tags)[token],
        _holds(pc.match_substring_regex(tags.dictionary, _OPINION_TAGS), tags)[token],
    )


def _holds(of_value: pa.Array, encoded: pa.DictionaryArray) -> npt.NDArray[np.bool_]:
    """Return for each row what holds of its value."""
    flags = np.asarray(of_value).astype(bool)
    places = np.asarray(encoded.indices).astype(np.int64)
    return flags[places] if len(places) else np.zeros(0, dtype=bool)
