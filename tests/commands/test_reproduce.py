"""``graphrec reproduce`` as a user types it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tests.reproduce.tiny import QUICK, TINY, write_recipe, write_toy

if TYPE_CHECKING:
    from pathlib import Path

    from tests.commands.conftest import Command


@pytest.fixture
def recipe(tmp_path: Path) -> Path:
    """A recipe of two plain rows, beside its data."""
    write_toy(tmp_path / "data" / "toy")
    text = TINY.replace('best = "RecoNet"\n', "")
    begin, end = text.index('[[rows]]\nname = "RecoNet"'), text.index('[[rows]]\nname = "popularity"')
    return write_recipe(tmp_path, text[:begin] + text[end:] + QUICK.partition("[quick.models]")[0])


def test_a_table_every_finding_and_where_the_report_lies(graphrec: Command, recipe: Path, tmp_path: Path) -> None:
    line = ("reproduce", recipe, "--data", tmp_path / "data", "--out", tmp_path / "out")
    said = graphrec.good(*line)
    assert "EASE" in said.out
    assert "of 1 rows that the paper prints are above its recall@10" in " ".join(said.out.split())
    assert str(tmp_path / "out" / "report.html") in said.out
    assert "[1/3] EASE, split 1: reg 1.0" in said.err
    again = graphrec.good(*line, "--json").json
    assert again["jobs_done"] == 0
    assert again["report"]["title"] == "A tiny report"
    assert (tmp_path / "out" / "report.md").is_file()


def test_the_report_names_the_command(
    graphrec: Command, recipe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = [
        "reproduce",
        str(recipe),
        "--quick",
        "--data",
        str(tmp_path / "data"),
        "--out",
        str(tmp_path / "a quick one"),
    ]
    monkeypatch.setattr(sys, "argv", ["graphrec", *line])
    graphrec.good(*line)
    command = (tmp_path / "a quick one" / "report.md").read_text(encoding="utf-8").splitlines()
    (told,) = [one for one in command if one.startswith("- command")]
    assert told.endswith("a quick one'`")


def test_data_that_is_not_there(graphrec: Command, recipe: Path, tmp_path: Path) -> None:
    said = graphrec.bad(3, "reproduce", recipe, "--data", tmp_path / "elsewhere", "--out", tmp_path / "out")
    assert "https://example.org/toy" in said
    assert "ratings.csv, movies.csv" in said


def test_what_makes_no_sense(graphrec: Command, recipe: Path, tmp_path: Path) -> None:
    assert "Known recipes" in graphrec.bad(2, "reproduce", "poetry")
    data = ("--data", tmp_path / "data", "--out", tmp_path / "out")
    assert "Its sections: table, settings" in graphrec.bad(2, "reproduce", recipe, "--sections", "poem", *data)
    plain = write_recipe(tmp_path, recipe.read_text(encoding="utf-8").partition("[quick]")[0])
    assert "Leave out --quick" in graphrec.bad(2, "reproduce", plain, "--quick", *data)


def test_what_is_to_follow_has_a_report_of_its_own(
    graphrec: Command, recipe: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A recipe that comes with graphrec is done after the one that names it; with --sections it is left out."""
    known = tmp_path / "known" / "recipes"
    known.mkdir(parents=True)
    text = recipe.read_text(encoding="utf-8")
    (known / "tiny.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("graphrec.reproduce.recipe_files.RESOURCES", known.parent)
    recipe.write_text('then = ["tiny"]\n' + text.replace('name = "tiny"', 'name = "first"'), encoding="utf-8")
    line = ("reproduce", recipe, "--data", tmp_path / "data", "--out", tmp_path / "out", "--json")
    done = graphrec.good(*line).json
    assert [one["jobs_done"] for one in done["then"]] == [done["jobs_done"]] == [5]
    assert (tmp_path / "out" / "tiny" / "report.html").is_file()
    assert "then" not in graphrec.good(*line, "--sections", "settings").json


def test_a_report_is_written_anew_from_its_json(graphrec: Command, recipe: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    graphrec.good("reproduce", recipe, "--data", tmp_path / "data", "--out", out)
    first = {name: (out / name).read_bytes() for name in ("report.md", "report.html", "report.json")}
    for name in ("report.md", "report.html"):
        (out / name).unlink()
    printed = graphrec.good("reproduce", out / "report.json").out
    assert str(out / "report.html") in printed
    assert {name: (out / name).read_bytes() for name in first} == first
    files = graphrec.good("reproduce", out / "report.json", "--out", tmp_path / "copy", "--json").json["files"]
    assert files["markdown"] == str(tmp_path / "copy" / "report.md")
    assert (tmp_path / "copy" / "report.md").read_bytes() == first["report.md"]
    assert "there is nothing to run" in graphrec.bad(2, "reproduce", out / "report.json", "--quick")
    assert "cannot be read" in graphrec.bad(3, "reproduce", tmp_path / "report.json")
