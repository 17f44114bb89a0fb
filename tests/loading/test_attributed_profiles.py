"""Given profiles attributed to reviews: worked out by hand, and on the real ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pytest

from graphrec.errors import InputError
from graphrec.loading.attributed_profiles import attributed_mentions, vocabulary_mentions
from graphrec.loading.contract import LoaderReport

if TYPE_CHECKING:
    from pathlib import Path

PROFILES = (
    "user,feature,mean_sentiment,mentions\n"
    "ann,sound,0.5,4\nann,gig bag,-1,\nann,price,1,1\nbob,Strap,1,1\nbob,7,1,1\nzoe,sound,1,1\n"
)
REVIEWS = pa.table(
    {
        "user": ["ann", "ann", "bob", "ann"],
        "item": ["a", "b", "a", "a"],
        "text": [
            "The SOUND, a sound. Gig-bag and strap",
            "sounds and gig bags, a gig bag",
            "7 straps; strap! good sound",
            "this sound",
        ],
    }
)
USERS = pa.chunked_array([["ann", "bob", "cid"]])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "user_feature.csv").write_text(PROFILES)
    return tmp_path


def rows(table: pa.Table) -> set[tuple[object, ...]]:
    return set(zip(*(column.to_pylist() for column in table.columns), strict=True))


def test_words_of_the_users_own_profile(folder: Path) -> None:
    report = LoaderReport()
    found = attributed_mentions(folder, [REVIEWS.slice(0, 3), REVIEWS.slice(3)], USERS, report)
    assert rows(found) == {
        ("ann", "a", "sound", 0.5, 3), ("ann", "a", "gig bag", -1.0, 1), ("ann", "b", "gig bag", -1.0, 1),
        ("bob", "a", "Strap", 1.0, 1),
    }  # fmt: skip
    assert [remark.removeprefix("user_feature.csv: ") for remark in report.remarks] == [
        "1 rows are of users without interactions and left out",
        "looked for no number: 1 feature without a name",
        "3 of 5 (60 %) pairs of user and feature are named in the user's reviews; the others are left out",
        "sentiments are those of the profiles, each the mean over all reviews of the user",
    ]


def test_all_names_in_all_reviews(folder: Path) -> None:
    pytest.importorskip("textblob")
    report = LoaderReport()
    found = vocabulary_mentions(folder, [REVIEWS], USERS, report)
    assert rows(found) == {
        ("ann", "a", "sound", 0.5, 3), ("ann", "a", "gig bag", -1.0, 1), ("ann", "b", "gig bag", -1.0, 1),
        ("ann", "a", "Strap", 0.0, 1), ("bob", "a", "Strap", 1.0, 1), ("bob", "a", "sound", 1.0, 1),
    }  # fmt: skip
    assert "4 of 6 (67 %) mentions have the sentiment of the user's profile" in report.remarks[-1]


@pytest.mark.parametrize("attribute", [attributed_mentions, vocabulary_mentions])
def test_features_of_another_data_set(tmp_path: Path, attribute: object) -> None:
    pytest.importorskip("textblob")
    path = tmp_path / "user_feature.csv"
    for content, message in (
        ("zoe,sound,1,1", "none of these profiles is of a user with interactions"),
        ("ann,7,1,1", "numbers without names, such as '7'"),
        ("ann,plot,1,1", "none of 1 pair|none of the 1 feature"),
    ):
        path.write_text(f"user,feature,mean_sentiment,mentions\n{content}\n")
        with pytest.raises(InputError, match=message):
            attribute(tmp_path, [REVIEWS], USERS, LoaderReport())  # type: ignore[operator]
    path.unlink()
    with pytest.raises(InputError, match="no such file"):
        attribute(tmp_path, [REVIEWS], USERS, LoaderReport())  # type: ignore[operator]
