"""JSON as the standard has it, read within bounds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from graphrec.strict_json import dumps, read_json

if TYPE_CHECKING:
    from pathlib import Path


def test_numbers_that_json_does_not_know_are_null() -> None:
    nan, inf = float("nan"), float("inf")
    value = {"a": nan, "b": [1, -inf, (2.5, inf)], "c": {"d": True, "e": None, "f": "NaN"}}
    assert json.loads(dumps(value)) == {
        "a": None,
        "b": [1, None, [2.5, None]],
        "c": {"d": True, "e": None, "f": "NaN"},
    }


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"NaN", "it holds NaN"),
        (b"[-Infinity]", "it holds -Infinity"),
        (b"[" * 100_000, "it is nested too deep"),
        (b"9" * 6000, "4300"),
        (b'"\xff"', "it is not UTF-8 text"),
        (b"", "Expecting value"),
        (b"1" * 101, "it has 101 bytes, and 100 at most are read"),
    ],
)
def test_what_is_no_json_says_so(tmp_path: Path, text: bytes, words: str) -> None:
    (tmp_path / "a.json").write_bytes(text)
    with pytest.raises(ValueError, match=words):
        read_json(tmp_path / "a.json", 100 if len(text) == 101 else 1 << 20)


def test_nothing_is_read_from_a_device(tmp_path: Path) -> None:
    (tmp_path / "a.json").symlink_to("/dev/zero")
    with pytest.raises(ValueError, match="it is no file"):
        read_json(tmp_path / "a.json", 1 << 20)
