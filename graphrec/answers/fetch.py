"""Ask a store why, through the shipped queries."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any

import pandas as pd

from graphrec import queries
from graphrec.answers.answer import Node, Reason, Why
from graphrec.errors import UnknownIdError

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from graphrec.store.store import Store
    from graphrec.tables.records import RunInfo

    Row = Mapping[Hashable, Any]


def fetch_why(store: Store, user: str, item: str, run: str = "") -> Why:
    """Return why ``item`` was recommended to ``user``.

    Args:
        store: where to ask.
        user: id of the user.
        item: id of the item.
        run: id of the run; empty for the current one.

    Raises:
        UnknownIdError: no such run, user or item, or the run does not recommend the item to the user.
    """
    chosen = store.run(run)
    rows = _ask(store, "why/recommendations", user=user, run=chosen.id)
    found = next((row for row in rows if row["item"] == item), None)
    if found is None:
        raise _not_recommended(store, user, item, chosen, len(rows))
    reasons = _ask(store, "why/item", user=user, item=item, run=chosen.id)
    return _why(store, chosen, _user(store, user), found, reasons)


def fetch_list(store: Store, user: str, run: str = "") -> tuple[Why, ...]:
    """Return a user's whole list, best first, each recommendation with its reasons.

    Raises:
        UnknownIdError: no such run or user, or the run recommends nothing to the user.
    """
    chosen = store.run(run)
    rows = _ask(store, "why/recommendations", user=user, run=chosen.id)
    if not rows:
        raise _not_recommended(store, user, "", chosen, 0)
    of_item = {
        place: list(group)
        for place, group in groupby(_ask(store, "why/list", user=user, run=chosen.id), key=lambda row: row["item"])
    }
    who = _user(store, user)
    return tuple(_why(store, chosen, who, row, of_item.get(row["item"], [])) for row in rows)


def _ask(store: Store, name: str, **parameters: str) -> Sequence[Row]:
    frame = store.query(queries.load(name, store.engine).text, parameters)
    rows: Sequence[Row] = frame.to_dict("records")
    return rows


def _why(store: Store, run: RunInfo, user: Node, row: Row, reasons: Sequence[Row]) -> Why:
    return Why(
        run=run,
        user=user,
        item=Node("Item", str(row["item"]), str(row["name"])),
        score=float(row["score"]),
        rank=int(row["rank"]),
        rest=_number(row["rest"]),
        reasons=tuple(map(_reason, reasons)),
        stale=run.data != store.data_fingerprint(),
    )


def _reason(row: Row) -> Reason:
    anchor = _given(row["anchor"])
    factor = _given(row["factor"])
    flips = _given(row["flips"])
    return Reason(
        evidence=Node(str(row["label"]), str(row["id"]), str(row["name"])),
        rank=int(row["rank"]),
        weight=float(row["weight"]),
        share=float(row["share"]),
        effect=_number(row["effect"]),
        method=str(row["method"]),
        via=str(row["via"]),
        ground=str(row["ground"]),
        anchor=None if anchor is None else Node("Item", str(anchor), str(_given(row["anchor_name"]) or anchor)),
        factor=None if factor is None else Node("Factor", str(factor), str(row["factor_name"])),
        set=int(row["set_number"]),
        contrast=_given(row["contrast"]),
        delta=_number(row["delta"]),
        joint_effect=_number(row["joint_effect"]),
        flips=None if flips is None else bool(flips),
    )


def _given(value: Any) -> Any:
    """Return None for what a data frame writes where there is nothing."""
    return None if value is None or pd.isna(value) else value


def _number(value: Any) -> float | None:
    given = _given(value)
    return None if given is None else float(given)


def _user(store: Store, user: str) -> Node:
    rows = _ask(store, "lookup/user", user=user)
    if not rows:
        raise UnknownIdError(f"there is no user {_short(user)}", where=store.uri, remedy="Ids are case-sensitive")
    return Node("User", user, str(rows[0]["name"]))


def _not_recommended(store: Store, user: str, item: str, run: RunInfo, n_others: int) -> UnknownIdError:
    """Return the error that says which of user, item and recommendation is not there."""
    _user(store, user)
    if not n_others:
        return UnknownIdError(
            f"the run {run.id} recommends nothing to the user {_short(user)}",
            where=store.uri,
            remedy="The user may have no history that the model can use; see the notes of the run: graphrec status",
        )
    if not _ask(store, "lookup/item", item=item):
        return UnknownIdError(f"there is no item {_short(item)}", where=store.uri, remedy="Ids are case-sensitive")
    return UnknownIdError(
        f"the run {run.id} does not recommend the item {_short(item)} to the user {_short(user)}",
        where=store.uri,
        remedy=f"It recommends {n_others} others: graphrec why {user}",
    )


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")
