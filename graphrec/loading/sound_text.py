"""Texts that are no valid Unicode: halves of surrogate pairs, and bytes that are no UTF-8.

The rule, the same in every reader: in a text that is only read (a name, an attribute, a property) each such half or
byte becomes the replacement character U+FFFD, and the account counts it; halves that belong together are joined. An
id is never changed: a row whose id is no valid Unicode is skipped and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy.typing as npt

SURROGATE = "holds half of a surrogate pair"
NOT_UTF8 = "holds bytes that are no UTF-8"


def is_sound(text: str) -> bool:
    """Return whether a text has no half of a surrogate pair."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def mended(text: str) -> str:
    """Return a text whose halves of surrogate pairs are joined, or replaced by U+FFFD where they stand alone."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def printable(text: str) -> str:
    """Return a text that any terminal takes: what is no valid Unicode is replaced."""
    return text if is_sound(text) else mended(text)


def sound_strings(texts: Iterable[str | None]) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """Return texts as an Arrow array, and a mask of those that had to be mended."""
    values = texts if isinstance(texts, (list, np.ndarray)) else list(texts)
    try:
        return pa.array(values, pa.string()), np.zeros(len(values), dtype=bool)
    except UnicodeEncodeError:
        wrong = np.fromiter((text is not None and not is_sound(text) for text in values), dtype=bool, count=len(values))
        sound = [mended(text) if bad and text is not None else text for text, bad in zip(values, wrong, strict=True)]
        return pa.array(sound, pa.string()), wrong


def decoded(values: pa.Array) -> tuple[pa.Array, npt.NDArray[np.bool_]]:
    """Return an array of strings or bytes as strings, and a mask of those that are no UTF-8 and were mended."""
    nothing = np.zeros(len(values), dtype=bool)
    try:
        if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
            values.validate(full=True)
        return values.cast(pa.string()), nothing
    except pa.ArrowInvalid:
        raw = values.cast(pa.large_binary()).to_pylist()
    texts = [None if value is None else value.decode("utf-8", "replace") for value in raw]
    wrong = [text is not None and text.encode() != value for text, value in zip(texts, raw, strict=True)]
    return pa.array(texts, pa.string()), np.array(wrong, dtype=bool)
