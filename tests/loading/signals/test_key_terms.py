from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pyarrow as pa
import pytest

from graphrec.loading.signals import key_terms as module
from graphrec.loading.signals.key_terms import key_terms
from graphrec.loading.signals.stop_words import STOP_WORDS

TEXTS = {
    "1": "The SEA, the sea! And a ship's captain.",
    "2": "A captain of a ship; the storm.",
    "3": "Storm on the island: an island 2.0",
    "4": "Un café à l'île: l'île d’été",
}


def terms(texts: dict[str, str], number: int, **settings: float) -> dict[str, list[str]]:
    owners = pa.array(list(texts)).dictionary_encode()
    chosen = key_terms(owners, pa.array(list(texts.values())), number, **settings)  # type: ignore[arg-type]
    found: dict[str, list[str]] = {owner: [] for owner in texts}
    for owner, term in zip(chosen.owners.to_pylist(), chosen.terms.to_pylist(), strict=True):
        found[owner].append(term)
    return found


def test_terms_by_hand() -> None:
    # sea: 2 ln 4; ship and captain: ln 2 each, the alphabet decides; island 2 ln 4, storm ln 2
    assert terms(TEXTS, 2, min_items=1) == {
        "1": ["sea", "captain"],
        "2": ["captain", "ship"],
        "3": ["island", "storm"],
        "4": ["île", "café"],
    }
    assert terms(TEXTS, 5) == {"1": ["captain", "ship"], "2": ["captain", "ship", "storm"], "3": ["storm"], "4": []}
    assert terms(TEXTS, 5, most_items=0.3) == {"1": [], "2": [], "3": [], "4": []}


def test_words_are_letters_without_english_endings() -> None:
    odd = {"1": "don't we're o'brien's 'quoted' rock'n'roll x1y2 ab naïve " + "z" * 61 + " " + "y" * 60}
    found = terms(odd, 20, min_items=1, most_items=1.0)["1"]
    assert found == ["brien", "naïve", "quoted", "rock", "roll", "y" * 60]


def test_several_rows_of_an_item_are_one_text() -> None:
    owners = pa.array(["1", "2", "1", "3"]).dictionary_encode()
    chosen = key_terms(owners, pa.array(["moon", "star", "moon star", "star sun"]), 1, min_items=1, most_items=1.0)
    assert list(zip(chosen.owners.to_pylist(), chosen.terms.to_pylist(), strict=True)) == [
        ("1", "moon"), ("2", "star"), ("3", "sun"),
    ]  # fmt: skip
    assert (chosen.n_texts, chosen.n_words) == (3, 3)


@pytest.mark.parametrize("limit", [1, 200, 8_000_000])
def test_blocks_of_any_size_agree_with_a_count_in_plain_python(limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BYTES_AT_ONCE", limit)
    random = np.random.default_rng(4)
    words = np.array([f"{a}{b}{c}" for a in "klm" for b in "aeiou" for c in "rst"] + ["the", "and"])
    weights = 1 / np.arange(1, len(words) + 1)
    texts = {
        str(k): " ".join(random.choice(words, size=random.integers(1, 40), p=weights / weights.sum()))
        for k in range(60)
    }
    counts = {owner: Counter(word for word in text.split() if word not in STOP_WORDS) for owner, text in texts.items()}
    frequency = Counter(word for count in counts.values() for word in count)
    weighed = {
        owner: sorted(
            (-n * math.log(60 / frequency[word]), word) for word, n in count.items() if 3 <= frequency[word] <= 24
        )
        for owner, count in counts.items()
    }
    found = terms(texts, 4, min_items=3, most_items=0.4)
    assert found == {owner: [word for _, word in ranked[:4]] for owner, ranked in weighed.items()}
    assert sum(map(len, found.values())) > 100


def test_texts_that_say_nothing() -> None:
    chosen = key_terms(pa.array(["1", "2"]).dictionary_encode(), pa.array(["12 !!", "of the"]), 3, min_items=1)
    assert (len(chosen.terms), chosen.n_texts, chosen.n_words) == (0, 2, 0)
    nothing = key_terms(pa.array([], pa.string()).dictionary_encode(), pa.array([], pa.string()), 3)
    assert (len(nothing.terms), nothing.n_texts) == (0, 0)
