"""A report into a folder: ``report.md``, ``report.html``, ``report.json``, and its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.report.as_json import as_json
from graphrec.report.document import Drawing, Figure
from graphrec.report.html import as_html
from graphrec.report.markdown import FIGURES, as_markdown
from graphrec.report.plotting import svg_of
from graphrec.report.standing_alone import standing_alone
from graphrec.whole_file import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from graphrec.report.document import Report


def write_report(report: Report, folder: Path) -> Mapping[str, Path]:
    """Write a report in its three forms; each file appears whole or not at all. Figures of an older report go.

    Args:
        report: what to write.
        folder: made if it is not there.

    Returns:
        The files: ``markdown``, ``html``, ``json``.

    Raises:
        MissingExtraError: it has plots, and matplotlib is not installed.
    """
    drawn = {
        block.name: svg_of(block.chart, block.name) if isinstance(block, Figure) else block.svg
        for block in report.blocks
        if isinstance(block, (Figure, Drawing))
    }
    figures = folder / FIGURES
    figures.mkdir(parents=True, exist_ok=True)
    for block in report.blocks:
        if isinstance(block, (Figure, Drawing)):
            write_whole(standing_alone(drawn[block.name]), figures / f"{block.name}.svg")
    for old in figures.glob("*.svg"):
        if old.stem not in drawn:
            old.unlink()
    paths = {"markdown": folder / "report.md", "html": folder / "report.html", "json": folder / "report.json"}
    write_whole(as_markdown(report), paths["markdown"])
    write_whole(as_html(report, drawn), paths["html"])
    write_whole(as_json(report), paths["json"])
    return paths
