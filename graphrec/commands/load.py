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
    from graphrec.store.store import LoadSummary

EXAMPLES = """Examples:

\b
  graphrec load movielens ml-1m/
  graphrec load movielens --help            its options
  graphrec load table purchases.csv --option mapping=mapping.toml
  graphrec load mypackage.myloader:load data/ --store neo4j://localhost"""


def load(
    loader: Annotated[str, typer.Argument(help="A loader of the list below, or module:function.")],
    path: Annotated[Path, typer.Argument(help="The file or folder to read.")],
    option: Annotated[
        list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="An option of the loader; may repeat.")
    ] = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Read a data set into the store. Loading the same files twice changes nothing."""
    from graphrec.loading import registry
    from graphrec.store.opening import open_store

    options = settings(option or [], "--option", verbatim=True)
    with bars() as progress:
        progress("reading the files", 0, 0)
        loaded = registry.read(loader, path, options)
    with open_store(store) as opened, bars() as progress:
        summary = opened.load(loaded.tables, loaded.info, progress)
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
        "files": [asdict(file) for file in report.files],
        "remarks": [*report.remarks, *summary.remarks],
    }


def load_lines(summary: LoadSummary, report: LoaderReport) -> list[str]:
    """Return the account of a load as lines of text."""
    name = readable(summary.dataset.name)
    lines = [f"Loaded {name}." if summary.changed else f"{name} was loaded before; nothing changed."]
    lines += [f"  {count:>12,}  {kind}" for kind, count in summary.rows.items() if count]
    for file in report.files:
        lines += file_lines(file)
    return lines + [f"  {readable(remark, 300)}" for remark in (*report.remarks, *summary.remarks)]


def file_lines(file: FileReport) -> list[str]:
    """Return the account of one file as lines of text."""
    lines = [f"  {readable(Path(file.path).name)}: {file.read:,} read, {file.kept:,} kept"]
    return lines + [f"    {readable(fault, 300)}" for fault in file.faults()]
