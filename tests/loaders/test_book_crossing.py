from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError
from graphrec.loaders.book_crossing import load
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.elements import EdgeKind
from tests.loaders.checks import assert_sound, edge_set
from tests.loaders.folders import BOOK_CROSSING, BOOK_CROSSING_COPY, write_folder

if TYPE_CHECKING:
    from pathlib import Path

ITEM_ATTRIBUTE = EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute")
USER_ATTRIBUTE = EdgeKind("HAS_ATTRIBUTE", "User", "Attribute")


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    write_folder(tmp_path, BOOK_CROSSING)
    return tmp_path


def test_the_dump_worked_out_by_hand(dump: Path) -> None:
    loaded = load(dump)
    tables = assert_sound(loaded)
    # 0 is no rating, and no rating of nought.
    assert edge_set(tables.edges[INTERACTED], "rating", "weight") == {
        ("276725", "034545104X", None, 1.0),
        ("276725", "9999999999", None, 1.0),
        ("276726", "0155061224", 5.0, 1.0),
        ("276726", "078946697X", 10.0, 1.0),
    }
    assert tables.nodes["Item"].select(["id", "name", "year"]).to_pydict() == {
        "id": ["034545104X", "0155061224", "078946697X", "9999999999"],
        "name": [
            'Flesh Tones: A Novel; with "quotes"',
            "Rites of Passage \\",
            'DK Readers (Level 4)"',
            "book 9999999999",
        ],
        "year": [2002, None, 2000, None],
    }
    assert edge_set(tables.edges[ITEM_ATTRIBUTE]) == {
        ("034545104X", "item.author=M. J. Rose"), ("034545104X", "item.publisher=Simon & Co"),
        ("0155061224", "item.author=Judith Rae"), ("0155061224", "item.publisher=Heinle"),
        ("078946697X", "item.author=Michael Teitelbaum"), ("078946697X", "item.publisher=DK"),
    }  # fmt: skip
    assert tables.nodes["User"]["id"].to_pylist() == ["276725", "276726", "3", "4", "5"]
    assert edge_set(tables.edges[USER_ATTRIBUTE]) == {
        ("276725", "user.country=usa"), ("276726", "user.country=usa"), ("276726", "user.age=18-24"),
        ("3", "user.country=russia"), ("5", "user.age=56+"),
    }  # fmt: skip
    assert (loaded.info.id, loaded.info.verb) == ("book-crossing", "read")
    told = loaded.report.remarks
    assert (
        "BX-Book-Ratings.csv: 2 of 4 rows have the rating 0, which says that there is none: they are interactions "
        "without a rating"
    ) in told
    assert "BX-Books.csv: &amp; and the like in 1 text are read as their sign" in told
    assert "BX-Users.csv: 2 ages outside 5 to 100 are left out" in told
    assert not any(file.faults() for file in loaded.report.files)


def test_the_dump_is_latin_1_and_an_entity_is_read_once(dump: Path) -> None:
    text = BOOK_CROSSING["BX-Books.csv"].replace("Rites", "Fl\u00fcgel &amp;lt; &lt;")
    (dump / "BX-Books.csv").write_bytes(text.encode("latin-1"))
    assert load(dump).tables.nodes["Item"]["name"][1].as_py() == "Flügel &lt; < of Passage \\"


def test_the_dump_escapes_backslashes_where_no_quotation_mark_shows_it(dump: Path) -> None:
    header, _, row, *_ = BOOK_CROSSING["BX-Books.csv"].split("\r\n")
    (dump / "BX-Books.csv").write_text(f"{header}\r\n{row}\r\n")
    assert load(dump).tables.nodes["Item"]["name"][0].as_py() == "Rites of Passage \\"


@pytest.mark.parametrize("rating", ["11", "-1", "", "x"])
def test_a_rating_that_is_none_skips_its_row(dump: Path, rating: str) -> None:
    (dump / "BX-Book-Ratings.csv").write_text(BOOK_CROSSING["BX-Book-Ratings.csv"] + f'"1";"2";"{rating}"\r\n')
    loaded = load(dump)
    assert sum(loaded.report.files[0].skipped.values()) == 1
    assert loaded.report.files[0].examples.popitem()[1] == [6]
    assert loaded.tables.edges[INTERACTED].num_rows == 4


def test_a_copy_with_commas(tmp_path: Path) -> None:
    write_folder(tmp_path, BOOK_CROSSING_COPY)
    tables = assert_sound(load(tmp_path))
    assert edge_set(tables.edges[INTERACTED], "rating") == {
        ("276725", "034545104X", None),
        ("276726", "0155061224", 5.0),
    }
    assert tables.nodes["Item"]["name"].to_pylist() == ['Flesh Tones: A "Novel"', "Rites of Passage"]
    assert ("276726", "user.age=18-24") in edge_set(tables.edges[USER_ATTRIBUTE])


def test_a_copy_with_shorter_names_and_no_locations(tmp_path: Path) -> None:
    write_folder(
        tmp_path,
        {
            "Ratings.csv": "User-ID;ISBN;Rating\n1;034545104X;0\n2;0155061224;5\n",
            "Books.csv": "ISBN;Title;Author;Year;Publisher\n034545104X;Flesh Tones;M. J. Rose;2002;Ballantine Books\n",
            "Users.csv": "User-ID;Age\n1;NULL\n2;18\n",
        },
    )
    tables = assert_sound(load(tmp_path))
    assert edge_set(tables.edges[INTERACTED], "rating") == {("1", "034545104X", None), ("2", "0155061224", 5.0)}
    assert tables.nodes["Item"].select(["name", "year"]).to_pylist()[0] == {"name": "Flesh Tones", "year": 2002}
    assert edge_set(tables.edges[USER_ATTRIBUTE]) == {("2", "user.age=18-24")}


def test_users_may_be_absent_and_books_may_not(dump: Path) -> None:
    (dump / "BX-Users.csv").unlink()
    assert assert_sound(load(dump)).nodes["User"]["name"].to_pylist() == ["user 276725", "user 276726"]
    (dump / "BX-Books.csv").unlink()
    with pytest.raises(InputError, match=r"there is no such file .*BX-Books\.csv"):
        load(dump)


def test_a_folder_without_ratings_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is neither BX-Book-Ratings\.csv nor Ratings\.csv"):
        load(tmp_path)


def test_a_missing_column_is_called_as_in_the_dump(dump: Path) -> None:
    (dump / "BX-Users.csv").write_text('"User-ID";"Location"\n"1";"x, y, z"\n')
    with pytest.raises(InputError, match=r"the column 'Age' is missing .*BX-Users\.csv, line 1"):
        load(dump)
