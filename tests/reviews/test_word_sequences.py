from __future__ import annotations

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from graphrec.reviews.word_sequences import WordSequences


def find(names: list[str], words: list[str], clause: list[int] | None = None) -> list[tuple[int, int, str]]:
    encoded = pa.array(words, pa.string()).dictionary_encode()
    numbers = np.array(clause or [0] * len(words), dtype=np.int64)
    at = WordSequences(names).find(encoded.dictionary, np.asarray(encoded.indices).astype(np.int64), numbers)
    return [(start, stop, names[name]) for start, stop, name in zip(*(column.tolist() for column in at), strict=True)]


def test_names_of_one_and_of_several_words() -> None:
    names = ["sound", "gig bag", "Gig-Bag", "bag", "gig bag strap", "7", "!!"]
    assert find(names, ["the", "gig", "bag", "sound", "7"]) == [
        (1, 3, "gig bag"), (1, 3, "Gig-Bag"), (2, 3, "bag"), (3, 4, "sound"),
    ]  # fmt: skip
    assert find(names, ["gig", "bag"], [0, 1]) == [(1, 2, "bag")]
    assert find(names, ["sounds", "bags"]) == []
    assert find(names, []) == []
    assert find([], ["sound"]) == []
    assert WordSequences(names).is_findable.tolist() == [True] * 5 + [False] * 2


WORD = st.sampled_from(["a", "b", "c"])


@given(
    st.lists(st.lists(WORD, min_size=1, max_size=3).map(" ".join), max_size=8), st.lists(WORD, max_size=12), st.data()
)
def test_agrees_with_a_loop(names: list[str], words: list[str], data: st.DataObject) -> None:
    clause = np.cumsum(data.draw(st.lists(st.integers(0, 1), min_size=len(words), max_size=len(words)))).tolist()
    expected = [
        (start, start + len(parts), place)
        for start in range(len(words))
        for place, name in enumerate(names)
        for parts in [name.split()]
        if words[start : start + len(parts)] == parts and len(set(clause[start : start + len(parts)])) == 1
    ]
    encoded = pa.array(words, pa.string()).dictionary_encode()
    at = WordSequences(names).find(
        encoded.dictionary, np.asarray(encoded.indices).astype(np.int64), np.array(clause, dtype=np.int64)
    )
    assert sorted(zip(*(column.tolist() for column in at), strict=True)) == sorted(expected)
