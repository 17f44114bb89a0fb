"""The request and the explainer of a stored run, to ask the same again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.errors import UsageError
from graphrec.explainers.registry import find_explainer
from graphrec.recommendation.request import Request

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.explaining.explainer import Explainer
    from graphrec.tables.records import RunInfo


def request_of(run: RunInfo, items: Sequence[str] | None = None, exclude: Sequence[str] | None = None) -> Request:
    """Return the request of a full run, with other lists of items where they are given.

    Args:
        run: its record.
        items: ids that may be recommended; None for those of the run.
        exclude: ids that must not be recommended; None for those of the run.

    Raises:
        UsageError: the run had a list of which its record keeps no more than the number, and none is given.
    """
    asked = dict(run.params["request"])
    given = {"items": items, "exclude": exclude}
    for name, ids in given.items():
        if ids is None and isinstance(asked[name], dict):
            raise UsageError(
                f"the run {run.id} had {asked[name]['count']:,} ids in --{name}, which its record does not keep",
                remedy=f"Give the file again: --{name} FILE, a new or an empty one for other items",
            )
        asked[name] = asked[name] if ids is None else tuple(ids)
    listed = {name: tuple(asked[name]) for name in ("items", "exclude", "protect") if asked[name] is not None}
    return Request(**{**asked, **listed})


def explainer_of(run: RunInfo) -> Explainer:
    """Return the explainer of a run with its settings.

    Raises:
        UsageError: there is no such explainer or setting.
    """
    settings = dict(run.params["explainer"])
    kind = find_explainer(str(settings.pop("name")))
    return kind(kind.Config.read(settings))
