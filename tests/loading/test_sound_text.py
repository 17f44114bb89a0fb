from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrec.loading.sound_text import decoded, is_sound, mended, printable, sound_strings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain é 😀", "plain é 😀"),
        ("cut \ud83d", "cut �"),
        ("\ude00 first", "� first"),
        ("\ud83d\ude00", "😀"),  # Python's notation leaves the halves of a pair apart
        ("\ude00\ud83d", "��"),
    ],
)
def test_halves_are_joined_or_replaced(text: str, expected: str) -> None:
    assert (mended(text), printable(text)) == (expected, expected)


@given(st.lists(st.none() | st.text()))
def test_only_what_is_unsound_changes(texts: list[str | None]) -> None:
    array, wrong = sound_strings(texts)
    for text, result, bad in zip(texts, array.to_pylist(), wrong.tolist(), strict=True):
        assert bad == (text is not None and not is_sound(text))
        assert bad or result == text
        assert result is None or is_sound(result)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.large_binary()])
def test_bytes_that_are_no_utf8_are_replaced(kind: pa.DataType) -> None:
    raw = pa.array([b"caf\xc3\xa9", None, b"caf\xe9", "�".encode()], pa.large_binary())
    values = raw.cast(pa.binary()).view(pa.string()) if kind == pa.string() else raw
    values = raw.view(pa.large_string()) if kind == pa.large_string() else values
    texts, wrong = decoded(values if pa.types.is_string(kind) or pa.types.is_large_string(kind) else raw.cast(kind))
    assert texts.to_pylist() == ["café", None, "caf�", "�"]
    assert wrong.tolist() == [False, False, True, False]
    texts.validate(full=True)
