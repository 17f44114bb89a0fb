"""``graphrec why``: the reasons of a recommendation, in words, drawn, and as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrec.commands.options import JsonOption, RunOption, StoreOption
from graphrec.commands.output_files import named_output, prepare_output
from graphrec.commands.printing import print_json, remark, say

if TYPE_CHECKING:
    from graphrec.answers import WhyList

EXAMPLES = """Examples:

\b
  graphrec why 15                        the user's whole list, three reasons each
  graphrec why 15 1198                   one item: every reason, and the paths
  graphrec why 15 1198 --by personal     first what others who got it do not have
  graphrec why 15 1198 --html why.html   as a page that needs no network

Reasons that name other people are shown as counts."""


def why(
    user: Annotated[str, typer.Argument(help="The user's id.")],
    item: Annotated[str, typer.Argument(metavar="[ITEM]", help="The item's id; the whole list if left out.")] = "",
    run: RunOption = "",
    by: Annotated[
        str,
        typer.Option(
            "--by",
            metavar="weight|personal",
            help="Sort reasons by weight, or by how much more they weigh here than for others who got the item.",
        ),
    ] = "weight",
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", parser=named_output, help="Write a self-contained page as well."),
    ] = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Say why items were recommended to a user."""
    from graphrec.answers import WhyList, fetch_list, fetch_why
    from graphrec.answers.personal import is_by_personal
    from graphrec.own_kinds import PAGE
    from graphrec.store.opening import open_store

    by_personal = is_by_personal(by)
    if html is not None:
        prepare_output(html, PAGE, json=json)
    with open_store(store, read_only=True) as opened:
        if item:
            answers = WhyList((fetch_why(opened, user, item, run, by_personal=by_personal),))
        else:
            answers = fetch_list(opened, user, run, by_personal=by_personal)
    if html is not None:
        from graphrec.answers.html import write_page

        write_page(answers, html)
    if json:
        print_json(answers[0].to_dict() if item else answers.to_dicts())
        return
    show(answers, whole=bool(item))
    if html is not None:
        say(f"Wrote {html}")


def show(answers: WhyList, *, whole: bool) -> None:
    """Print recommendations with their reasons; with the paths and every reason if ``whole``."""
    from rich.console import Console

    from graphrec.answers.sentences import REASONS_SHOWN
    from graphrec.answers.terminal import paths_tree, reasons_text

    console = Console(highlight=False, markup=False, emoji=False, soft_wrap=not whole)
    if answers[0].stale:
        remark("graphrec: the data has changed since this run. Make a new one: graphrec recommend FOLDER")
    for warning in answers[0].warnings:
        console.print(warning, style="bold", soft_wrap=True)
    for answer in answers:
        console.print(reasons_text(answer, None if whole else REASONS_SHOWN), soft_wrap=True)
        if whole:
            console.print(paths_tree(answer))
