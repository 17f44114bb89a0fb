"""A report as one HTML page that needs nothing else: no script, no network, no file beside it."""

from __future__ import annotations

import html
import re
from importlib.resources import files
from string import Template
from typing import TYPE_CHECKING

from graphrec.report.cells import heading, is_number, text
from graphrec.report.document import Drawing, Figure, Finding, Heading, Table, Text
from graphrec.report.sentences import mark, meaning

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.report.document import Block, Report

_INK = re.compile(r"#1d2430", re.IGNORECASE)


def as_html(report: Report, drawn: Mapping[str, str]) -> str:
    """Return the whole page.

    Args:
        report: what to show.
        drawn: the SVG of every figure by its name.
    """
    template = Template(files("graphrec.report").joinpath("page.html").read_text(encoding="utf-8"))
    headings = [block for block in report.blocks if isinstance(block, Heading) and block.level == 2]
    return template.substitute(
        title=escaped(report.title),
        lead=_inline(report.lead),
        findings=_findings(report.findings),
        contents="".join(f'<li><a href="#{_anchor(one)}">{escaped(one.text)}</a></li>' for one in headings),
        body="\n".join(_block(block, drawn) for block in report.blocks),
        facts="".join(f"<dt>{escaped(name)}</dt><dd>{_inline(value)}</dd>" for name, value in report.facts.items()),
    )


def escaped(words: str) -> str:
    """Return words without meaning for HTML."""
    return html.escape(words, quote=True)


def _inline(words: str) -> str:
    pieces = escaped(words).split("`")
    if len(pieces) % 2 == 0:
        return escaped(words)
    return "".join(f"<code>{piece}</code>" if place % 2 else piece for place, piece in enumerate(pieces))


def _findings(findings: tuple[Finding, ...]) -> str:
    if not findings:
        return ""
    return f"<section class='short'><h2>In short</h2><ul>{''.join(map(_finding, findings))}</ul></section>"


def _finding(finding: Finding) -> str:
    state = meaning(finding.met)
    return (
        f"<li class='{state.replace(' ', '-')}'><b title='{state}'>{mark(finding.met)}</b> {_inline(finding.text)}</li>"
    )


def _block(block: Block, drawn: Mapping[str, str]) -> str:
    if isinstance(block, Heading):
        return f'<h{block.level} id="{_anchor(block)}">{escaped(block.text)}</h{block.level}>'
    if isinstance(block, Text):
        return f"<p>{_inline(block.text)}</p>"
    if isinstance(block, Finding):
        return f"<ul class='found'>{_finding(block)}</ul>"
    if isinstance(block, Table):
        return _table(block)
    return _figure(block, drawn[block.name])


def _anchor(block: Heading) -> str:
    return re.sub(r"[^a-z0-9]+", "-", block.text.lower()).strip("-") or "part"


def _figure(block: Figure | Drawing, svg: str) -> str:
    # What is ink follows the page: dark on light, light on dark.
    inked = _INK.sub("currentColor", svg)
    named = re.sub(r"<svg ", f'<svg role="img" aria-label="{escaped(block.caption)}" ', inked, count=1)
    if isinstance(block, Drawing):
        named = svg
    css = "chart" if isinstance(block, Figure) else "drawn"
    return f"<figure class='{css}'>{named}<figcaption>{_inline(block.caption)}</figcaption></figure>"


def _table(table: Table) -> str:
    numeric = [all(is_number(row[place]) for row in table.rows) for place in range(len(table.columns))]
    classes = [" class='number'" if right else "" for right in numeric]
    head = "".join(f"<th{css}>{escaped(heading(c))}</th>" for c, css in zip(table.columns, classes, strict=True))
    body = "".join(
        f"<tr{' class=strong' if place in table.strong else ''}>"
        + "".join(
            f"<td{css}>{_inline(text(cell, column))}</td>"
            for cell, column, css in zip(row, table.columns, classes, strict=True)
        )
        + "</tr>"
        for place, row in enumerate(table.rows)
    )
    caption = f"<caption>{_inline(table.caption)}</caption>" if table.caption else ""
    return f"<div class='wide'><table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
