"""A report.json that somebody else wrote is data: it draws, and does nothing else."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from graphrec.errors import InputError
from graphrec.report import read_report, write_report
from graphrec.report.as_json import as_object
from graphrec.report.inert_svg import require_inert
from tests.report.example import REPORT

if TYPE_CHECKING:
    from pathlib import Path

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{}</svg>'


@pytest.mark.parametrize(
    "inside",
    [
        "<script>alert(1)</script>",
        '<rect onload="alert(1)"/>',
        "<foreignObject><b>x</b></foreignObject>",
        '<image href="https://example.org/x.png"/>',
        '<a href="javascript:alert(1)"><text>x</text></a>',
        '<rect style="fill:url(https://example.org/x)"/>',
        '<rect fill="url(https://example.org/x)"/>',
        "<style>@import 'https://example.org/x.css';</style>",
        "<style>rect { fill: u\\72l(x) }</style>",
        "<title><style><g class='&lt;/style&gt;'/></style></title>",
        "<title><![CDATA[<img src=x onerror=alert(1)>]]></title>",
        "<!-- comment -->",
        '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#x"/>',
        "<text>",
    ],
)
def test_a_drawing_that_does_more_than_draw_is_refused(tmp_path: Path, inside: str) -> None:
    content = as_object(REPORT)
    next(block for block in content["blocks"] if "drawing" in block)["svg"] = SVG.format(inside)
    (tmp_path / "report.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match=r"block \d+ is none that this version knows: ValueError: a drawing"):
        read_report(tmp_path / "report.json")


def test_a_drawing_that_declares_entities_is_refused() -> None:
    bomb = '<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>' + SVG.format("<text>&b;</text>")
    with pytest.raises(ValueError, match="declares something of its own"):
        require_inert(bomb)
    with pytest.raises(ValueError, match="larger than any"):
        require_inert(SVG.format("x" * (9 << 20)))
    with pytest.raises(ValueError, match="no SVG"):
        require_inert("<html/>")
    require_inert(SVG.format('<text class="name" x="1">a &lt;script&gt; in words</text>'))


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("figure", "../../evil"),
        ("figure", "/etc/cron.d/evil"),
        ("figure", ".hidden"),
        ("figure", "a](javascript:x)"),
        ("figure", 5),
        ("drawing", "a/b"),
        ("heading", ["x"]),
        ("level", "2 onclick=alert(1)"),
        ("level", 10**9),
        ("text", {"a": 1}),
        ("caption", 5),
        ("digits", 10**9),
        ("rows", [[{"a": 1}, 1, 2, 3]]),
    ],
)
def test_what_is_no_part_of_a_report_is_refused(tmp_path: Path, where: str, value: Any) -> None:
    content = as_object(REPORT)
    for block in content["blocks"]:
        parts = [block, *block.get("columns", ())]
        for part in parts:
            if where in part:
                part[where] = value
    (tmp_path / "report.json").write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(InputError, match=r"block \d+ is none that"):
        read_report(tmp_path / "report.json")
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"]


@pytest.mark.parametrize("text", ["[" * 3000, '{"title": NaN}', '{"title": ' + "9" * 6000 + "}"])
def test_json_that_is_no_json(tmp_path: Path, text: str) -> None:
    (tmp_path / "report.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="the report is no JSON"):
        read_report(tmp_path / "report.json")


def test_a_report_takes_the_place_of_a_report_alone(tmp_path: Path) -> None:
    write_report(REPORT, tmp_path)
    (tmp_path / "figures" / "mine.svg").write_text("mine")
    (tmp_path / "notes.md").write_text("mine")
    write_report(REPORT, tmp_path)
    assert (tmp_path / "figures" / "mine.svg").read_text() == "mine"
    assert (tmp_path / "notes.md").read_text() == "mine"
    for name in ("report.md", "report.html", "report.json"):
        folder = tmp_path / f"with {name}"
        folder.mkdir()
        (folder / name).write_text('{"mine": true}')
        with pytest.raises(InputError, match="it is not replaced"):
            write_report(REPORT, folder)
        assert [path.name for path in folder.iterdir()] == [name]
    (tmp_path / "figures" / "curves.svg").write_text("the report's own")
    (tmp_path / "report.json").unlink()
    with pytest.raises(InputError, match=r"report\.md|curves"):
        write_report(REPORT, tmp_path)
