"""``graphrec load``: read raw files through a loader into the store."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphrec.commands.options import JsonOption, StoreOption, settings
from graphrec.commands.printing import print_json, say
from graphrec.commands.progress import bars
from graphrec.wording import readable

if TYPE_CHECKING:
    from graphrec.loading.contract import FileReport, LoaderReport
    from graphrec.store.accounts import LoadSummary
    from graphrec.store.replacing import Replaced

EXAMPLES = """Examples:

\b
  graphrec load movielens ml-1m/
  graphrec load movielens --help            its options
  graphrec load table purchases.csv --option mapping=mapping.toml
  graphrec load table shop/ --replace
  graphrec load neo4j neo4j://localhost --option mapping=mapping.toml
  graphrec load mypackage.myloader:load data/ --store neo4j://localhost"""


def load(
    loader: Annotated[str, typer.Argument(help="A loader of the list below, or module:function.")],
    path: Annotated[str, typer.Argument(help="The file or folder to read, or the address of a Neo4j.")],
    option: Annotated[
        list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="An option of the loader; may repeat.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Make the data set equal to the files: what they lack goes.")
    ] = False,
    replace_most: Annotated[
        bool,
        typer.Option("--replace-most", help="With --replace: even more than half of a label, type or column may go."),
    ] = False,
    overlays: Annotated[
        bool, typer.Option("--overlays", help="With --replace: the overlays of the data set go too.")
    ] = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Read a data set into the store. Loading the same files twice changes nothing."""
    from graphrec.loading import registry
    from graphrec.store.opening import open_store
    from graphrec.store.replace_options import refuse_without_replace

    refuse_without_replace(replace, replace_most=replace_most, overlays=overlays)
    options = settings(option or [], "--option", verbatim=True)
    with bars() as progress:
        progress("reading the files", 0, 0)
        loaded = registry.read(loader, path, options)
    with open_store(store) as opened, bars() as progress:
        summary = opened.take_in(loaded, progress, replace=replace, replace_most=replace_most, overlays=overlays)
    result = load_result(summary, loaded.report)
    if json:
        print_json(result)
    else:
        say(*load_lines(summary, loaded.report))


def load_result(summary: LoadSummary, report: LoaderReport) -> dict[str, Any]:
    """Return the account of a load as a JSON object."""
    return {
        "dataset": {"id": summary.dataset.id, "name": summary.dataset.name, "base": summary.dataset.base},
        "fingerprint": summary.dataset.fingerprint,
        "changed": summary.changed,
        "rows": dict(summary.rows),
        "added": dict(summary.added),
        "replaced": asdict(summary.replaced) if summary.replaced else None,
        "files": [asdict(file) for file in report.files],
        "remarks": [*report.remarks, *summary.remarks],
    }


def load_lines(summary: LoadSummary, report: LoaderReport) -> list[str]:
    """Return the account of a load as lines of text."""
    name = readable(summary.dataset.name)
    lines = [f"Loaded {name}." if summary.changed else f"{name} was loaded before; nothing changed."]
    lines += [
        f"  {count:>12,}  {kind}" + (f", {summary.added.get(kind, 0):,} of them new" if summary.changed else "")
        for kind, count in summary.rows.items()
        if count
    ]
    lines += replaced_lines(summary.replaced) if summary.replaced else []
    for file in report.files:
        lines += file_lines(file)
    return lines + [f"  {readable(remark, 300)}" for remark in (*report.remarks, *summary.remarks)]


def replaced_lines(replaced: Replaced) -> list[str]:
    """Return the account of a replacement as lines of text."""
    lines = [
        f"  {count:>12,}  {part} removed, such as {', '.join(map(readable, replaced.examples[part]))}"
        for part, count in replaced.removed.items()
    ]
    lines += [
        f"  {values.gone:>12,}  {part} lost the {readable(column)}, of {values.of:,} that had one"
        for part, columns in replaced.emptied.items()
        for column, values in columns.items()
    ]
    lines += [
        f"  {count:>12,}  {label} that the files lack stay, without edges: stored runs name them"
        for label, count in replaced.held.items()
    ]
    lines += [f"  overlay {readable(name)} removed" for name in replaced.overlays]
    lines += [f"  property {readable(name)} removed" for name in replaced.properties]
    return lines or ["  Nothing was removed, and no value became empty."]


def file_lines(file: FileReport) -> list[str]:
    """Return the account of one file as lines of text."""
    lines = [f"  {readable(Path(file.path).name)}: {file.read:,} read, {file.kept:,} kept"]
    return lines + [f"    {readable(fault, 300)}" for fault in file.faults()]
