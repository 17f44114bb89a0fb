"""``graphrec remove``: remove a data set from the store, with its runs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from graphrec.commands.options import JsonOption, StoreOption
from graphrec.commands.printing import print_json, say
from graphrec.commands.progress import bars
from graphrec.wording import counted, readable

EXAMPLES = """Examples:

\b
  graphrec remove o:shop
  graphrec remove shop --overlays

Nodes, edges, kept tables, runs and reasons of the data set go; others in the
store stay. Interrupted, the same command again completes it."""


def remove(
    dataset: Annotated[str, typer.Argument(metavar="DATASET", help="Its id, as graphrec status --json shows it.")],
    overlays: Annotated[
        bool, typer.Option("--overlays", help="Its overlays go with it; their rows are among its own.")
    ] = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Remove a data set with its overlays, runs and reasons."""
    from graphrec.store.opening import open_store

    with open_store(store) as opened, bars() as progress:
        removed = opened.remove_dataset(dataset, overlays=overlays, progress=progress)
    if json:
        print_json(asdict(removed))
        return
    say(f"Removed {readable(removed.dataset)}.", *(f"  {rows:>12,}  {part}" for part, rows in removed.rows.items()))
    say(*(f"  overlay {readable(name)}" for name in removed.overlays))
    say(f"  {counted(len(removed.runs), 'run')}: {', '.join(removed.runs)}" if removed.runs else "  no runs")
    say("Models that were trained on it, files and exports stay where they are.")
