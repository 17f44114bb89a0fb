"""``graphrec copy``, ``export``, ``check`` and ``rebuild``: maintenance of a store."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrec.commands.options import JsonOption, StoreOption
from graphrec.commands.output_files import named_output
from graphrec.commands.printing import print_json, remark, say
from graphrec.commands.progress import bars
from graphrec.errors import StoreDamagedError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

COPY_EXAMPLES = """Example: graphrec copy ./graphrec-store neo4j://localhost

Data and runs go over, the current run stays current. Interrupted, the same
command again completes it."""
EXPORT_EXAMPLES = """Example: graphrec export csv/

The folder then holds the files, the command that imports them (import.sh), and
the constraints and indexes to make afterwards (schema.cypher). It appears whole
or not at all; the same command again replaces an earlier export."""
CHECK_EXAMPLES = """Example: graphrec check --store ./graphrec-store

Leaves with exit code 6 if something is wrong."""
REBUILD_EXAMPLES = "Example: graphrec rebuild --store ./graphrec-store"


def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The store to read.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The store to write.")],
    dataset: Annotated[
        str, typer.Option("--dataset", metavar="ID", help="Only this data set, its overlays and runs; all if left out.")
    ] = "",
    json: JsonOption = False,
) -> None:
    """Copy data and runs from any store to any other."""
    from graphrec.store.copying import copy_store
    from graphrec.store.opening import open_store

    if not source or not target:
        raise UsageError("a store to copy has no name", remedy="Write: graphrec copy FROM TO")
    with open_store(source, read_only=True) as old, open_store(target) as new, bars() as progress:
        copied = copy_store(old, new, progress, dataset=dataset)
    if copied.held_more:
        remark(f"graphrec: {target} held more than {source}, and still does; runs that were copied are stale there")
    if json:
        print_json(
            {
                "rows": dict(copied.rows),
                "runs": list(copied.runs),
                "fingerprint": copied.fingerprint,
                "datasets": list(copied.datasets),
            }
        )
        return
    say(f"Copied {source} to {target}.", *_counts(copied.rows))
    say(f"  {len(copied.runs):>12,}  runs")


def export(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            parser=named_output,
            help="A new or empty folder, or an earlier export, which is replaced.",
        ),
    ],
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Write data and runs as CSV files that neo4j-admin database import takes."""
    from graphrec.store.export import export_store
    from graphrec.store.opening import open_store

    with open_store(store, read_only=True) as opened, bars() as progress:
        written = export_store(opened, folder, progress)
    if json:
        print_json({"folder": str(written.folder), "rows": dict(written.rows), "command": written.command})
    else:
        say(f"Exported to {written.folder}.", *_counts(written.rows), "Import with:", f"  {written.command}")


def check(store: StoreOption = None, json: JsonOption = False) -> None:
    """Compare what the store holds with what was written to it."""
    from graphrec.store.opening import open_store

    with open_store(store, read_only=True) as opened, bars() as progress:
        report = opened.check(progress)
    if json:
        print_json({**asdict(report), "sound": report.sound})
    else:
        say("Sound." if report.sound else f"{len(report.findings)} things are wrong:", *_counts(report.examined))
        for finding in report.findings:
            say(f"  {finding.what} ({finding.where}). {finding.remedy}")
    if not report.sound:
        raise StoreDamagedError(f"the store is damaged: {report.findings[0].what}", where=report.findings[0].where)


def rebuild(store: StoreOption = None, json: JsonOption = False) -> None:
    """Make an embedded database anew from its kept tables: data and runs."""
    from graphrec.store.embedded.embedded_store import EmbeddedStore
    from graphrec.store.embedded.restoring import restore_manifest
    from graphrec.store.opening import folder_of, open_store

    folder = folder_of(store)
    if folder and restore_manifest(folder):
        remark(f"graphrec: the manifest of {folder} was damaged or missing, and is restored from its copy")
    with open_store(store) as opened, bars() as progress:
        if not isinstance(opened, EmbeddedStore):
            raise UsageError(
                "only an embedded store keeps tables to rebuild from", where=opened.uri, remedy="Load the data again"
            )
        opened.rebuild(progress)
        runs = len(opened.runs())
    if json:
        print_json({"store": opened.uri, "runs": runs})
    else:
        say(f"Rebuilt {opened.uri} with {runs} runs.")


def _counts(rows: Mapping[str, int]) -> list[str]:
    return [f"  {count:>12,}  {kind}" for kind, count in rows.items() if count]
