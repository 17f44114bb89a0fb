"""``graphrec whatif``: a user's list before and after a change of what they took; nothing is written to the store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from graphrec.commands.options import JsonOption, KindOption, SplitOption, StoreOption, named_class
from graphrec.commands.output_files import named_output, prepare_output
from graphrec.commands.printing import print_json, say

if TYPE_CHECKING:
    from graphrec.api.changed_history import Change, Person
    from graphrec.explaining.leaving_attributes import Carried

EXAMPLES = """Examples:

\b
  graphrec whatif 15 --without 1198
  graphrec whatif 15 --without attribute:genre=Horror --html whatif.html
  graphrec whatif 15 --without entity:dbr:Ridley_Scott --recommend-removed
  graphrec whatif 15 --without attribute:user.gender=F --with 260 --with 1196
  graphrec whatif 15 --without 1198 --attributes stay --model fits/reconet

\b
A selection (--without, any number of times) is
  ITEM or item:ID            an item that the user took
  attribute:genre=Horror     all items of the user that carry it
  attribute:user.gender=F    the user's own attribute
  entity:ID                  all items of the user that are linked to it
  factor:ID                  all items of the user that belong to it by --belonging or more

Nothing is written to the store."""


def whatif(
    user: Annotated[str, typer.Argument(help="The user's id.")],
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="SELECTION", help="What is taken away; may repeat."),
    ] = None,
    with_: Annotated[
        list[str] | None, typer.Option("--with", metavar="ITEM", help="An item that joins the history; may repeat.")
    ] = None,
    k: Annotated[int, typer.Option("--k", help="Length of the lists.")] = 10,
    attributes: Annotated[
        str,
        typer.Option(
            "--attributes",
            metavar="go|stay",
            help="Whether what only removed items carry goes with them, or the items alone are switched off.",
        ),
    ] = "go",
    recommend_removed: Annotated[
        bool, typer.Option("--recommend-removed", help="Removed items may be recommended.")
    ] = False,
    belonging: Annotated[
        float, typer.Option("--belonging", help="Membership from which on an item is one of a factor's.")
    ] = 0.5,
    model: Annotated[Path, typer.Option("--model", metavar="FOLDER", help="The model, as train wrote it.")] = Path(
        "./graphrec-fit"
    ),
    kind: KindOption = "",
    split: SplitOption = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", parser=named_output, help="Write a self-contained page as well."),
    ] = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Show a user's list before and after a change of what they took."""
    from graphrec.api.changed_history import Change
    from graphrec.own_kinds import PAGE

    if html is not None:
        prepare_output(html, PAGE, json=json)
    carried = cast("Carried", attributes)
    change = Change(tuple(without or []), tuple(with_ or []), k, carried, recommend_removed, belonging)
    answer = _person(model, kind, store, user, change, split).whatif(change)
    if html is not None:
        from graphrec.answers.whatif_page import write_whatif_page

        write_whatif_page(answer, html)
    if json:
        print_json(answer.to_dict())
        return
    say(str(answer))
    if html is not None:
        say(f"Wrote {html}")


def _person(folder: Path, kind: str, store: str | None, user: str, change: Change, split: Path | None) -> Person:
    """Return the user with what scores them.

    Of the data only the user's part is read, and EASE and RecoNet are read without PyTorch, so that the answer does not
    wait for either. All data is read where a split names the interactions of all users, where factors are named after
    what all users took, and where features of items come from the reviews of all users.
    """
    from graphrec.api.changed_history import Person
    from graphrec.dataset.of_one_user import read_user
    from graphrec.recommendation.graph_of_fit import require_store_of_fit
    from graphrec.recommendation.saved_scores import load_scores
    from graphrec.store.opening import open_store

    whole = split is not None or any(text.startswith("factor:") for text in change.without)
    saved = None if kind or whole else load_scores(folder)
    if saved is not None:
        with open_store(store, read_only=True) as opened:
            require_store_of_fit(saved.record, opened)
            data = read_user(opened, user, saved.record.nodes, saved.record.positive_if, facts=False)
        return Person(saved, data, saved.record.users.positions([user]), 0, user)

    from graphrec.commands.recommend import read_for
    from graphrec.models.saving import load_model
    from graphrec.recommendation.model_scores import ModelScores

    model = load_model(folder, named_class(kind))
    nodes = model.record.nodes
    with open_store(store, read_only=True) as opened:
        require_store_of_fit(model.record, opened)
        if whole or len(nodes["Feature"]):
            data = read_for(opened, model, split)
        else:
            rules = model.record
            data = read_user(opened, user, nodes, rules.positive_if, negative_if=rules.negative_if)
    (position,) = data.users.require([user])
    aligned, known = model.align(data)
    return Person(ModelScores(model, model.factors(aligned)), aligned, known, int(position), user)
