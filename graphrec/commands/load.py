"""``graphrec load``: read raw files through a loader into the store."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphrec.commands.options import JsonOption, StoreOption, settings
from graphrec.commands.output_files import named_output
from graphrec.commands.printing import print_json, say
from graphrec.commands.progress import bars
from graphrec.errors import UsageError
from graphrec.wording import readable

if TYPE_CHECKING:
    from graphrec.loading.contract import FileReport, Loaded, LoaderReport
    from graphrec.store.accounts import LoadSummary
    from graphrec.store.neo4j.offline import OfflineLoad
    from graphrec.store.replacing import Replaced

EXAMPLES = """Examples:

\b
  graphrec load movielens ml-1m/
  graphrec load movielens --help            its options
  graphrec load table purchases.csv --option mapping=mapping.toml
  graphrec load table shop/ --replace
  graphrec load neo4j neo4j://localhost --option mapping=mapping.toml
  graphrec load mypackage.myloader:load data/ --store neo4j://localhost
  graphrec load movielens ml-32m/ --store neo4j://localhost --offline csv/"""


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
    offline: Annotated[
        Path | None,
        typer.Option(
            "--offline",
            metavar="FOLDER",
            parser=named_output,
            help="Into an empty Neo4j by its importer; FOLDER is for its CSV files.",
        ),
    ] = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Read a data set into the store. Loading the same files twice changes nothing."""
    from graphrec.loading import registry
    from graphrec.store.opening import open_store, store_name
    from graphrec.store.replace_options import refuse_without_replace

    refuse_without_replace(replace, replace_most=replace_most, overlays=overlays)
    if offline is not None:
        refuse_not_offline(store, replace=replace)
    options = settings(option or [], "--option", verbatim=True)
    with bars() as progress:
        progress("reading the files", 0, 0)
        loaded = registry.read(loader, path, options)
    if offline is not None:
        finish_offline(store_name(store), loaded, offline, json=json)
        return
    with open_store(store) as opened, bars() as progress:
        summary = opened.take_in(loaded, progress, replace=replace, replace_most=replace_most, overlays=overlays)
    result = load_result(summary, loaded.report)
    if json:
        print_json(result)
    else:
        say(*load_lines(summary, loaded.report))


def refuse_not_offline(store: str | None, *, replace: bool) -> None:
    """Check that an offline load goes into a Neo4j and replaces nothing; raise UsageError otherwise."""
    from graphrec.store.opening import folder_of

    if folder_of(store):
        raise UsageError(
            "--offline is a way into a Neo4j, and the store is a folder",
            remedy="Leave it out, or name a server: --store neo4j://localhost",
        )
    if replace:
        raise UsageError(
            "--offline fills an empty database, where there is nothing to --replace", remedy="Leave one out"
        )


def finish_offline(uri: str, loaded: Loaded, folder: Path, *, json: bool) -> None:
    """Load what was read through Neo4j's importer, and print the account."""
    from graphrec.store.neo4j.offline import load_offline

    with bars() as progress:
        load = load_offline(uri, loaded, folder, progress)
    if json:
        told = {"folder": str(load.folder), "command": load.command, "done": load.done}
        print_json({**load_result(load.summary, loaded.report), "offline": told})
    else:
        say(*offline_lines(load), *load_lines(load.summary, loaded.report)[1:])


def offline_lines(load: OfflineLoad) -> list[str]:
    """Return what an offline load did, or what is left to do, as lines of text."""
    from graphrec.store.importer_files import SCHEMA_FILE, SCRIPT

    name, folder = readable(load.summary.dataset.name), readable(str(load.folder))
    if load.done:
        return [f"Loaded {name} by Neo4j's importer; the files that it read stay in {folder}."]
    script = shlex.join(["sh", f"{load.folder}/{SCRIPT}", *([load.database] if load.database else [])])
    return [
        f"{name} is written to {folder}, and not loaded: graphrec did not start this server, and does not stop it.",
        f"Where it runs, stop it, and run in its environment: {script}",
        "It fills an empty database, and refuses another. Then start the server: the next load or run makes the",
        f"constraints, or at once: cypher-shell --file {shlex.quote(f'{load.folder}/{SCHEMA_FILE}')}",
    ]


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
