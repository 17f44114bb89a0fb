"""Fetch the reasons of recommendations from a store."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphrec import queries
from graphrec.answers.answer import Node
from graphrec.answers.personal import with_personal
from graphrec.answers.rows import number_or_none, reason_of, value_or_none
from graphrec.answers.shared import names_a_kind, names_entities, shared_from_rows, with_shared
from graphrec.answers.summaries import is_summary, item_groups, takers_from_rows, user_clusters
from graphrec.answers.why import Why
from graphrec.answers.why_list import WhyList
from graphrec.dataset.positive_rule import PositiveRule
from graphrec.dataset.uncounted import DECISIVE, none_counts
from graphrec.errors import UnknownIdError
from graphrec.loading.interactions import INTERACTED
from graphrec.schema.property_graph import USER_CLUSTER
from graphrec.tables.families import belonging, owner
from graphrec.tables.graph_tables import TO
from graphrec.tables.verbs import Verbs
from graphrec.wording import readable, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from graphrec.answers.answer import Reason, Takers
    from graphrec.answers.rows import Row
    from graphrec.store.store import Store
    from graphrec.tables.records import RunInfo


def fetch_why(store: Store, user: str, item: str, run: str = "", *, by_personal: bool = False) -> Why:
    """Return why ``item`` was recommended to ``user``.

    Args:
        store: where to look.
        user: id of the user.
        item: id of the item.
        run: id of the run; empty for the current one of the data set that the user belongs to.
        by_personal: also ask what is personal in each reason, which sorts them.

    Raises:
        UnknownIdError: no such run, user or item, or the run does not recommend the item to the user.
    """
    return store.consistent(lambda: _fetch_why(store, user, item, run, by_personal=by_personal))


def _fetch_why(store: Store, user: str, item: str, run: str, *, by_personal: bool) -> Why:
    info = _run(store, user, run)
    recommendations = _recommendations(store, user, info)
    own = [row for row in recommendations if row["item"] == item]
    if not own:
        raise _not_recommended(store, user, item, info, len(recommendations))
    why = _whys(store, user, info, own)[0]
    return _personal(store, why) if by_personal else why


def fetch_list(store: Store, user: str, run: str = "", *, by_personal: bool = False) -> WhyList:
    """Return a user's whole list, best first, each recommendation with all its reasons.

    Args:
        store: where to look.
        user: id of the user.
        run: id of the run; empty for the current one of the data set that the user belongs to.
        by_personal: also ask what is personal in each reason, which sorts them.

    Raises:
        UnknownIdError: no such run or user, or the run recommends nothing to the user.
    """
    return store.consistent(lambda: _fetch_list(store, user, run, by_personal=by_personal))


def _fetch_list(store: Store, user: str, run: str, *, by_personal: bool) -> WhyList:
    info = _run(store, user, run)
    recommendations = _recommendations(store, user, info)
    if not recommendations:
        raise _not_recommended(store, user, "", info, 0)
    whys = _whys(store, user, info, recommendations)
    return WhyList(tuple(_personal(store, why) for why in whys) if by_personal else whys)


def _run(store: Store, user: str, run: str) -> RunInfo:
    """Return a run, or the current one of the user's data set."""
    base = owner(store.datasets(), user)
    return store.run(run, dataset="" if base is None else base.id)


def _personal(store: Store, why: Why) -> Why:
    """Return a recommendation with what is personal in its reasons."""
    rows = _rows(store, "why/personal", user=why.user.id, item=why.item.id, run=why.run.id)
    of_node = {(str(row["label"]), str(row["id"]), str(row["method"])): float(row["personal"]) for row in rows}
    return replace(why, reasons=with_personal(why.reasons, of_node))


def _recommendations(store: Store, user: str, run: RunInfo) -> list[Row]:
    return list(_all_pages(store, "lookup/recommendations", user=user, run=run.id))


def _whys(store: Store, user: str, run: RunInfo, recommendations: Sequence[Row]) -> tuple[Why, ...]:
    """Return recommendations with their reasons; what is the same for all of them is asked for once."""
    reasons: dict[str, list[Row]] = {}
    said: dict[str, list[Reason]] = {}
    shared: dict[tuple[str, str, str], tuple[Node, ...]] = {}
    takers: dict[tuple[str, str], Takers] = {}
    for first, last in _rank_ranges(recommendations, _page_rows(_query(store, "lookup/reasons"))):
        asked = {"user": user, "run": run.id, "first": first, "last": last}
        rows = list(_all_pages(store, "lookup/reasons", **asked))
        for row in rows:
            if is_summary(row):
                said.setdefault(row["item"], []).append(reason_of(row))
            else:
                reasons.setdefault(row["item"], []).append(row)
        if any(row["method"] == USER_CLUSTER for row in rows):
            takers.update(takers_from_rows(_all_pages(store, "lookup/people", **asked)))
        if any(map(names_a_kind, rows)):
            shared.update(shared_from_rows(_all_pages(store, "lookup/shared", **asked), "Attribute"))
        if any(map(names_entities, rows)):
            shared.update(shared_from_rows(_all_pages(store, "lookup/shared_entities", **asked), "Entity"))
    user_node = _user(store, user)
    stale = run.data != store.data_fingerprint(store.dataset_of_run(run))
    verb = Verbs.of(store.datasets()).of_user(user)
    whys = []
    for row in recommendations:
        item = str(row["item"])
        own = with_shared(map(reason_of, reasons.get(item, [])), item, shared)
        whys.append(
            Why(
                run=run,
                user=user_node,
                item=Node("Item", item, str(row["name"])),
                score=float(row["score"]),
                rank=int(row["rank"]),
                remainder=number_or_none(row["rest"]),
                reasons=own,
                stale=stale,
                verb=verb,
                counterfactual=value_or_none(row["counterfactual"]),
                item_groups=item_groups(said.get(item, ()), own),
                user_clusters=user_clusters(said.get(item, ()), item, takers),
            )
        )
    return tuple(whys)


def _rank_ranges(recommendations: Sequence[Row], page_rows: int) -> Iterator[tuple[int, int]]:
    """Yield ranges of ranks whose reasons fit on one page; a recommendation with more has a range of its own."""
    ranks = sorted((int(row["rank"]), int(row["n_reasons"])) for row in recommendations)
    first, n_rows = ranks[0][0], 0
    previous = first
    for rank, n_reasons in ranks:
        if n_rows and n_rows + n_reasons > page_rows and rank > previous:
            yield first, previous
            first, n_rows = rank, 0
        n_rows += n_reasons
        previous = rank
    yield first, previous


def _all_pages(store: Store, name: str, **parameters: Any) -> Iterator[Row]:
    """Yield all rows of a query that gives a page at a time."""
    page_rows = _page_rows(_query(store, name))
    skip = 0
    while True:
        rows = _rows(store, name, **parameters, skip=skip)
        yield from rows
        if len(rows) < page_rows:
            return
        skip += len(rows)


def _rows(store: Store, name: str, **parameters: Any) -> Sequence[Row]:
    rows: Sequence[Row] = store.query(_query(store, name), parameters).to_dict("records")
    return rows


def _query(store: Store, name: str) -> str:
    return queries.load(name, store.engine).text


def _page_rows(text: str) -> int:
    """Return the number of rows at which a query stops."""
    return int(re.findall(r"^LIMIT (\d+)$", text, flags=re.MULTILINE)[-1])


def _user(store: Store, user: str) -> Node:
    rows = _rows(store, "lookup/user", user=user)
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
            remedy=_why_nothing(store, user, run) or _perhaps(run),
        )
    if not _rows(store, "lookup/item", item=item):
        return UnknownIdError(f"there is no item {_short(item)}", where=store.uri, remedy="Ids are case-sensitive")
    return UnknownIdError(
        f"the run {run.id} does not recommend the item {_short(item)} to the user {_short(user)}",
        where=store.uri,
        remedy=f"It recommends {n_others} others: graphrec why {user}",
    )


def _why_nothing(store: Store, user: str, run: RunInfo) -> str:
    """Return why a run recommends nothing to a user, as far as the store tells; empty where it does not.

    None of the user's interactions may count, or the user has taken all that might be recommended.
    """
    batches = list(store.read_edges(INTERACTED, list(DECISIVE), only=user))
    if not batches:
        return ""
    read = pa.Table.from_batches(batches)
    values = {name: read[name].to_numpy().astype(np.float64) for name in DECISIVE}
    uncounted = none_counts(PositiveRule(run.positive_if), values, readable(user))
    return sentence(uncounted) if uncounted else _took_all(store, user, run, read[TO].cast(pa.string()))


def _took_all(store: Store, user: str, run: RunInfo, taken: pa.ChunkedArray) -> str:
    """Return that the user has taken every item that the run could recommend; empty where one is left, or unknown."""
    asked = run.params.get("request", {})
    if run.split not in ("", "none") or not asked.get("filter_taken", True):
        return ""
    wanted, excluded = asked.get("items"), asked.get("exclude") or []
    if isinstance(wanted, Mapping) or isinstance(excluded, Mapping):  # long lists are kept as numbers alone
        return ""
    if wanted is None:
        datasets = store.datasets()
        base = owner(datasets, user)
        ids = pa.chunked_array([batch.column("id") for batch in store.read_nodes("Item", ["id"])], pa.string())
        wanted = (ids if base is None else ids.filter(pa.array(belonging(ids, datasets, base)))).to_pylist()
    candidates = set(wanted) - set(excluded)
    if candidates - set(taken.to_pylist()):
        return ""
    what = "the only item" if len(candidates) == 1 else f"all of the {len(candidates):,} items"
    return sentence(f"{readable(user)} took {what} that the run may recommend, so that nothing was left")


def _perhaps(run: RunInfo) -> str:
    guess = "The user may have no history that the model can use, or have taken all that may be recommended"
    return f"{guess}. Notes of the run: {readable(run.notes, 300)}" if run.notes else guess


def _short(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")
