"""Word vectors in text form, as GloVe, word2vec and fastText publish them: a word and its numbers a line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from graphrec.errors import InputError
from graphrec.loading.files import open_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    import numpy.typing as npt

_LONGEST_LINE = 1 << 20
_LARGEST = float(np.finfo(np.float32).max)
"""Published vectors are of single precision; the square of a larger number may not be finite."""
_REMEDY = "Give a text file with a word and its numbers a line, separated by spaces"


def read_word_vectors(path: Path, names: Iterable[str]) -> dict[str, npt.NDArray[np.float64]]:
    """Return the vectors of the words in some names, by the word in small letters; the first of a word counts.

    A line is a word and its numbers, separated by single spaces or tabs; a first line of two whole numbers, as word2vec
    writes it, is left out. Only the lines of words that are asked for are looked into, and kept.

    Args:
        path: plain or gzip, UTF-8.
        names: such as “Film-Noir”: whole, with spaces as underscores, and the words that they are made of.

    Raises:
        InputError: the file is absent or damaged, a line is longer than any vector's, or that of a wanted word holds
            something else than numbers, another number of them than the first one has, or numbers beyond those of
            single precision.
    """
    wanted = {word for name in names for word in (*_whole(name), *_parts(name))}
    vectors: dict[str, npt.NDArray[np.float64]] = {}
    with open_bytes(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(_LONGEST_LINE), b""), start=1):
            where = f"{path}, line {number}"
            if len(line) == _LONGEST_LINE:
                raise InputError("a line is longer than that of any word vector", where=where, remedy=_REMEDY)
            first, *rest = line.split(None, 1) or [b""]
            word = first.decode("utf-8", "replace").lower()
            if word not in wanted or word in vectors:
                continue
            numbers = b"".join(rest).split()
            if number > 1 or len(numbers) > 1 or not word.isdigit():
                vectors[word] = _vector(word, numbers, vectors, where)
    return vectors


def vector_of_name(name: str, vectors: Mapping[str, npt.NDArray[np.float64]], path: Path) -> npt.NDArray[np.float64]:
    """Return the vector of a name: that of the whole name, or else the mean of its words'.

    Args:
        name: one that ``vectors`` were read for.
        vectors: as ``read_word_vectors`` returns them.
        path: of the file, for messages.

    Raises:
        InputError: a word of the name has no vector, or the vector has no direction.
    """
    vector = next((vectors[whole] for whole in _whole(name) if whole in vectors), None)
    if vector is None:
        vector = _mean_of_words(name, vectors, path)
    if not np.linalg.norm(vector) > 0:
        raise InputError(
            f"the vector of the name {name!r:.80} is zero, so that it is near to nothing",
            where=str(path),
            remedy="Give a line for the name whose numbers are not all zero",
        )
    return vector


def _mean_of_words(name: str, vectors: Mapping[str, npt.NDArray[np.float64]], path: Path) -> npt.NDArray[np.float64]:
    words = _parts(name)
    absent = [word for word in words if word not in vectors]
    if absent or not words:
        fault = f"has no vector for {', '.join(map(repr, absent))}" if absent else "has no word"
        raise InputError(
            f"the name {name!r:.80} {fault}",
            where=str(path),
            remedy="Take a file with more words, or add a line for the name, with spaces as underscores",
        )
    mean: npt.NDArray[np.float64] = np.mean([vectors[word] for word in words], axis=0)
    return mean


def _vector(
    word: str, numbers: list[bytes], vectors: Mapping[str, npt.NDArray[np.float64]], where: str
) -> npt.NDArray[np.float64]:
    try:
        vector = np.array([float(number.replace(b"_", b"?")) for number in numbers])
    except ValueError as error:
        raise InputError(f"the vector of {word!r:.80} holds what is no number", where=where, remedy=_REMEDY) from error
    expected = len(next(iter(vectors.values()), vector))
    if len(vector) != expected or not len(vector):
        fault = f"has {len(vector)} numbers" + (f", and others have {expected}" if len(vector) else "")
        raise InputError(f"the vector of {word!r:.80} {fault}", where=where, remedy=_REMEDY)
    if not (np.abs(vector) <= _LARGEST).all():
        fault = "numbers that are not finite" if not np.isfinite(vector).all() else f"numbers beyond {_LARGEST:.2g}"
        raise InputError(f"the vector of {word!r:.80} holds {fault}", where=where, remedy=_REMEDY)
    return vector


def _whole(name: str) -> tuple[str, ...]:
    small = name.lower().strip()
    return small, re.sub(r"\s+", "_", small)


def _parts(name: str) -> list[str]:
    """Return the words of a name in small letters, without a genitive's s."""
    return re.findall(r"[^\W_]+", re.sub(r"['’]s\b", "", name.lower()))
