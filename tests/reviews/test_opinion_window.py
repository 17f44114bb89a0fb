"""Opinions near a feature: cases worked out by hand, and agreement with a plain loop."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrec.reviews.lexicon import CONTRASTS, lexicon
from graphrec.reviews.nouns import NounExtractor
from graphrec.reviews.opinion_window import NEGATION_REACH, Spans, opinions_near
from graphrec.reviews.tagged_words import tagged_words
from tests.reviews.texts import WordTagger, found

EXTRACTOR = NounExtractor(WordTagger(), window=4)


def says(text: str) -> dict[str, float]:
    return {feature: sentiment for _, feature, sentiment, _ in found(EXTRACTOR.extract([text]))}


def test_cases_by_hand() -> None:
    assert says("a good sound") == {"sound": 1.0}
    assert says("a bad sound") == {"sound": -1.0}
    assert says("not a good sound") == {"sound": -1.0}
    assert says("never not a good sound") == {"sound": 1.0}
    assert says("the sound is so so so bad") == {}  # the fifth word
    assert says("the sound is so so bad") == {"sound": -1.0}
    assert says("bad sound. good strap") == {"sound": -1.0, "strap": 1.0}
    assert says("good sound but bad strap") == {"sound": 1.0, "strap": -1.0}
    assert says("not good, the sound") == {"sound": -1.0}
    assert says("love the sound") == {}  # a verb is no opinion here
    assert says("the sound") == {}
    assert says("") == {}


def test_pairs_of_nouns_and_their_nouns() -> None:
    assert says("a good guitar strap") == {"guitar": 1.0, "strap": 1.0, "guitar strap": 1.0}
    assert says("a good guitar, strap") == {"guitar": 1.0, "strap": 1.0}
    assert says("a good guitar. strap") == {"guitar": 1.0}


def test_the_mean_and_the_number_of_a_text() -> None:
    table = EXTRACTOR.extract(["good sound. good sound. bad sound.", "nothing", "bad sound"])
    assert found(table) == {(0, "sound", 1 / 3, 3), (2, "sound", -1.0, 1)}


def test_good_and_bad_of_one_strength_cancel() -> None:
    words = lexicon()
    valences = dict(zip(words.words.to_pylist(), words.valences.tolist(), strict=True))
    assert (valences["good"], valences["bad"]) == (1900, -2500)
    assert says("good good sound bad") == {"sound": 1.0}
    assert says("good sound bad") == {"sound": -1.0}
    # −0.74 · 2500 = 1850, and −0.74 · 1900 = −1406
    assert says("not bad sound") == {"sound": 1.0}


WORDS = st.sampled_from(["sound", "good", "bad", "not", "but", ".", ",", "the", "badly", "love"])


@settings(deadline=None)
@given(st.lists(st.lists(WORDS, max_size=14), max_size=4), st.integers(1, 6))
def test_agrees_with_a_loop(texts: list[list[str]], window: int) -> None:
    words = tagged_words([" ".join(words) for words in texts], WordTagger())
    starts = np.flatnonzero(words.is_noun)
    signs, near = opinions_near(words, Spans(starts, starts + 1), lexicon(), window)
    expected = [case for text in texts for case in looped(text, window)]
    assert list(zip(signs.tolist(), near.tolist(), strict=True)) == expected


def looped(text: list[str], window: int) -> list[tuple[int, bool]]:
    """Answer for each “sound” of a text, clause by clause."""
    clauses: list[list[str]] = [[]]
    for word in text:
        if word in CONTRASTS:
            clauses.append([word])
        elif word == ".":
            clauses.append([])
        elif word != ",":
            clauses[-1].append(word)
    values = {"good": 1900, "bad": -2500, "badly": round(1000 * valence_of("badly"))}
    cases = []
    for clause in clauses:
        for place, word in enumerate(clause):
            if word != "sound":
                continue
            total, number = 0, 0
            for other in range(max(0, place - window), min(len(clause), place + window + 1)):
                value = values.get(clause[other], 0)
                if clause[max(0, other - NEGATION_REACH) : other].count("not") % 2:
                    value = round(-0.74 * value)
                total += value
                number += value != 0
            cases.append(((total > 0) - (total < 0), number > 0))
    return cases


def valence_of(word: str) -> float:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer().lexicon.get(word, 0.0)
