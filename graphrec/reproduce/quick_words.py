"""The first lines of a quick report: what a sample can tell, and what only the whole data can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.wording import counted

if TYPE_CHECKING:
    from graphrec.reproduce.recipe import Recipe


def quick_words(recipe: Recipe) -> str:
    """Return the sentences that a quick report begins with; nothing for a report on all data.

    Args:
        recipe: as it is run, quickened or not.
    """
    if recipe.sample is None:
        return ""
    users, items = recipe.sample
    protocol = recipe.protocol
    return (
        f"A quick look at a sample: {users:,} users at most, the {items:,} items that they took most, "
        f"{counted(len(protocol.seeds), 'split')}, {counted(protocol.trials, 'setting')} of each row. "
        "It can tell that every part of the report works on this machine, and which rows are far apart, such as a "
        "model and popularity. It cannot tell which of two rows close together is better, nor whether the paper's "
        "values are reached, so that none is shown: models are smaller here, trained for fewer steps and not tuned, "
        "and with less data some rows lose more than others. "
        f"That takes the full report: graphrec reproduce {recipe.name}."
    )
