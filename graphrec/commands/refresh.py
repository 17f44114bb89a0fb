"""``graphrec refresh``: the nightly job, from new interactions to a current run, in one command."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from graphrec.commands.auditing import refuse_untrue
from graphrec.commands.load import load_lines, load_result
from graphrec.commands.options import (
    DatasetOption,
    ExcludeOption,
    ItemsOption,
    JsonOption,
    KindOption,
    StoreOption,
    named_class,
    settings,
)
from graphrec.commands.printing import print_json, say
from graphrec.commands.progress import bars
from graphrec.errors import UsageError
from graphrec.wording import counted, enumerated, readable

if TYPE_CHECKING:
    from graphrec.loading.contract import Loaded
    from graphrec.refreshing.list_changes import ChangedList, ListChanges
    from graphrec.refreshing.refreshing import Refreshed
    from graphrec.refreshing.rules import Wish
    from graphrec.store.accounts import LoadSummary

EXAMPLES = """Examples:

\b
  graphrec refresh fits/ease
  graphrec refresh fits/ease --load table today.csv --option mapping=mapping.toml
  graphrec refresh fits/reconet --exclude sold-out.txt --keep-runs 7
  graphrec refresh fits/ease --fit again

The current run says what is asked, so that the first one is written by
graphrec recommend. Killed anywhere, the same command completes it."""

SHOWN = 5
"""Items of a changed list that are named."""


def refresh(
    folder: Annotated[Path, typer.Argument(help="The model, as train wrote it; a new fit takes its place.")],
    load: Annotated[
        tuple[str, str] | None,
        typer.Option("--load", metavar="LOADER PATH", help="Take these files in first, as graphrec load does."),
    ] = None,
    option: Annotated[
        list[str] | None, typer.Option("--option", metavar="NAME=VALUE", help="An option of the loader; may repeat.")
    ] = None,
    fit: Annotated[
        str,
        typer.Option(
            "--fit",
            metavar="HOW",
            help="auto: keep the fit or fit again, by rules that docs/every-day.md states; keep; again.",
        ),
    ] = "auto",
    items: ItemsOption = None,
    exclude: ExcludeOption = None,
    keep_runs: Annotated[
        int, typer.Option("--keep-runs", metavar="N", help="How many of the newest runs that ask the same stay.")
    ] = 2,
    kind: KindOption = "",
    dataset: DatasetOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Bring the current run up to the data: recommend again to those whose data changed, and keep the rest."""
    import graphrec as gr
    from graphrec.loading.id_list import read_ids
    from graphrec.store.opening import open_store

    # the warnings of a new fit are part of what this command prints
    logging.getLogger("graphrec.models.recommender").addHandler(logging.NullHandler())
    if option and load is None:
        raise UsageError("--option is of a loader, and none is named", remedy="Name one: --load LOADER PATH")
    files = None if load is None else _read(load, option or [])
    with open_store(store, dataset=dataset) as opened, bars() as progress:
        loaded = None if files is None else opened.load(files.tables, files.info, progress)
        done = gr.refresh(
            opened,
            folder,
            fit=cast("Wish", fit),
            keep_runs=keep_runs,
            items=None if items is None else read_ids(items),
            exclude=None if exclude is None else read_ids(exclude),
            kind=named_class(kind),
            progress=progress,
        )
    if json:
        print_json({"load": _load_result(loaded, files), **refreshed_result(done)})
    else:
        say(*([] if loaded is None or files is None else load_lines(loaded, files.report)), *refreshed_lines(done))
    refuse_untrue(done.written.report)


def _read(load: tuple[str, str], option: list[str]) -> Loaded:
    from graphrec.loading import registry

    with bars() as progress:
        progress("reading the files", 0, 0)
        return registry.read(load[0], load[1], settings(option, "--option", verbatim=True))


def _load_result(summary: LoadSummary | None, files: Loaded | None) -> dict[str, Any] | None:
    return None if summary is None or files is None else load_result(summary, files.report)


def refreshed_result(done: Refreshed) -> dict[str, Any]:
    """Return what a refresh did as a JSON object."""
    from graphrec.commands.recommend import run_result

    return {
        "decision": done.decision.to_dict(),
        "earlier": done.earlier.id,
        "kept": done.kept,
        "renewed": done.renewed,
        "changes": None if done.changes is None else done.changes.to_dict(),
        "retired": list(done.retired),
        "warnings": list(done.warnings),
        **run_result(done.written),
    }


def refreshed_lines(done: Refreshed) -> list[str]:
    """Return what a refresh did, for people."""
    from graphrec.commands.recommend import run_lines

    fit = f"Fitted again as {done.written.run.fit}" if done.decision.again else f"Kept the fit {done.written.run.fit}"
    lines = [f"{fit}: {done.decision.why}.", *(f"Warning: {warning}" for warning in done.warnings)]
    if done.changes is None:
        lines.append(f"Run {done.earlier.id} is of this data and fit already: nothing to recommend.")
    else:
        whose = f"{counted(done.renewed, 'list')} computed, {done.kept:,} taken over"
        lines += [*run_lines(done.written), f"  {whose} from run {done.earlier.id}.", *_change_lines(done.changes)]
    if done.retired:
        lines.append(f"Removed {counted(len(done.retired), 'older run')}: {enumerated(done.retired)}.")
    return lines


def _change_lines(changes: ListChanges) -> list[str]:
    items = f"{changes.came:,} items came, {changes.went:,} went"
    others = f"{changes.reordered:,} have another order, {changes.new:,} are new, {changes.gone:,} are gone"
    lines = [f"Of {counted(changes.lists, 'list')}, {changes.changed:,} changed ({items}); {others}."]
    return lines + [line for example in changes.examples for line in _example_lines(example)]


def _example_lines(example: ChangedList) -> list[str]:
    parts = [(sign, names) for sign, names in (("+", example.came), ("-", example.went)) if names]
    told = (f"    {sign} {_listed(names)}" for sign, names in parts)
    return [f"  {readable(example.name)} ({readable(example.user)})", *told]


def _listed(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(readable(name) for name in names[:SHOWN]) + more
