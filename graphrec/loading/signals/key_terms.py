"""The words that tell an item's text from the others: those of highest tf-idf.

A word is a run of letters, in small letters, of three letters at least and 60 at most, that is no stop word. The
English endings ’s, ’t, ’d, ’m, ’re, ’ve and ’ll are left out, any other apostrophe parts two words. Nothing is
stemmed. The weight of word w in the text of an item is

    tf(w, text) · ln(N / n(w)),

how often it stands there, times the logarithm of the number of texts over the number of those that have it (Salton
and Buckley, *Term-weighting approaches in automatic text retrieval*, 1988). Of equal weights the first in the order of
the alphabet counts more, so that equal texts have equal terms wherever they stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.arrays.bounded_blocks import uneven_blocks
from graphrec.loading.signals.stop_words import STOP_WORDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

BYTES_AT_ONCE = 8_000_000
"""Texts of so many bytes are cut into words at once, or those of one item."""

_SHORTEST, _LONGEST = 3, 60
_ENDINGS = r"([\p{L}\p{M}])['’](?:s|t|d|m|re|ve|ll)([^\p{L}\p{M}]|$)"
_NO_LETTERS = r"[^\p{L}\p{M}]+"
_STOP_WORDS = pa.array(sorted(STOP_WORDS), pa.string())


@dataclass(frozen=True, eq=False)
class KeyTerms:
    """The key terms of items, one row per item and term.

    Attributes:
        owners: their ids, dictionary-encoded.
        terms: words.
        n_texts: how many items have a text.
        n_words: how many different words were to choose from.
    """

    owners: pa.DictionaryArray
    terms: pa.Array
    n_texts: int
    n_words: int


def key_terms(
    owners: pa.DictionaryArray, texts: pa.Array, number: int, *, min_items: int = 2, most_items: float = 0.5
) -> KeyTerms:
    """Return the words of highest tf-idf of each item's text.

    Args:
        owners: ids, one per row; several rows of one id are one text.
        texts: not empty, one per row.
        number: of terms of an item, at most.
        min_items: texts that a word must stand in.
        most_items: the share of the texts that may have it.
    """
    by_owner = _texts_by_owner(owners, texts)
    words, counts = _document_frequencies(by_owner)
    n_texts = len(np.unique(by_owner.codes))
    kept = np.flatnonzero((counts >= min_items) & (counts / max(n_texts, 1) <= most_items))
    words, idf = words.take(pa.array(kept)), np.log(n_texts / counts[kept]).astype(np.float64)
    chosen: list[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]] = [(np.empty(0, np.int64), np.empty(0, np.int64))]
    for holders, local, times, dictionary in _counted_words(by_owner):
        place = np.asarray(pc.fill_null(pc.index_in(dictionary, value_set=words), -1)).astype(np.int64)[local]
        known = place >= 0
        having, which = holders[known], place[known]
        best = _best(having, times[known] * idf[which], which, number)
        chosen.append((having[best], which[best]))
    codes, places = (np.concatenate(column) for column in zip(*chosen, strict=True))
    ids = pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), owners.dictionary)
    return KeyTerms(ids, words.take(pa.array(places)), n_texts, len(words))


@dataclass(frozen=True, eq=False)
class _Texts:
    """Texts in the order of their owners' codes (int64, ascending)."""

    codes: npt.NDArray[np.int64]
    texts: pa.Array

    def blocks(self) -> Iterator[tuple[npt.NDArray[np.int64], pa.Array]]:
        """Yield whole owners with their texts, so many at once as memory has room for."""
        different, first = np.unique(self.codes, return_index=True)
        ends = np.append(first, len(self.codes))
        sizes = np.asarray(pc.binary_length(self.texts)).astype(np.int64)
        per_owner = np.add.reduceat(sizes, first) if len(different) else sizes
        for block in uneven_blocks(per_owner, BYTES_AT_ONCE):
            rows = slice(int(ends[block.start]), int(ends[block.stop]))
            yield self.codes[rows], self.texts[rows]


def _texts_by_owner(owners: pa.DictionaryArray, texts: pa.Array) -> _Texts:
    codes = np.asarray(owners.indices).astype(np.int64)
    if (codes[1:] >= codes[:-1]).all():
        return _Texts(codes, texts)
    order = np.argsort(codes, kind="stable")
    return _Texts(codes[order], texts.take(pa.array(order)))


def _counted_words(
    by_owner: _Texts,
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64], pa.Array]]:
    """Yield, block by block, owners, words by their places in a dictionary, how often, and the dictionary."""
    for codes, texts in by_owner.blocks():
        plain = pc.replace_substring_regex(pc.utf8_lower(texts), _ENDINGS, r"\1 ")
        spaced = pc.replace_substring_regex(plain, _NO_LETTERS, " ")
        lists = pc.utf8_split_whitespace(spaced)
        rows = np.asarray(pc.list_parent_indices(lists))
        words = lists.flatten().dictionary_encode()
        length = np.asarray(pc.utf8_length(words.dictionary))
        says = (length >= _SHORTEST) & (length <= _LONGEST)
        says &= ~np.asarray(pc.is_in(words.dictionary, value_set=_STOP_WORDS), dtype=bool)
        places = np.asarray(words.indices).astype(np.int64)
        kept = says[places]
        n_words = max(len(words.dictionary), 1)
        pairs, times = np.unique(codes[rows[kept]] * n_words + places[kept], return_counts=True)
        yield pairs // n_words, pairs % n_words, times, words.dictionary


def _document_frequencies(by_owner: _Texts) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    """Return all words in the order of the alphabet, and in how many texts each stands."""
    known = pa.table({"word": pa.array([], pa.string()), "texts": pa.array([], pa.int64())})
    for _, places, _, dictionary in _counted_words(by_owner):
        counts = np.bincount(places, minlength=len(dictionary)).astype(np.int64)
        here = pa.table({"word": dictionary, "texts": counts}).filter(pa.array(counts > 0))
        both = pa.concat_tables([known, here]).group_by("word", use_threads=False).aggregate([("texts", "sum")])
        known = both.rename_columns({"texts_sum": "texts"}).select(["word", "texts"])
    known = known.sort_by("word").combine_chunks()
    return known.column("word").combine_chunks(), np.asarray(known.column("texts"))


def _best(
    holders: npt.NDArray[np.int64], weights: npt.NDArray[np.float64], places: npt.NDArray[np.int64], number: int
) -> npt.NDArray[np.int64]:
    """Return the rows of the ``number`` largest weights of each holder, in this order."""
    order = np.lexsort((places, -weights, holders))
    grouped = holders[order]
    first = np.flatnonzero(np.r_[True, grouped[1:] != grouped[:-1]]) if len(grouped) else np.empty(0, np.int64)
    rank = np.arange(len(grouped)) - np.repeat(first, np.diff(np.append(first, len(grouped))))
    return order[rank < number]
