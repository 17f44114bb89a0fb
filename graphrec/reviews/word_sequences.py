"""Names of one or several words, looked up among the words of many texts at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.arrays.sorted_keys import positions_of
from graphrec.reviews.cleaning import words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


class Occurrences(NamedTuple):
    """Where names stand.

    Attributes:
        start: int64, position of the first word.
        stop: int64, position after the last word.
        name: int64, position among the names.
    """

    start: npt.NDArray[np.int64]
    stop: npt.NDArray[np.int64]
    name: npt.NDArray[np.int64]


class WordSequences:
    """A prefix tree over the words of names; all texts go down one level of it at a time.

    Args:
        names: texts; one without a letter or digit, or of digits alone, is found nowhere. Names of the same words, such
            as “gig bag” and “Gig-Bag”, are all found where these words stand.
    """

    def __init__(self, names: Sequence[str]) -> None:
        sequences = [() if name.isdigit() else tuple(words_of(name)) for name in names]
        self.is_findable = np.array([bool(words) for words in sequences], dtype=bool)
        numbers = {word: place for place, word in enumerate(dict.fromkeys(w for s in sequences for w in s))}
        self._words = pa.array(list(numbers), pa.string())
        self._width = len(numbers) + 1
        children: dict[int, int] = {}  # parent node · width + word → node; the root is node 0
        ends: list[tuple[int, int]] = []
        for place, words in enumerate(sequences):
            node = 0
            for word in words:
                node = children.setdefault(node * self._width + numbers[word], len(children) + 1)
            ends += [(node, place)] if words else []
        order = sorted(children.items())
        self._keys = np.array([key for key, _ in order], dtype=np.int64)
        self._nodes = np.array([node for _, node in order], dtype=np.int64)
        ends.sort()
        self._end_names = np.array([place for _, place in ends], dtype=np.int64)
        self._end_starts = np.searchsorted(np.array([node for node, _ in ends]), np.arange(len(children) + 2))
        self._longest = max(map(len, sequences), default=0)

    def find(self, vocabulary: pa.Array, word: npt.NDArray[np.int64], clause: npt.NDArray[np.int64]) -> Occurrences:
        """Return every occurrence of every name, sorted by position; names may overlap.

        Args:
            vocabulary: strings in small letters.
            word: [n], positions in the vocabulary.
            clause: [n], what no name goes across.
        """
        known = np.asarray(pc.fill_null(pc.index_in(vocabulary, value_set=self._words), -1)).astype(np.int64)
        own = known[word] if len(word) else np.zeros(0, dtype=np.int64)
        start = np.flatnonzero(own >= 0)
        node = np.zeros(len(start), dtype=np.int64)
        found = [Occurrences(*(np.zeros(0, dtype=np.int64),) * 3)]
        for length in range(1, self._longest + 1):
            last = start + length - 1
            inside = last < len(own)
            start, node, last = start[inside], node[inside], last[inside]
            goes_on = (own[last] >= 0) & (clause[last] == clause[start])
            start, node, last = start[goes_on], node[goes_on], last[goes_on]
            places = positions_of(self._keys, node * self._width + own[last])
            start, node = start[places >= 0], self._nodes[places[places >= 0]]
            found.append(self._ended(start, length, node))
        whole = Occurrences(*(np.concatenate(columns) for columns in zip(*found, strict=True)))
        order = np.lexsort((whole.name, whole.start))
        return Occurrences(whole.start[order], whole.stop[order], whole.name[order])

    def _ended(self, start: npt.NDArray[np.int64], length: int, node: npt.NDArray[np.int64]) -> Occurrences:
        """Return the names that end at these nodes."""
        first, number = self._end_starts[node], self._end_starts[node + 1] - self._end_starts[node]
        rows = np.repeat(np.arange(len(node)), number)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(number) - number, number)
        return Occurrences(start[rows], start[rows] + length, self._end_names[first[rows] + within])
