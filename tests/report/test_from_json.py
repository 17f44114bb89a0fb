"""A report read from its JSON gives the same files."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest

from graphrec.errors import InputError
from graphrec.report import Cloud, Drawing, Figure, Heat, Report, read_report, write_report
from graphrec.report.as_json import as_object
from graphrec.report.from_json import from_object
from graphrec.report.markdown import as_markdown
from tests.documentation import DOCS
from tests.report.example import REPORT

if TYPE_CHECKING:
    from pathlib import Path

CLOUD = Figure("cloud", Cloud((("rock", (0.0, 1.0), (0.0, 2.0)), ("pop", (3.0,), (4.0,)))), "A cloud.")
HEAT = Figure("heat", Heat(("CAR", "NAR"), ((1.0, -0.8), (-0.8, math.nan)), "correlation"), "A heat map.")
LINKS = Figure("links", Heat(("drama",), ((2.0, -0.5, 0.0),), "link", ("1", "2", "3"), 2.0), "One that is no square.")


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_all_files_are_the_same_when_written_from_the_json(tmp_path: Path) -> None:
    report = Report(REPORT.title, REPORT.lead, REPORT.facts, (*REPORT.blocks, CLOUD, HEAT, LINKS))
    paths = write_report(report, tmp_path / "first")
    write_report(read_report(paths["json"]), tmp_path / "again")
    first = files(tmp_path / "first")
    assert len(first) == 3 + 7
    assert files(tmp_path / "again") == first


def test_a_heat_map_of_an_older_report_is_a_square_from_minus_1_to_1(tmp_path: Path) -> None:
    path = write_report(Report("Title", "", {}, (HEAT,)), tmp_path)["json"]
    report = json.loads(path.read_text(encoding="utf-8"))
    for name in ("columns", "largest"):
        del report["blocks"][0]["chart"][name]
    path.write_text(json.dumps(report), encoding="utf-8")
    (figure,) = (block for block in read_report(path).blocks if isinstance(block, Figure))
    assert isinstance(figure.chart, Heat)
    assert (figure.chart.column_labels, figure.chart.largest) == (("CAR", "NAR"), 1.0)


@pytest.mark.parametrize(
    "folder",
    ["reconet", "resolving", "resolving/resolving-movielens", "eran", "eran/eran-last", "eran/eran-as-printed"],
)
def test_the_reports_in_the_documentation_are_those_of_their_json(folder: str) -> None:
    """The text alone: figures differ a little between versions of matplotlib."""
    report = read_report(DOCS / "reports" / folder / "report.json")
    assert as_markdown(report) == (DOCS / "reports" / folder / "report.md").read_text(encoding="utf-8")
    names = {block.name for block in report.blocks if isinstance(block, (Figure, Drawing))}
    assert {path.stem for path in (DOCS / "reports" / folder / "figures").glob("*.svg")} == names


def test_what_json_does_not_know_is_read_as_nan() -> None:
    content = as_object(REPORT)
    (curves,) = [block for block in content["blocks"] if block.get("figure") == "curves"]
    curves["chart"]["lines"][0]["low"][1] = None
    (table,) = [block for block in content["blocks"] if "table" in block]
    table["rows"][1][2]["high"] = None
    report = from_object(content)
    (line, _) = next(block.chart.lines for block in report.blocks if isinstance(block, Figure))  # type: ignore[union-attr]
    assert math.isnan(line.low[1])
    assert line.low[2] == -3.5
    assert math.isnan(next(block for block in report.blocks if hasattr(block, "rows")).rows[1][2].high)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ([], "this is no report"),
        ({"title": "", "lead": "", "facts": {}}, "this is no report"),
        ({"title": "", "lead": "", "facts": {}, "blocks": [{"text": ""}, {"poem": ""}]}, "block 2 is none that"),
        ({"title": "", "lead": "", "facts": {}, "blocks": [{"drawing": "a", "caption": "", "data": {}}]}, "'svg'"),
        (
            {"title": "", "lead": "", "facts": {},
             "blocks": [{"figure": "a", "caption": "", "chart": {"kind": "pie"}}]},
            "no chart 'pie'",
        ),
    ],
)  # fmt: skip
def test_what_is_no_report_says_so(tmp_path: Path, content: Any, words: str) -> None:
    path = tmp_path / "report.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match=words):
        read_report(path)


def test_a_file_that_is_not_there_or_no_json(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_report(tmp_path / "report.json")
    (tmp_path / "report.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match="no JSON"):
        read_report(tmp_path / "report.json")
