"""``graphrec refresh``: from a file of the day to a current run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.commands.test_main_job import write_movies

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command


@pytest.fixture
def evening(graphrec: Command, empty: str, tmp_path: Path) -> str:
    """The URI of a store with a current run of ``graphrec-fit``."""
    graphrec.good("load", "movielens", write_movies(tmp_path / "ml"), "--store", empty)
    graphrec.good("train", "ease", "--set", "reg=1", "--store", empty)
    graphrec.good("recommend", "graphrec-fit", "--k", 2, "--store", empty)
    return empty


def test_a_night_is_one_command(graphrec: Command, evening: str, tmp_path: Path) -> None:
    """User 1 takes movie 4, one more; the other five people who took anything keep their lists."""
    with (tmp_path / "ml" / "ratings.csv").open("a", encoding="utf-8") as ratings:
        ratings.write("1,4,5,2000\n")
    line = ["refresh", "graphrec-fit", "--load", "movielens", tmp_path / "ml", "--fit", "keep", "--store", evening]
    night = graphrec.good(*line, "--json").json
    assert night["load"]["changed"]
    assert (night["current"], night["renewed"], night["kept"]) == (True, 1, 5)
    assert (night["decision"]["fit"], night["decision"]["why"]) == ("keep", "as asked")
    assert night["changes"]["changed"] + night["changes"]["reordered"] <= 1
    again = graphrec.good(*line).out
    assert "was loaded before; nothing changed" in again
    assert f"Run {night['run']} is of this data and fit already" in again
    assert [row["stale"] for row in graphrec.good("runs", "--store", evening, "--json").json] == [False, True]


def test_what_changed_is_told_by_name(graphrec: Command, evening: str, tmp_path: Path) -> None:
    """What the first of user 1's list is called is named among what went where it is never recommended."""
    first = graphrec.good("why", "1", "--store", evening, "--json").json[0]["item"]
    (tmp_path / "sold-out.txt").write_text(f"{first['id']}\n")
    told = graphrec.good("refresh", "graphrec-fit", "--exclude", tmp_path / "sold-out.txt", "--store", evening).out
    assert "Kept the fit ease-" in told
    assert "the fit is of this data" in told
    assert f"    - {first['name']}" in told


def test_what_makes_no_sense_is_refused(graphrec: Command, evening: str) -> None:
    at = ("--store", evening)
    assert "none is named" in graphrec.bad(2, "refresh", "graphrec-fit", "--option", "mapping=x", *at)
    assert "Choose auto, keep, again" in graphrec.bad(2, "refresh", "graphrec-fit", "--fit", "often", *at)
    assert "0 runs cannot be kept" in graphrec.bad(2, "refresh", "graphrec-fit", "--keep-runs", 0, *at)
    assert "no model here" in graphrec.bad(3, "refresh", "elsewhere", *at)
    graphrec.good("runs", "delete", graphrec.good("runs", *at, "--json").json[0]["run"], *at)
    assert "no current run" in graphrec.bad(3, "refresh", "graphrec-fit", *at)
