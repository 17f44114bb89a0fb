"""``graphrec reproduce``: a paper's tables and figures on its own data, as a report."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphrec.commands.failing import traceback_wanted
from graphrec.commands.options import JsonOption, listed
from graphrec.commands.output_files import named_output
from graphrec.commands.printing import print_json, remark, say
from graphrec.commands.progress import bars
from graphrec.errors import UsageError
from graphrec.wording import readable

if TYPE_CHECKING:
    from rich.console import Console

    from graphrec.report import Finding, Table
    from graphrec.reproduce.engine import Step
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.recipe_code import Named
    from graphrec.reproduce.reproducing import Reproduction

EXAMPLES = """Examples:

\b
  graphrec reproduce reconet --quick --data ~/data
  graphrec reproduce reconet --data ~/data --workers 8 --out reports/reconet
  graphrec reproduce reconet --sections table-1,removal_curves
  graphrec reproduce resolving --data ~/data
  graphrec reproduce my-paper.toml
  graphrec reproduce graphrec-report/reconet/report.json

Interrupted, even killed, the same command goes on where it was.
Needs the extra reports: pip install 'graphrec[reports]'"""


def reproduce(
    paper: Annotated[
        str,
        typer.Argument(
            help="A recipe that comes with graphrec, such as reconet, or a .toml file. Or a report.json: the other "
            "forms of that report are written anew."
        ),
    ],
    quick: Annotated[bool, typer.Option("--quick", help="The same report on a small sample, in minutes.")] = False,
    data: Annotated[
        Path | None,
        typer.Option(
            "--data", metavar="FOLDER", help="The original data, or the folder around it. Also: GRAPHREC_DATA."
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FOLDER",
            parser=named_output,
            help="For report, cache and store; ./graphrec-report/PAPER if left out.",
        ),
    ] = None,
    sections: Annotated[str, typer.Option("--sections", metavar="A,B", help="Only these sections of the report.")] = "",
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes side by side, one thread each.")] = 1,
    allow_code: Annotated[
        bool,
        typer.Option("--allow-code", help="The recipe may name code of installed packages; it is said which."),
    ] = False,
    json: JsonOption = False,
) -> None:
    """Reproduce a paper: fit every row, measure every figure, write a report."""
    from graphrec.reproduce.reproducing import RunOptions, reproduce

    if paper.endswith(".json"):
        if quick or data or sections or allow_code or workers != 1:
            raise UsageError(
                "a report.json is only written anew: there is nothing to run",
                remedy="Leave out --quick, --data, --sections, --workers and --allow-code, or name a recipe",
            )
        _rewrite(Path(paper), out, json=json)
        return
    recipe = _read(paper, quick=quick, allow_code=allow_code)
    followers = [] if sections else [_read(name, quick=quick, allow_code=False) for name in recipe.then]
    folder = out or Path("graphrec-report") / (recipe.name + ("-quick" if quick else ""))
    results = []
    for current_recipe in (recipe, *followers):
        place = folder if current_recipe is recipe else folder / current_recipe.name
        options = RunOptions(place, data, listed(sections), workers, shlex.join(["graphrec", *sys.argv[1:]]))
        with bars() as progress:
            reproduction = reproduce(current_recipe, options, progress, _tell)
        results.append(_result(reproduction))
        if not json:
            _show(reproduction)
    if json:
        print_json({**results[0], "then": results[1:]} if followers else results[0])


def _rewrite(path: Path, out: Path | None, *, json: bool) -> None:
    """Write all forms of a report from its JSON, beside it or into another folder."""
    from graphrec.report import read_report, write_report
    from graphrec.report.plotting import need_matplotlib

    report = read_report(path)
    need_matplotlib()
    files = write_report(report, out or path.parent)
    if json:
        print_json({"files": {name: str(file) for name, file in files.items()}})
    else:
        say(*(f"{name:9} {file}" for name, file in files.items()))


def _read(name: str, *, quick: bool, allow_code: bool) -> Recipe:
    """Return a recipe, or the quick look at it."""
    from graphrec.reproduce.recipe_files import read_recipe

    recipe = read_recipe(name, _tell_code if allow_code else None)
    try:
        return recipe.quickened() if quick else recipe
    except ValueError as error:
        raise UsageError(f"{name}: {error}", remedy="Leave out --quick") from error


def _tell_code(named: Named) -> None:
    """Say which code a recipe names, before it is imported."""
    remark(f"The recipe imports {readable(named.name, 200)}, as {named.noun} of {named.place}.")


def _tell(step: Step) -> None:
    """Print each finished job and the remaining ones, a line each on standard error."""
    from graphrec.reproduce.durations import duration_text

    outcome = step.outcome
    how = f"failed: {outcome.failure}" if outcome.failure else duration_text(outcome.seconds)
    if outcome.details and traceback_wanted(sys.argv):
        remark(outcome.details)
    left = f"; about {duration_text(step.left)} to go" if step.left and step.done < step.total else ""
    remark(f"[{step.done}/{step.total}] {outcome.job.label}: {how}{left}")


def _result(reproduction: Reproduction) -> dict[str, Any]:
    from graphrec.report.as_json import as_object

    return {
        "files": {name: str(path) for name, path in reproduction.files.items()},
        "jobs_done": reproduction.done,
        "report": as_object(reproduction.report),
    }


def _show(reproduction: Reproduction) -> None:
    """Print the first table and every finding, as wide as the terminal."""
    from graphrec.report.document import Table

    table = next((block for block in reproduction.report.blocks if isinstance(block, Table)), None)
    if table is not None:
        _show_table(reproduction.report.title, table)
    _show_findings(reproduction.report.findings)
    say("", *(f"{name:9} {path}" for name, path in reproduction.files.items()))


def _console() -> Console:
    """Return a console of the terminal's width; a file gets the width of a table."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else 120, highlight=False)


def _show_table(title: str, table: Table) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table as Shown
    from rich.text import Text

    from graphrec.report.cells import heading, is_number, text

    shown = Shown(title=Text(title), caption=Text(table.caption), box=SIMPLE_HEAD)
    for place, column in enumerate(table.columns):
        numeric = all(is_number(row[place]) for row in table.rows)
        shown.add_column(Text(heading(column)), justify="right" if numeric else "left", no_wrap=True)
    for place, row in enumerate(table.rows):
        words = [Text(readable(text(cell, c))) for cell, c in zip(row, table.columns, strict=True)]
        shown.add_row(*words, style="bold" if place in table.strong else "")
    _console().print(shown)


def _show_findings(findings: tuple[Finding, ...]) -> None:
    from rich.text import Text

    from graphrec.report.sentences import mark

    colours = {True: "green", False: "red", None: "dim"}
    console = _console()
    for finding in findings:
        console.print(Text.assemble((mark(finding.met), colours[finding.met]), " ", finding.text))
