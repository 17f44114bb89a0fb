"""Which data set may be removed from a store, and what goes with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.errors import UnknownIdError, UsageError
from graphrec.tables.families import bases, chosen, family

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.tables.records import DatasetInfo


def removable(datasets: Sequence[DatasetInfo], name: str, *, overlays: bool, where: str) -> list[DatasetInfo]:
    """Return the records of a base data set and of the overlays that go with it.

    Args:
        datasets: records of all that the store at ``where`` holds.
        name: id of the base data set.
        overlays: whether overlays may go.
        where: the store's name in messages.

    Raises:
        UnknownIdError: there is no such data set.
        UsageError: no name, an overlay, or overlays that may not go.
    """
    if not name:
        known = ", ".join(info.id for info in bases(datasets)) or "none"
        raise UsageError("no data set is named to be removed", where=where, remedy=f"Here are: {known}")
    if any(info.id == name and info.base for info in datasets):
        base = next(info.base for info in datasets if info.id == name)
        raise UsageError(
            f"{name!r} is an overlay, whose rows are among those of the data set {base!r}",
            where=where,
            remedy=f"Remove {base!r} with its overlays, and load again what shall stay",
        )
    try:
        chosen(datasets, name, where)
    except UnknownIdError as error:
        raise UnknownIdError(f"there is no data set {name!r} to remove", where=where, remedy=error.remedy) from error
    gone = family(datasets, name)
    standing = [info.id for info in gone if info.base]
    # What was begun with its overlays is ended with them.
    if standing and not overlays and gone[0].status != "removing":
        raise UsageError(
            f"the data set {name!r} has the overlays {', '.join(standing)}",
            where=where,
            remedy="Remove them with it: graphrec remove DATASET --overlays",
        )
    return gone
