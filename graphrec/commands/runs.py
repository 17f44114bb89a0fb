"""``graphrec runs``: list the runs of a store, choose the current one, retire old ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from graphrec.commands.options import DatasetOption, JsonOption, StoreOption
from graphrec.commands.printing import print_json, say, table
from graphrec.commands.progress import bars
from graphrec.errors import UsageError
from graphrec.tables.families import bases

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
def runs(
    context: typer.Context, dataset: DatasetOption = "", store: StoreOption = None, json: JsonOption = False
) -> None:
    """List the runs of the store, newest first; or use, delete or keep some."""
    from graphrec.store.opening import open_store

    if context.invoked_subcommand is not None:
        _refuse_lost(context.invoked_subcommand, dataset or store, json=json)
        return
    with open_store(store, read_only=True, dataset=dataset) as opened:
        rows = opened.consistent(lambda: run_rows(opened, opened.runs_of(dataset) if dataset else opened.runs()))
    if json:
        print_json(rows)
    elif rows:
        say(*run_table(rows))
    else:
        say("The store holds no run. Write one: graphrec recommend FOLDER")


@app.command("use", epilog="Example: graphrec runs use ease-4f6c01d2ab --store ./graphrec-store")
def use(
    run: Annotated[str, typer.Argument(metavar="ID", help="The run that why-queries shall see by default.")],
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Make a run the current one of its data set; an older one too."""
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
    newest: Annotated[int, typer.Argument(metavar="N", help="How many of the newest of each data set to keep.")],
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Remove all but the N newest runs of each data set, or of one; the current ones always stay."""
    from graphrec.store.opening import open_store

    if newest < 0:
        raise UsageError(f"{newest} runs cannot be kept", remedy="Give 0 or more")
    with open_store(store, dataset=dataset) as opened, bars() as progress:
        removed = opened.keep_runs(newest, progress)
    _say_removed(removed, json=json)


def run_rows(store: Store, runs: Sequence[RunInfo]) -> list[dict[str, Any]]:
    """Return runs of a store as JSON objects."""
    data = {info.id: store.data_fingerprint(info.id) for info in bases(store.datasets())}
    return [_run_row(run, store.dataset_of_run(run), data) for run in runs]


def _run_row(run: RunInfo, dataset: str, data: Mapping[str, str]) -> dict[str, Any]:
    """Return a run as a JSON object.

    Args:
        run: the run.
        dataset: id of its data set.
        data: fingerprints of data sets by id; a run that saw other data than its data set holds is stale.
    """
    return {
        "run": run.id,
        "dataset": dataset,
        "model": run.model,
        "fit": run.fit,
        "created": run.created,
        "current": run.current,
        "stale": run.data != data.get(dataset),
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


def run_table(runs: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return runs, as ``run_rows`` gives them, as a table; of several data sets, it says of which each is."""
    several = len({run["dataset"] for run in runs}) > 1
    rows = [
        (
            "→" if run["current"] else "",
            run["run"],
            *((run["dataset"],) if several else ()),
            run["created"][:16].replace("T", " "),
            run["scope"],
            run["history"],
            "stale" if run["stale"] else "fresh",
            ", ".join(run["protected"]) or "–",
        )
        for run in runs
    ]
    of = ("data set",) if several else ()
    return table(("", "run", *of, "created (UTC)", "scope", "history", "data", "protected"), rows)


def _refuse_lost(command: str, store: str | None, *, json: bool) -> None:
    """Refuse options in front of the second word, where they would be lost."""
    if json or store is not None:
        raise UsageError(f"options stand after {command!r}", remedy=f"Write: graphrec runs {command} … --store URI")


def _say_removed(removed: list[str], *, json: bool) -> None:
    if json:
        print_json({"removed": removed})
    else:
        say(f"Removed {len(removed)}: {', '.join(removed)}." if removed else "There was nothing to remove.")
