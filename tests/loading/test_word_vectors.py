"""Word vectors in text form: which lines are read, and what is wrong with a file."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphrec.errors import InputError
from graphrec.loading.word_vectors import read_word_vectors, vector_of_name

if TYPE_CHECKING:
    from pathlib import Path

LINES = "3 2\ncrime 1 0\nDrama 0.5 -1e1\nfilm 0 2\nnoir 4 0\nunread nothing here\ncrime 9 9\nsci-fi 7 8\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "words.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_are_looked_up_whole_and_by_their_words(tmp_path: Path) -> None:
    """The first line is word2vec's header; only wanted lines are looked into, and the first of a word counts."""
    path = written(tmp_path, LINES)
    names = ["Crime", "Drama", "Film-Noir", "Sci-Fi"]
    vectors = read_word_vectors(path, names)
    assert set(vectors) == {"crime", "drama", "film", "noir", "sci-fi"}
    found = {name: vector_of_name(name, vectors, path).tolist() for name in names}
    assert found == {"Crime": [1, 0], "Drama": [0.5, -10], "Film-Noir": [2, 1], "Sci-Fi": [7, 8]}


def test_spaces_are_underscores_and_a_genitive_is_left_out(tmp_path: Path) -> None:
    path = written(tmp_path, "drum_&_bass 3\nchildren 5\nmusic 7\n")
    names = ["Drum & Bass", "Children's Music"]
    vectors = read_word_vectors(path, names)
    assert [vector_of_name(name, vectors, path).tolist() for name in names] == [[3], [6]]


def test_a_compressed_file_is_read_too(tmp_path: Path) -> None:
    path = tmp_path / "words.txt.gz"
    path.write_bytes(gzip.compress(LINES.encode()))
    np.testing.assert_array_equal(read_word_vectors(path, ["film"])["film"], [0, 2])


def test_a_name_without_a_vector_is_named(tmp_path: Path) -> None:
    path = written(tmp_path, LINES)
    vectors = read_word_vectors(path, ["Film Musical", "???"])
    with pytest.raises(InputError, match=r"the name 'Film Musical' has no vector for 'musical' .*words\.txt"):
        vector_of_name("Film Musical", vectors, path)
    with pytest.raises(InputError, match=r"the name '\?\?\?' has no word"):
        vector_of_name("???", vectors, path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("drama 1 two\n", r"the vector of 'drama' holds what is no number .*line 1"),
        ("drama 1 1_0\n", r"holds what is no number"),
        ("crime 1 2\ndrama 1\n", r"the vector of 'drama' has 1 numbers, and others have 2 .*line 2"),
        ("crime 1\ndrama\n", r"the vector of 'drama' has 0 numbers .*line 2"),
        ("drama 1 nan\n", r"holds numbers that are not finite"),
        ("drama 1 inf\n", r"holds numbers that are not finite"),
        ("drama 1 -1e200\n", r"holds numbers beyond 3\.4e\+38"),
        ("x" * (1 << 20) + "\n", r"a line is longer than that of any word vector .*line 1"),
    ],
)
def test_faults_are_told_with_their_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        read_word_vectors(written(tmp_path, text), ["Drama", "Crime"])


@pytest.mark.parametrize("text", ["film 0 0\n", "film 1e-200 0\n"])
def test_a_vector_without_a_direction_is_refused(tmp_path: Path, text: str) -> None:
    """Its cosine to anything would be 0, and 0 to itself."""
    path = written(tmp_path, text)
    with pytest.raises(InputError, match=r"the vector of the name 'Film' is zero.*words\.txt"):
        vector_of_name("Film", read_word_vectors(path, ["Film"]), path)


def test_words_that_cancel_out_are_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "film 1 2\nnoir -1 -2\n")
    with pytest.raises(InputError, match=r"the vector of the name 'Film-Noir' is zero"):
        vector_of_name("Film-Noir", read_word_vectors(path, ["Film-Noir"]), path)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_word_vectors(tmp_path / "nowhere.txt", ["drama"])
