"""Markdown, HTML and JSON say the same, and names that mean something to them mean nothing."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from graphrec.report import Column, Report, Table, write_report
from graphrec.report.cells import text
from tests.report.example import EVIL, REPORT, RESULTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Cells(HTMLParser):
    """Collects the words of table cells, the tags, and every attribute that could fetch something."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.tags: set[str] = set()
        self.fetching: list[str] = []
        self.ids: list[str] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in ("src", "href", "xlink:href", "data", "action", "poster", "srcset"):
                self.fetching.append(value or "")
            if name == "id":
                self.ids.append(value or "")
        if tag == "td":
            self._inside = True
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "td":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.cells[-1] += data


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    return write_report(REPORT, tmp_path_factory.mktemp("report"))


@pytest.fixture(scope="module")
def page(written: Mapping[str, Path]) -> Cells:
    parser = Cells()
    parser.feed(written["html"].read_text(encoding="utf-8"))
    return parser


WORDS = [text(cell, column) for row in RESULTS.rows for cell, column in zip(row, RESULTS.columns, strict=True)]


def test_html_has_every_cell(page: Cells) -> None:
    assert page.cells == WORDS


def test_markdown_has_every_cell(written: Mapping[str, Path]) -> None:
    lines = written["markdown"].read_text(encoding="utf-8").splitlines()
    rows = [line for line in lines if line.startswith("| ")][2:]
    cells = [cell.strip() for row in rows for cell in re.split(r"(?<!\\)\|", row)[1:-1]]
    plain = [re.sub(r"\\(.)", r"\1", cell.removeprefix("**").removesuffix("**")) for cell in cells]
    assert plain == WORDS


def test_json_has_every_number_unrounded(written: Mapping[str, Path]) -> None:
    content = json.loads(written["json"].read_text(encoding="utf-8"))
    (table,) = [block for block in content["blocks"] if "table" in block]
    assert table["rows"][1] == [
        EVIL,
        {"mean": 0.38904, "sd": 0.00061, "n": 5},
        {"value": 1.143, "low": 0.93, "high": 1.35},
        5,
    ]
    assert table["rows"][2] == ["nothing", None, -0.001, 0]
    assert [column["unit"] for column in table["columns"]] == ["", "", "points", ""]
    (curves, *_) = [block for block in content["blocks"] if "figure" in block]
    assert curves["chart"]["lines"][0]["low"] == [-1.5, -2.5, -3.5]
    (drawing,) = [block for block in content["blocks"] if "drawing" in block]
    assert drawing["data"] == {"shares": [0.5, None]}
    assert [finding["met"] for finding in content["findings"]] == [True, False, None]


def test_findings_stand_in_front_in_all_forms(written: Mapping[str, Path]) -> None:
    markdown, page = (written[form].read_text(encoding="utf-8") for form in ("markdown", "html"))
    for words, sign in (("RecoNet is above", "✓"), ("EASE is not", "✗"), ("Simply so", "·")):
        assert f"- {sign} {words}" in markdown.split("## Table 1")[0]
        assert page.index(words) < page.index("Plain text")


def test_the_page_needs_nothing_else(page: Cells) -> None:
    assert not page.tags & {"script", "link", "img", "iframe", "object"} - {"link"}
    outside = [address for address in page.fetching if not address.startswith(("#", "data:"))]
    assert outside == []
    assert len(page.ids) == len(set(page.ids))


def test_ids_that_are_referred_to_are_there(written: Mapping[str, Path], page: Cells) -> None:
    html = written["html"].read_text(encoding="utf-8")
    referred = set(re.findall(r"url\(#([^)]+)\)", html)) | {a[1:] for a in page.fetching if a.startswith("#")}
    assert referred
    assert referred <= set(page.ids)


def test_every_figure_is_a_file_that_the_markdown_shows(written: Mapping[str, Path]) -> None:
    markdown = written["markdown"].read_text(encoding="utf-8")
    shown = re.findall(r"\]\((figures/[^)]+)\)", markdown)
    assert shown == [f"figures/{name}.svg" for name in ("curves", "points", "densities", "sankey")]
    for name in shown:
        drawing = ET.fromstring((written["markdown"].parent / name).read_text(encoding="utf-8"))
        assert drawing.tag.endswith("svg")


def test_an_older_reports_figures_go(tmp_path: Path) -> None:
    write_report(REPORT, tmp_path)
    write_report(Report("Short", "", {}, ()), tmp_path)
    assert list((tmp_path / "figures").iterdir()) == []


def test_the_same_report_gives_the_same_files(written: Mapping[str, Path], tmp_path: Path) -> None:
    again = write_report(REPORT, tmp_path)
    for form, path in written.items():
        assert again[form].read_bytes() == path.read_bytes()


def test_a_row_that_does_not_fit_its_table_is_refused() -> None:
    with pytest.raises(ValueError, match="not one cell for each column"):
        Table("odd", (Column("a"), Column("b")), (("one",),))
