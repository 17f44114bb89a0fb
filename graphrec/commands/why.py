"""``graphrec why``: the reasons of a recommendation, in words, drawn, and as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from graphrec.commands.live import live_predictor
from graphrec.commands.options import JsonOption, KindOption, RunOption, StoreOption
from graphrec.commands.output_files import named_output, prepare_output
from graphrec.commands.printing import print_json, remark, say
from graphrec.errors import UnknownIdError, UsageError
from graphrec.wording import sentence

if TYPE_CHECKING:
    from graphrec.answers import WhyList
    from graphrec.api.predictor import Predictor

EXAMPLES = """Examples:

\b
  graphrec why 15                        the user's whole list, three reasons each
  graphrec why 15 1198                   one item: every reason, and the paths
  graphrec why 15 1198 --by personal     first what others who got it do not have
  graphrec why 15 1198 --html why.html   as a page that needs no network
  graphrec why 15 260 --model graphrec-fit   an item that was not recommended, computed now

Reasons that name other people are shown as counts."""

COMPUTED = 10
"""Reasons that are computed for a recommendation, supporting and opposing ones each."""


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
    model: Annotated[
        Path | None,
        typer.Option(
            "--model",
            metavar="FOLDER",
            help="Compute the reasons now, by this model, for any item; no run is looked at.",
        ),
    ] = None,
    kind: KindOption = "",
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Say why items were recommended to a user, or what speaks for any other item."""
    from graphrec.answers import WhyList, fetch_list, fetch_why
    from graphrec.answers.personal import is_by_personal
    from graphrec.own_kinds import PAGE
    from graphrec.store.opening import open_store

    by_personal = is_by_personal(by)
    if html is not None:
        prepare_output(html, PAGE, json=json)
    if model is not None:
        answers = _computed(live_predictor(model, kind, store), user, item, run, by_personal=by_personal)
    else:
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


def _computed(predictor: Predictor, user: str, item: str, run: str, *, by_personal: bool) -> WhyList:
    """Return the reasons for an item, or of a list, that a model gives now; it is said that no run holds them."""
    from graphrec.answers import WhyList

    if run:
        raise UsageError("--run and --model exclude each other", remedy="Name the run, or the model that computes now")
    if by_personal:
        raise UsageError(
            "what is personal is told by what a run recommends to others, and --model looks at no run",
            remedy="Leave out --by personal, or --model",
        )
    if item:
        answers = WhyList((predictor.why(user, item, reasons=COMPUTED, against=COMPUTED),))
    else:
        answers = predictor.recommend(user, reasons=COMPUTED)
        if not answers:
            raise UnknownIdError(f"nothing can be recommended to the user {user!r}", remedy=sentence(answers.note))
    remark(f"graphrec: computed now by {answers[0].run.model}, whether recommended or not; nothing of it is stored")
    return answers


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
