"""``graphrec why-not``: what stands between a person and an item that was not recommended; nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graphrec.commands.live import live_predictor
from graphrec.commands.options import JsonOption, KindOption, SplitOption, StoreOption
from graphrec.commands.printing import print_json, say

EXAMPLES = """Examples:

\b
  graphrec why-not 15 1198                 the reasons against it, and what would bring it into the list of ten
  graphrec why-not 15 1198 --k 50          into a list of fifty
  graphrec why-not 15 1198 --largest 2     by a change of two items at most

It is computed by the model, and nothing is written to the store."""


def why_not(
    user: Annotated[str, typer.Argument(help="The user's id.")],
    item: Annotated[str, typer.Argument(help="The item's id.")],
    k: Annotated[int, typer.Option("--k", help="Length of the list.")] = 10,
    largest: Annotated[
        int, typer.Option("--largest", help="Items of a change that would bring the item in, at most.")
    ] = 5,
    model: Annotated[Path, typer.Option("--model", metavar="FOLDER", help="The model, as train wrote it.")] = Path(
        "./graphrec-fit"
    ),
    kind: KindOption = "",
    split: SplitOption = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Say what stands between a user and an item: the reasons against it, and what would bring it into the list."""
    answer = live_predictor(model, kind, store, split).why_not(user, item, k=k, largest=largest)
    if json:
        print_json(answer.to_dict())
        return
    say(str(answer))
