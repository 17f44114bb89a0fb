"""``graphrec forget``: remove a person from the store."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from graphrec.commands.options import JsonOption, StoreOption
from graphrec.commands.printing import print_json, say
from graphrec.commands.progress import bars
from graphrec.wording import readable

EXAMPLES = """Example: graphrec forget 42

Interactions, recommendations, reasons and kept tables of this person go. What
the store cannot remove, such as models and files made from it, is named in the
answer, with what removes it."""


def forget(
    user: Annotated[str, typer.Argument(help="The user's id.")],
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Remove a person: interactions, recommendations, reasons, kept tables."""
    from graphrec.store.opening import open_store

    with open_store(store) as opened, bars() as progress:
        summary = opened.forget(user, progress)
    if json:
        remains = [asdict(each) for each in summary.remains]
        print_json({"user": summary.user, "removed": dict(summary.removed), "remains": remains})
        return
    say(f"Forgot {readable(user)}.", *(f"  {count:>9,}  {kind}" for kind, count in summary.removed.items() if count))
    say("This may still hold something of them:")
    for each in summary.remains:
        say(f"  - {readable(each.what, 500)}.", f"    {each.remedy}.")
