"""``graphrec runs``: list the runs of a store, choose the current one, retire old ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphrec.commands.options import JsonOption, StoreOption
from graphrec.commands.printing import print_json, say, table
from graphrec.commands.progress import bars
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from graphrec.store.store import Store
    from graphrec.tables.records import RunInfo

app = typer.Typer(rich_markup_mode=None, add_completion=False)

EXAMPLES = """Examples:

\b
  graphrec runs
  graphrec runs use ease-4f6c01d2ab
  graphrec runs delete ease-4f6c01d2ab reconet-99aa01d2ab
  graphrec runs keep 3"""


@app.callback(invoke_without_command=True)
def runs(context: typer.Context, store: StoreOption = None, json: JsonOption = False) -> None:
    """List the runs of the store, newest first; or use, delete or keep some."""
    from graphrec.store.opening import open_store

    if context.invoked_subcommand is not None:
        _refuse_lost(context.invoked_subcommand, store, json=json)
        return
    with open_store(store, read_only=True) as opened:
        all_runs, data = opened.consistent(lambda: _runs_and_data(opened))
    if json:
        print_json([run_row(run, data) for run in all_runs])
    elif all_runs:
        say(*run_table(all_runs, data))
    else:
        say("The store holds no run. Write one: graphrec recommend FOLDER")


def _runs_and_data(store: Store) -> tuple[list[RunInfo], str]:
    runs = store.runs()
    return runs, store.data_fingerprint() if runs else ""


@app.command("use", epilog="Example: graphrec runs use ease-4f6c01d2ab --store ./graphrec-store")
def use(
    run: Annotated[str, typer.Argument(metavar="ID", help="The run that why-queries shall see by default.")],
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Make a run the current one; an older one too."""
    from graphrec.store.opening import open_store

    with open_store(store) as opened:
        opened.use_run(run)
    if json:
        print_json({"current": run})
    else:
        say(f"Run {run} is current.")


@app.command("delete", epilog="Example: graphrec runs delete ease-4f6c01d2ab reconet-99aa01d2ab")
def delete(
    run: Annotated[list[str], typer.Argument(metavar="ID...", help="The runs to remove.")],
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Remove runs with their recommendations and reasons."""
    from graphrec.store.opening import open_store

    with open_store(store) as opened, bars() as progress:
        for name in run:
            opened.run(name)
        opened.delete_runs(run, progress)
    _say_removed(run, json=json)


@app.command("keep", epilog="Example: graphrec runs keep 3")
def keep(
    newest: Annotated[int, typer.Argument(metavar="N", help="How many of the newest to keep.")],
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Remove all but the N newest runs; the current one always stays."""
    from graphrec.store.opening import open_store

    if newest < 0:
        raise UsageError(f"{newest} runs cannot be kept", remedy="Give 0 or more")
    with open_store(store) as opened, bars() as progress:
        removed = opened.keep_runs(newest, progress)
    _say_removed(removed, json=json)


def run_row(run: RunInfo, data: str) -> dict[str, Any]:
    """Return a run as a JSON object.

    Args:
        run: the run.
        data: fingerprint of the store's data; a run that saw other data is stale.
    """
    return {
        "run": run.id,
        "model": run.model,
        "fit": run.fit,
        "created": run.created,
        "current": run.current,
        "stale": run.data != data,
        "scope": run.scope,
        "history": run.history,
        "split": run.split,
        "positive_if": run.positive_if,
        "protected": list(run.protected),
        "weight_unit": run.weight_unit,
        "additive": run.additive or None,
        "metrics": dict(run.metrics),
        "notes": run.notes,
    }


def run_table(runs: list[RunInfo], data: str) -> list[str]:
    """Return runs as a table for people."""
    rows = [
        (
            "→" if run.current else "",
            run.id,
            run.created[:16].replace("T", " "),
            run.scope,
            run.history,
            "stale" if run.data != data else "fresh",
            ", ".join(run.protected) or "–",
        )
        for run in runs
    ]
    return table(("", "run", "created (UTC)", "scope", "history", "data", "protected"), rows)


def _refuse_lost(command: str, store: str | None, *, json: bool) -> None:
    """Refuse options in front of the second word, where they would be lost."""
    if json or store is not None:
        raise UsageError(f"options stand after {command!r}", remedy=f"Write: graphrec runs {command} … --store URI")


def _say_removed(removed: list[str], *, json: bool) -> None:
    if json:
        print_json({"removed": removed})
    else:
        say(f"Removed {len(removed)}: {', '.join(removed)}." if removed else "There was nothing to remove.")
