"""Extractors with the real taggers."""

from __future__ import annotations

import importlib
import sys
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphrec.errors import InputError, MissingExtraError, UsageError
from graphrec.reviews import lexicon, textblob_tagger
from graphrec.reviews.extractor import FOUND
from graphrec.reviews.mentions import ALL, FeatureChoice
from graphrec.reviews.names import NamesExtractor
from graphrec.reviews.nouns import NounExtractor
from graphrec.reviews.registry import make_extractor
from graphrec.reviews.spacy_tagger import SpacyTagger
from graphrec.reviews.textblob_tagger import TextBlobTagger
from tests.reviews.texts import WordTagger, found

if TYPE_CHECKING:
    from pathlib import Path

NOUNS = NounExtractor(TextBlobTagger())


def test_a_review_by_textblob() -> None:
    text = "The strings have a great sound. But the bridge isn't comfortable, and a cheap plastic knob is horrible."
    assert {(feature, sign) for _, feature, sign, _ in found(NOUNS.extract([text]))} >= {
        ("sound", 1.0), ("bridge", -1.0), ("knob", -1.0),
    }  # fmt: skip


def test_names_with_their_case_and_their_words() -> None:
    extractor = NamesExtractor(("guitar strap", "strap", "Sound", "7"), WordTagger())
    assert found(extractor.extract(["good Guitar Strap 7. the sound", "a strap. bad strap"])) == {
        (0, "guitar strap", 1.0, 1), (0, "strap", 1.0, 1), (0, "Sound", 0.0, 1), (1, "strap", -0.5, 2),
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["音质很好 非常好", "звук очень хороший", "الصوت جيد", "🎸 👍", "", " ", "\0\x1b[2J", "/ & ; '"]
)
def test_what_nothing_is_found_in(text: str) -> None:
    table = NOUNS.extract([text, "a good sound"])
    assert table.schema == FOUND
    assert found(table) == {(1, "sound", 1.0, 1)}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(alphabet=st.one_of(st.characters(), st.sampled_from(" .,!?'\"/:;()&-good sound")))))
def test_any_texts_are_taken_and_each_stands_alone(texts: list[str]) -> None:
    together = found(NOUNS.extract(texts))
    alone = {(place, *row[1:]) for place, text in enumerate(texts) for row in found(NOUNS.extract([text]))}
    assert together == alone
    assert all(-1 <= sentiment <= 1 and count > 0 for _, _, sentiment, count in together)


@pytest.mark.parametrize("unit", ["(", "' \" ", ". ", "bad sound. "])
def test_a_megabyte_takes_seconds(unit: str) -> None:
    text = unit * ((1 << 20) // len(unit))
    begun = time.process_time()
    NOUNS.extract([text])
    assert time.process_time() - begun < 30


def test_a_pipeline_of_spacy(tmp_path: Path) -> None:
    spacy = pytest.importorskip("spacy")
    pipeline = spacy.blank("en")
    ruler = pipeline.add_pipe("attribute_ruler")
    for word, tag in (("sound", "NN"), ("good", "JJ")):
        ruler.add([[{"LOWER": word}]], {"TAG": tag})
    pipeline.to_disk(tmp_path / "tagging")
    extractor = NounExtractor(SpacyTagger(str(tmp_path / "tagging")))
    assert found(extractor.extract(["A good sound.", "A sound."])) == {(0, "sound", 1.0, 1)}
    assert extractor.settings["tagger"] == "spacy"
    spacy.blank("en").to_disk(tmp_path / "blank")
    with pytest.raises(InputError, match="gives words no part of speech"):
        SpacyTagger(str(tmp_path / "blank")).tag(["a"])
    with pytest.raises(InputError, match=r"python -m spacy download en_core_web_sm"):
        SpacyTagger("xx_not_there").tag(["a"])


def test_missing_packages_name_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    for package, load in (
        ("textblob.en.taggers", textblob_tagger._tagger),
        ("vaderSentiment.vaderSentiment", lexicon.lexicon),
    ):
        importlib.import_module(package)
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(MissingExtraError, match=r"pip install 'graphrec\[reviews\]'"):
            load.__wrapped__()
    monkeypatch.setitem(sys.modules, "spacy", None)
    with pytest.raises(MissingExtraError, match=r"pip install spacy"):
        SpacyTagger("en").tag(["a"])


def test_extractors_by_name() -> None:
    extractor, choice = make_extractor("textblob", window=3)
    assert (extractor, choice) == (NounExtractor(TextBlobTagger(), 3), FeatureChoice(3, 0.5))
    assert make_extractor("names", names=["b", "a", "b"]) == (NamesExtractor(("b", "a"), TextBlobTagger()), ALL)
    for arguments, message in (
        ({"name": "other"}, "no extractor 'other'"),
        ({"name": "names"}, "needs names"),
        ({"name": "textblob", "names": ["a"]}, "takes no names"),
        ({"name": "textblob", "model": "en"}, "has no model"),
        ({"name": "textblob", "window": 0}, "window is 0"),
    ):
        with pytest.raises(UsageError, match=message):
            make_extractor(**arguments)
