"""Pickles of plain data: agreement with pickle itself, and files that somebody made to do harm."""

from __future__ import annotations

import os
import pickle
import pickletools
import struct
from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphrec.errors import InputError
from graphrec.loading.plain_pickle import read_plain_pickle

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.lists(inner).map(tuple),
    max_leaves=30,
)


@given(PLAIN, st.sampled_from([2, 3, 4, 5]))
def test_agrees_with_pickle(tmp_path_factory: pytest.TempPathFactory, value: Any, protocol: int) -> None:
    path = tmp_path_factory.mktemp("plain") / "value.pickle"
    for content in (pickle.dumps(value, protocol), pickletools.optimize(pickle.dumps(value, protocol))):
        path.write_bytes(content)
        assert read_plain_pickle(path) == value


def test_a_value_that_stands_in_two_places_is_one(tmp_path: Path) -> None:
    shared = ["a"]
    (tmp_path / "x").write_bytes(pickle.dumps([shared, shared, "long text" * 50, "long text" * 50]))
    first, second, *_ = read_plain_pickle(tmp_path / "x")
    assert first is second


class Harmful:
    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch harmed",)


@pytest.mark.parametrize("protocol", [0, 1, 2, 3, 4, 5])
def test_nothing_is_called(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, protocol: int) -> None:
    monkeypatch.chdir(tmp_path)
    for value in (Harmful(), [{"user": "u", "sentence": [Harmful()]}]):
        (tmp_path / "x").write_bytes(pickle.dumps(value, protocol))
        with pytest.raises(InputError, match=r"only plain data are read|protocol 0 or 1"):
            read_plain_pickle(tmp_path / "x")
    pickle.loads(pickle.dumps(Harmful()))  # the harm is real
    assert (tmp_path / "harmed").exists()


@pytest.mark.parametrize(
    "value",
    [np.float64(1.0), np.arange(3), {1, 2}, b"bytes", OrderedDict(), complex(1), slice, Path("x"), bytearray(b"x")],
)
def test_what_is_not_plain_is_refused(tmp_path: Path, value: object) -> None:
    (tmp_path / "x").write_bytes(pickle.dumps([value], 4))
    with pytest.raises(InputError):
        read_plain_pickle(tmp_path / "x")


HARMFUL = {
    "a huge memo by a huge index": b"\x80\x02]r" + struct.pack("<I", 2**32 - 1) + b".",
    "a text of petabytes": b"\x80\x04\x8d" + struct.pack("<Q", 2**50) + b"x.",
    "a number of negative length": b"\x80\x04\x8b" + struct.pack("<i", -5) + b"xxxxxxxx.",
    "a million lists": b"\x80\x02" + b"]" * 1_000_000 + b".",
    "a million marks": b"\x80\x02" + b"(" * 1_000_000 + b".",
    "a dictionary with numbers for keys": b"\x80\x02}K\x01K\x02s.",
    "an append to a number": b"\x80\x02K\x01K\x02a.",
    "a pop from nothing": b"\x80\x02.",
    "a mark that is none": b"\x80\x02t.",
    "a memo of nothing": b"\x80\x02h\x05.",
    "a text that is no UTF-8": b"\x80\x04\x8c\x01\xff.",
    "an extension": b"\x80\x02\x82\x01.",
    "a persistent id": b"\x80\x02K\x01Q.",
    "a buffer from outside": b"\x80\x05\x97.",
    "no end": b"\x80\x04]",
    "nothing": b"",
    "no pickle": b"\x80PK\x03\x04",
}


@pytest.mark.parametrize("content", HARMFUL.values(), ids=HARMFUL)
def test_harmful_and_damaged_files_are_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    with pytest.raises(InputError, match="byte"):
        read_plain_pickle(tmp_path / "x")


def test_depth_and_circles_take_no_recursion(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"\x80\x02K\x01" + b"\x85" * 10_000 + b".")
    value, depth = read_plain_pickle(tmp_path / "x"), 0
    while isinstance(value, tuple):
        (value,), depth = value, depth + 1
    assert (value, depth) == (1, 10_000)
    circle: list[Any] = []
    circle.append(circle)
    (tmp_path / "x").write_bytes(pickle.dumps(circle))
    read = read_plain_pickle(tmp_path / "x")
    assert read[0] is read


@given(st.binary(max_size=60))
def test_any_bytes_are_a_value_or_an_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "x"
    path.write_bytes(b"\x80" + content)
    try:
        read_plain_pickle(path)
    except InputError:
        return
