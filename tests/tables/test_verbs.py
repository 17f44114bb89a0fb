"""What users do with items: each base data set's verb, by whose id a user's begins with."""

from __future__ import annotations

from graphrec.tables import DatasetInfo
from graphrec.tables.verbs import DEFAULT_VERB, Verbs


def test_a_user_has_the_verb_of_the_data_set_whose_prefix_the_id_has() -> None:
    films = DatasetInfo("films", "Films", "tests", verb="watched")
    songs = DatasetInfo("m:songs", "Songs", "tests", prefix="m:", verb="listened to")
    books = DatasetInfo("m:b:books", "Books", "tests", prefix="m:b:", verb="read")
    overlay = DatasetInfo("people", "People", "people", base="films", verb="met")
    verbs = Verbs.of([overlay, films, songs, books])
    assert [verbs.of_user(user) for user in ("1", "m:1", "m:b:1", "b:1")] == [
        "watched",
        "listened to",
        "read",
        "watched",
    ]


def test_a_data_set_that_names_none_has_the_default() -> None:
    assert DEFAULT_VERB == "interacted with"
    assert Verbs.of([DatasetInfo("x", "X", "tests"), DatasetInfo("y", "Y", "tests", prefix="y", verb=" ")]) == Verbs(
        (("y", "interacted with"), ("", "interacted with"))
    )
    assert Verbs().of_user("ada") == "interacted with"


def test_the_record_of_an_older_version_is_read() -> None:
    row = DatasetInfo("x", "X", "tests", verb="watched").to_row()
    assert DatasetInfo.from_row(row).verb == "watched"
    row.pop("verb")
    assert DatasetInfo.from_row(row).verb == ""
