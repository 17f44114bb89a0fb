"""Parts that are done are kept whole, and never done twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.engines.in_process import InProcess
from graphrec.engines.kept_parts import KeptParts, remove_parts_beside
from graphrec.errors import GraphrecError, InputError
from tests.engines.works import AsBytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

PARTS = [range(3), range(3, 6), range(6, 7)]


class StopsAfter:
    """An engine that is interrupted after so many parts."""

    name = "stops"

    def __init__(self, parts: int) -> None:
        self.parts = parts

    def map(self, work: Callable[[range], bytes], parts: Iterable[range]) -> Iterator[tuple[int, bytes]]:
        for number, part in enumerate(parts):
            if number == self.parts:
                raise KeyboardInterrupt
            yield number, work(part)


def asked(folder: Path) -> list[str]:
    return (folder / "asked").read_text().split()


def test_an_interrupted_job_goes_on_where_it_was(tmp_path: Path) -> None:
    kept, work = KeptParts.beside(tmp_path / "out", "job1"), AsBytes(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        kept.complete(StopsAfter(2), work, PARTS)
    told: list[tuple[str, int, int]] = []
    kept.complete(InProcess(), work, PARTS, lambda *at: told.append(at), "doing")
    assert asked(tmp_path) == ["0", "3", "6"]
    assert told == [("doing", 2, 3), ("doing", 3, 3)]
    assert list(kept.in_order(3)) == [b"range(0, 3)", b"range(3, 6)", b"range(6, 7)"]
    kept.remove()
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["asked"]


def test_a_damaged_part_is_done_again(tmp_path: Path) -> None:
    kept, work = KeptParts.beside(tmp_path / "out", "job1"), AsBytes(tmp_path)
    kept.complete(InProcess(), work, PARTS)
    path = kept.folder / "part-000001"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    with pytest.raises(GraphrecError, match="a part of the job has gone or was changed"):
        kept.read(1)
    kept.complete(InProcess(), work, PARTS)
    assert asked(tmp_path) == ["0", "3", "6", "3"]
    assert kept.read(1) == b"range(3, 6)"


def test_parts_of_another_job_are_not_taken(tmp_path: Path) -> None:
    work = AsBytes(tmp_path)
    KeptParts.beside(tmp_path / "out", "job1").complete(InProcess(), work, PARTS[:1])
    KeptParts.beside(tmp_path / "out", "job2").complete(InProcess(), work, PARTS[:1])
    assert asked(tmp_path) == ["0", "0"]
    remove_parts_beside(tmp_path / "ou")
    assert len(list(tmp_path.glob("out.*"))) == 2
    remove_parts_beside(tmp_path / "out")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["asked"]


def test_what_somebody_else_put_there_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "out.job1.graphrec-parts"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="no unfinished job"):
        KeptParts.beside(tmp_path / "out", "job1")
    remove_parts_beside(tmp_path / "out")
    assert (folder / "notes.txt").read_text() == "mine"
