"""From reviews to mentions: merging, choice of features, processes, and going on after a stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest

from graphrec.errors import InputError, UsageError
from graphrec.reviews.extraction import Extraction, extract_mentions
from graphrec.reviews.mentions import MENTIONS, FeatureChoice, merged
from graphrec.reviews.nouns import NounExtractor
from graphrec.reviews.parts import PartFolder
from tests.reviews.texts import WordTagger

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

EXTRACTOR = NounExtractor(WordTagger())
REVIEWS = [
    ("ann", "a", "good sound. good strap"),
    ("ann", "b", "bad sound"),
    ("bob", "a", "bad sound"),
    ("ann", "a", "bad sound. bad sound"),
    ("cid", "c", "it came today"),
]


def parts(reviews: Sequence[tuple[str, str, str]] = REVIEWS, size: int = 2) -> Iterator[pa.Table]:
    for start in range(0, len(reviews), size):
        columns = zip(*reviews[start : start + size], strict=True)
        yield pa.table([pa.array(column) for column in columns], ["user", "item", "text"])


def rows(extraction: Extraction) -> list[tuple[object, ...]]:
    return list(zip(*(column.to_pylist() for column in extraction.mentions.columns), strict=True))


def test_several_reviews_of_a_pair_add_up() -> None:
    result = extract_mentions(parts(), EXTRACTOR)
    assert rows(result) == [
        ("ann", "a", "sound", -1 / 3, 3),
        ("ann", "a", "strap", 1.0, 1),
        ("ann", "b", "sound", -1.0, 1),
        ("bob", "a", "sound", -1.0, 1),
    ]
    assert result.mentions.schema == MENTIONS
    assert (result.reviews, result.speaking, result.candidates, result.features, result.resumed) == (5, 4, 2, 2, 0)


def test_the_choice_counts_reviews_not_mentions() -> None:
    """Sound stands in 4 reviews, strap in 1, of 4 that say anything."""
    few = extract_mentions(parts(), EXTRACTOR, FeatureChoice(min_reviews=2, max_share=1.0))
    assert {row[2] for row in rows(few)} == {"sound"}
    common = extract_mentions(parts(), EXTRACTOR, FeatureChoice(min_reviews=1, max_share=0.9))
    assert {row[2] for row in rows(common)} == {"strap"}
    assert rows(extract_mentions(parts(), EXTRACTOR, FeatureChoice(min_reviews=5, max_share=1.0))) == []
    for wrong in ({"min_reviews": 0}, {"max_share": 0.0}, {"max_share": 1.1}):
        with pytest.raises(UsageError):
            FeatureChoice(**wrong)


def test_nothing_to_read() -> None:
    assert rows(extract_mentions(iter([]), EXTRACTOR)) == []


def test_processes_and_parts_change_nothing() -> None:
    rng = np.random.default_rng(0)
    words = np.array(["sound", "strap", "guitar", "good", "bad", "not", "."])
    many = [(f"u{rng.integers(9)}", f"i{rng.integers(9)}", " ".join(rng.choice(words, 12))) for _ in range(60)]
    one = extract_mentions(parts(many, 7), EXTRACTOR)
    assert one.mentions.num_rows > 100
    assert extract_mentions(parts(many, 7), EXTRACTOR, workers=2).mentions.equals(one.mentions)
    larger = {row[:3]: row[3:] for row in rows(extract_mentions(parts(many, 60), EXTRACTOR))}
    assert larger.keys() == {row[:3] for row in rows(one)}
    for *key, sentiment, count in rows(one):
        assert larger[tuple(key)] == (pytest.approx(sentiment), count)


@dataclass(frozen=True)
class Counting:
    """Counts the texts that it is given, and stops at one."""

    seen: list[str]
    stop_at: str = ""

    @property
    def settings(self) -> Mapping[str, str | int | float]:
        return EXTRACTOR.settings

    def extract(self, texts: Sequence[str]) -> pa.Table:
        if self.stop_at in texts and self.stop_at:
            raise KeyboardInterrupt
        self.seen.extend(texts)
        return EXTRACTOR.extract(texts)


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path) -> None:
    folder, whole = tmp_path / "parts", extract_mentions(parts(), EXTRACTOR)
    with pytest.raises(KeyboardInterrupt):
        extract_mentions(parts(), Counting([], stop_at=REVIEWS[3][2]), folder=folder)
    second = Counting([])
    result = extract_mentions(parts(), second, folder=folder)
    assert (second.seen, result.resumed) == ([text for _, _, text in REVIEWS[2:]], 2)
    assert result.mentions.equals(whole.mentions)
    PartFolder.at(folder).remove()
    assert not folder.exists()


def test_parts_of_other_reviews_settings_or_damage_are_done_again(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    extract_mentions(parts(), EXTRACTOR, folder=folder)
    other = [("ann", "a", "good strap"), *REVIEWS[1:]]
    assert extract_mentions(parts(other), EXTRACTOR, folder=folder).resumed == 3
    assert extract_mentions(parts(), NounExtractor(WordTagger(), window=1), folder=folder).resumed == 0
    for part in folder.glob("part-*"):
        part.write_bytes(part.read_bytes()[:50])
    assert rows(extract_mentions(parts(), EXTRACTOR, folder=folder)) == rows(extract_mentions(parts(), EXTRACTOR))


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(InputError, match="no unfinished extraction"):
        extract_mentions(parts(), EXTRACTOR, folder=tmp_path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["thesis.tex"]
    mine = tmp_path / "mine"
    extract_mentions(parts(), EXTRACTOR, folder=mine)
    (mine / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"holds 'notes\.txt'"):
        PartFolder.at(mine)
    assert (mine / "notes.txt").is_file()


def test_merging_keeps_the_mean_within_its_bounds() -> None:
    row = {"user": ["u"], "item": ["i"], "feature": ["f"], "sentiment": [1.0], "count": [3]}
    table = merged([pa.table(row)] * 7)
    assert table.to_pylist() == [{"user": "u", "item": "i", "feature": "f", "sentiment": 1.0, "count": 21}]
