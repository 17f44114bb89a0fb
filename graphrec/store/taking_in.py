"""Load what a loader or frames gave, or make a data set equal to it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from graphrec.loading.contract import Loaded
    from graphrec.progress import Progress
    from graphrec.store.store import LoadSummary, Store


def take_in(
    store: Store, loaded: Loaded, progress: Progress, *, replace: bool, replace_most: bool, overlays: bool
) -> LoadSummary:
    """Load what was read, or with ``replace`` make the data set equal to it; other arguments as ``Store.replace``'s."""
    summary = (
        store.replace(loaded.tables, loaded.info, progress, replace_most=replace_most, overlays=overlays)
        if replace
        else store.load(loaded.tables, loaded.info, progress)
    )
    return dataclasses.replace(summary, report=loaded.report)


def refuse_without_replace(replace: bool, **meant_for_it: bool) -> None:
    """Raise UsageError where an option that says how to replace is given, and nothing is replaced."""
    given = [name for name, is_given in meant_for_it.items() if is_given]
    if given and not replace:
        option = f"--{given[0].replace('_', '-')}"
        raise UsageError(
            f"{option} says how a data set is replaced, and this load replaces nothing",
            remedy=f"Give --replace too, in Python replace=True; or leave out {option}",
        )
