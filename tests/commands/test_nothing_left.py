"""Who has taken all that may be recommended is told so: by recommend, by the notes of the run and by why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.store.opening import open_store

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command

ROWS = {"user": list("aabbbc"), "item": ["x", "y", "x", "y", "z", "z"]}
"""b has taken all three items, a and c have not."""


@pytest.fixture
def at(tmp_path: Path) -> tuple[str, str]:
    import pandas as pd

    with open_store(tmp_path / "store") as store:
        store.load_frames(pd.DataFrame(ROWS), user="user", item="item")
    return ("--store", str(tmp_path / "store"))


def test_users_with_nothing_left_are_counted_and_told(graphrec: Command, at: tuple[str, str]) -> None:
    graphrec.good("train", "ease", "--out", "fit", *at)
    said = "1 user took all of the 3 items that may be recommended, and got no recommendations."
    assert said in graphrec.good("recommend", "fit", *at).out
    assert said in graphrec.good("recommend", "fit", "--json", *at).json["notes"]
    assert said in graphrec.good("recommend", "fit", "--out", "run", *at).out
    assert said in graphrec.good("status", *at).out
    assert "b took all of the 3 items that the run may recommend" in graphrec.bad(3, "why", "b", *at).lower()
    graphrec.good("why", "a", *at)
    assert said not in graphrec.good("recommend", "fit", "--keep-taken", *at).out


def test_what_may_be_recommended_counts(graphrec: Command, at: tuple[str, str], tmp_path: Path) -> None:
    (tmp_path / "items.txt").write_text("z\n", encoding="utf-8")
    graphrec.good("train", "ease", "--out", "fit", *at)
    out = graphrec.good("recommend", "fit", "--items", tmp_path / "items.txt", *at).out
    assert "2 users took the only item that may be recommended" in out
    assert "c took the only item that the run may recommend" in graphrec.bad(3, "why", "c", *at).lower()
    out = graphrec.good("recommend", "fit", "--exclude", tmp_path / "items.txt", *at).out
    assert "2 users took all of the 2 items" in out
