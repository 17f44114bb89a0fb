"""A report into a folder: ``report.md``, ``report.html``, ``report.json``, and its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.errors import InputError
from graphrec.output_places import file_place
from graphrec.own_kinds import PAGE, REPORT, FileKind
from graphrec.report.as_json import as_json
from graphrec.report.document import Drawing, Figure
from graphrec.report.from_json import figure_names
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

    ``report.json`` comes first: by it a later call knows which of the other files are the report's and may be replaced.

    Args:
        report: what to write.
        folder: made if it is not there; other files in it stay.

    Returns:
        The files: ``markdown``, ``html``, ``json``.

    Raises:
        MissingExtraError: it has plots, and matplotlib is not installed.
        InputError: a file of one of these names is there that is no part of a report.
        OSError: the system refuses it: no permission, a full disk.
    """
    drawn = {
        block.name: svg_of(block.chart, block.name) if isinstance(block, Figure) else block.svg
        for block in report.blocks
        if isinstance(block, (Figure, Drawing))
    }
    paths, part, older = require_report_place(folder), _part_of_a_report(folder), _older_figures(folder)
    figures = {name: folder / FIGURES / f"{name}.svg" for name in drawn}
    kinds = {name: part if name in older else _NO_PART for name in figures}
    for name, path in figures.items():
        file_place(path, kinds[name])
    write_whole(as_json(report), paths["json"], REPORT)
    for name, path in figures.items():
        write_whole(standing_alone(drawn[name]), path, kinds[name])
    for name in older - set(drawn):
        (folder / FIGURES / f"{name}.svg").unlink(missing_ok=True)
    write_whole(as_markdown(report), paths["markdown"], part)
    write_whole(as_html(report, drawn), paths["html"], PAGE)
    return paths


def require_report_place(folder: Path) -> Mapping[str, Path]:
    """Return the files of a report; for use before hours of work rather than after.

    Raises:
        InputError: a file of one of these names is there that is no part of a report.
    """
    paths = {"markdown": folder / "report.md", "html": folder / "report.html", "json": folder / "report.json"}
    for name, kind in (("markdown", _part_of_a_report(folder)), ("html", PAGE), ("json", REPORT)):
        file_place(paths[name], kind)
    return paths


def _part_of_a_report(folder: Path) -> FileKind:
    """Return the kind of the files beside a ``report.json``: they are the report's where that file is there already."""
    has_report = (folder / "report.json").is_file() and REPORT.is_one(folder / "report.json")
    return FileKind(_NO_PART.noun, lambda _: has_report, makes_folder=True)


def _older_figures(folder: Path) -> set[str]:
    try:
        return figure_names(folder / "report.json")
    except InputError:
        return set()


_NO_PART = FileKind("part of a report of graphrec", lambda _: False, makes_folder=True)
