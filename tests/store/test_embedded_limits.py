"""An embedded store within limits of address space, memory and file size: it works, or says what it needs."""

from __future__ import annotations

import os
import resource
import subprocess
from typing import TYPE_CHECKING

import pytest

from graphrec.errors import UsageError
from graphrec.store.embedded import address_space
from graphrec.store.embedded.address_space import EngineMemoryError, in_words, sizes
from graphrec.store.embedded.embedded_store import EmbeddedStore
from tests.commands.conftest import COMMAND
from tests.store.content import copied_small, everything, nodes

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GIB = 1 << 30


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied_small(tmp_path / "store", runs=True)
    return tmp_path / "store"


def limited(kind: int, size: int) -> Callable[[], None]:
    """Return what sets a limit in a new process."""
    return lambda: resource.setrlimit(kind, (size, size))


def run(folder: Path, *line: str, limit: Callable[[], None]) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, *line, "--store", str(folder)]
    surroundings = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}  # each thread takes address space of its own
    return subprocess.run(
        command, capture_output=True, text=True, check=False, preexec_fn=limit, timeout=300, env=surroundings
    )


@pytest.mark.parametrize("line", [("why", "ada"), ("runs", "use", "old"), ("forget", "ben"), ("check",)])
def test_four_gigabytes_of_address_space_are_enough_for_a_small_store(folder: Path, line: tuple[str, ...]) -> None:
    ran = run(folder, *line, limit=limited(resource.RLIMIT_AS, 4 * GIB))
    assert ran.returncode == 0, ran.stderr


@pytest.mark.parametrize("line", [("why", "ada"), ("runs", "use", "old"), ("check",), ("train", "ease")])
def test_too_little_address_space_is_one_sentence_and_no_damage(folder: Path, line: tuple[str, ...]) -> None:
    with EmbeddedStore(folder, read_only=True) as store:
        held = everything(store)
    ran = run(folder, *line, limit=limited(resource.RLIMIT_AS, 1 * GIB))
    assert ran.returncode in (1, 4), ran.stderr
    assert len(ran.stderr.splitlines()) == 1
    assert "address space" in ran.stderr
    assert "ulimit -v" in ran.stderr
    assert "unexpected" not in ran.stderr
    with EmbeddedStore(folder) as store:
        assert store.check().sound
        assert everything(store) == held


@pytest.mark.parametrize("line", [("runs", "use", "old"), ("forget", "ben"), ("rebuild",)])
def test_a_limit_of_file_size_leaves_the_store_as_it_was(folder: Path, line: tuple[str, ...]) -> None:
    """The kernel refuses such a write as it does on a full disk, in whichever write it comes."""
    with EmbeddedStore(folder, read_only=True) as store:
        held = everything(store)
    ran = run(folder, *line, limit=limited(resource.RLIMIT_FSIZE, 200_000))
    assert (ran.returncode, len(ran.stderr.splitlines())) == (4, 1), ran.stderr
    assert "unexpected" not in ran.stderr
    with EmbeddedStore(folder) as store:
        assert store.check().sound
        assert everything(store) == held


def test_sizes_follow_what_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(address_space.VARIABLE, raising=False)
    file = tmp_path / "file"
    with file.open("wb") as made:
        made.truncate(100 * 2**20)
    assert sizes(str(file), read_only=True) == (256 * 2**20, 0)
    assert sizes(str(file), read_only=False) == (address_space.LARGEST_DATABASE, 0)
    monkeypatch.setattr(address_space, "limited_to", lambda: 9 * GIB)
    monkeypatch.setattr(address_space, "_in_use", lambda: GIB // 2)
    assert sizes(str(file), read_only=False) == (4 * GIB, 2 * GIB)  # 8 are free beside what all else needs
    assert sizes(str(file), read_only=True) == (GIB // 4, (8 * GIB - GIB // 4) // 2)
    monkeypatch.setattr(address_space, "limited_to", lambda: GIB)
    with pytest.raises(EngineMemoryError, match=r"needs about 1\.5 GB of address space, and .* may use 1\.1 GB"):
        sizes(str(file), read_only=True)


def test_a_buffer_pool_of_ones_own(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for text, size in {"70M": 70_000_000, "1.5 gib": 1_500_000_000, "2000000000": 2_000_000_000}.items():
        monkeypatch.setenv(address_space.VARIABLE, text)
        assert sizes("", read_only=False)[1] == size
    monkeypatch.setenv(address_space.VARIABLE, "500MB")
    with EmbeddedStore(folder, read_only=True) as store:
        assert len(nodes(store, "User")) == 4
    for text in ("lots", "-1", "5", "1e9", "9" * 40):
        monkeypatch.setenv(address_space.VARIABLE, text)
        with EmbeddedStore(folder, read_only=True) as store, pytest.raises(UsageError, match="500MB or 4GB"):
            nodes(store, "User")


def test_a_full_buffer_pool_says_which_setting_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    message = (
        "Buffer manager exception: Unable to allocate memory! The buffer pool is full and no memory could be freed!"
    )
    monkeypatch.setenv(address_space.VARIABLE, "500MB")
    error = address_space.shortage(message, "x")
    assert str(error) == (
        "the embedded database needs more memory than its buffer pool of 500 MB (x). "
        "Set GRAPHREC_BUFFER_POOL to more, or unset it"
    )
    monkeypatch.delenv(address_space.VARIABLE)
    assert "than four fifths of what this machine has" in str(address_space.shortage(message, "x"))
    assert address_space.shortage("Runtime exception: something else", "x") is None


def test_bytes_in_words() -> None:
    assert [in_words(size) for size in (12, 500_000_000, 1_500_000_000, 256 * 10**9)] == [
        "12 bytes",
        "500 MB",
        "1.5 GB",
        "256 GB",
    ]
