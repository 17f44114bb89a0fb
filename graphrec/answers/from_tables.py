"""Reasons from explanation tables in memory, with no store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from graphrec.answers.answer import Node
from graphrec.answers.personal import personal_from_tables, with_personal
from graphrec.answers.rows import reason_of
from graphrec.answers.shared import shared_from_data, with_shared
from graphrec.answers.summaries import item_groups, takers_from_tables, user_clusters
from graphrec.answers.why import Why
from graphrec.answers.why_list import WhyList
from graphrec.errors import UnknownIdError
from graphrec.schema.property_graph import USER_CLUSTER
from graphrec.tables.conform import shortened
from graphrec.wording import sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from graphrec.answers.answer import Reason
    from graphrec.answers.rows import Row
    from graphrec.answers.shared import Shared
    from graphrec.dataset.ids import IdMap
    from graphrec.dataset.incidence import Incidence
    from graphrec.schema.elements import EdgeKind
    from graphrec.tables.explanations import Explanations
    from graphrec.tables.records import RunInfo
    from graphrec.tables.verbs import Verbs

    Names = Mapping[str, Mapping[str, str]]
    """Label and id to name."""


class NamedData(Protocol):
    """What is needed of a data set: names of its nodes, what users took and items carry, its verbs, its fingerprint.

    A ``Dataset`` has them.
    """

    @property
    def nodes(self) -> Mapping[str, IdMap]:
        """Ids and names by node label."""

    @property
    def links(self) -> Mapping[EdgeKind, Incidence]:
        """What items carry, by kind of edge."""

    @property
    def taken(self) -> Incidence:
        """What users took, users × items."""

    @property
    def verbs(self) -> Verbs:
        """What users do with items."""

    @property
    def fingerprint(self) -> str:
        """Of the data as it is now."""


def whys_from_tables(
    tables: Explanations,
    dataset: NamedData,
    run: RunInfo,
    user: str,
    item: str | None = None,
    *,
    by_personal: bool = False,
    why_nothing: str = "",
) -> WhyList:
    """Return why items were recommended to a user, as a store that holds the same run gives it.

    Args:
        tables: recommendations with their reasons; the factors that reasons came through must be among them.
        dataset: gives names; evidence that it does not name is called by its id.
        run: what made the recommendations.
        user: id of the user.
        item: id of an item; None for the user's whole list.
        by_personal: also say what is personal in each reason, which sorts them.
        why_nothing: for the message where nothing is recommended to the user, why that is.

    Raises:
        UnknownIdError: the tables do not recommend the item, or anything, to the user.
    """
    recommendations = _of(tables.recommendations, user, item)
    if not recommendations.num_rows:
        what = "nothing" if item is None else f"no item {shortened(item)}"
        raise UnknownIdError(
            f"the tables recommend {what} to the user {shortened(user)}",
            remedy=sentence(why_nothing) or "Ids are case-sensitive; a user without history may get no recommendations",
        )
    rows = _reason_rows(_of(tables.reasons, user, item).to_pylist(), tables.factors)
    names = _names(dataset, user, rows)
    said = _summaries(tables, user, item, names)
    takers = takers_from_tables(
        tables,
        dataset.nodes["User"],
        dataset.nodes["Item"],
        dataset.taken,
        user,
        [(of, one.evidence.id) for of, several in said.items() for one in several if one.method == USER_CLUSTER],
    )
    shared = shared_from_data(rows, dataset.nodes, dataset.links)
    reasons: dict[str, list[Row]] = {}
    for row in sorted(rows, key=_order):
        reasons.setdefault(row["item"], []).append(_named(row, names))
    user_node = Node("User", user, names["User"].get(user, user))
    whys = []
    for row in recommendations.to_pylist():
        own = _reasons(tables, user, row["item"], reasons.get(row["item"], []), shared, by_personal=by_personal)
        whys.append(
            Why(
                run=run,
                user=user_node,
                item=Node("Item", row["item"], row["name"]),
                score=row["score"],
                rank=row["rank"],
                remainder=row["rest"],
                reasons=own,
                stale=run.data != dataset.fingerprint,
                verb=dataset.verbs.of_user(user),
                counterfactual=row["counterfactual"],
                item_groups=item_groups(said.get(row["item"], ()), own),
                user_clusters=user_clusters(said.get(row["item"], ()), row["item"], takers),
            )
        )
    return WhyList(tuple(sorted(whys, key=lambda why: (why.rank, why.item.id))))


def _reasons(
    tables: Explanations, user: str, item: str, rows: Iterable[Row], shared: Shared, *, by_personal: bool
) -> tuple[Reason, ...]:
    reasons = with_shared(map(reason_of, rows), item, shared)
    return with_personal(reasons, personal_from_tables(tables, user, item)) if by_personal else reasons


def _summaries(tables: Explanations, user: str, item: str | None, names: Names) -> dict[str, list[Reason]]:
    """Return the summaries of each recommended item."""
    said: dict[str, list[Reason]] = {}
    rows = _reason_rows(_of(tables.summaries, user, item).to_pylist(), tables.factors)
    for row in sorted(rows, key=_order):
        said.setdefault(row["item"], []).append(reason_of(_named(row, names)))
    return said


def _of(table: pa.Table, user: str, item: str | None) -> pa.Table:
    """Return the rows of a user, or of one item for that user."""
    own = table.filter(pc.equal(table["user"], user))
    return own if item is None else own.filter(pc.equal(own["item"], item))


def _reason_rows(reasons: list[dict[str, Any]], factors: pa.Table) -> list[dict[str, Any]]:
    """Return reasons with the columns of ``cypher/lookup/reasons``, but for the names of nodes."""
    factor_names = dict(zip(factors["id"].to_pylist(), factors["name"].to_pylist(), strict=True))
    rows = []
    for reason in reasons:
        kind, _, through = reason["via"].partition(":")
        factor = through if kind == "factor" and through in factor_names else None
        rows.append(
            {
                **reason,
                "id": reason["evidence"],
                "factor": factor,
                "factor_name": factor_names.get(factor),
                "set_number": reason["set"],
                **({"name": factor_names.get(reason["evidence"])} if reason["label"] == "Factor" else {}),
            }
        )
    return rows


def _names(dataset: NamedData, user: str, rows: list[dict[str, Any]]) -> Names:
    wanted: dict[str, set[str]] = {label: set() for label in dataset.nodes}
    wanted["User"].add(user)
    for row in rows:
        wanted.setdefault(row["label"], set()).add(row["id"])
        wanted["Item"].update(row[item] for item in ("anchor", "contrast") if row[item] is not None)
    return {label: _names_in(ids, wanted[label]) for label, ids in dataset.nodes.items()}


def _names_in(ids: IdMap, wanted: Iterable[str]) -> dict[str, str]:
    texts = sorted(wanted)
    places = ids.positions(texts)
    names = ids.columns["name"].take(pa.array(places[places >= 0])).to_pylist()
    return dict(zip((text for text, place in zip(texts, places, strict=True) if place >= 0), names, strict=True))


def _named(row: dict[str, Any], names: Names) -> Row:
    row["name"] = row.get("name") or names.get(row["label"], {}).get(row["id"], row["id"])
    row["anchor_name"] = names["Item"].get(row["anchor"])
    row["contrast_name"] = names["Item"].get(row["contrast"])
    named: Row = dict(row.items())
    return named


def _order(row: dict[str, Any]) -> tuple[Any, ...]:
    """Return what reasons are sorted by in a store's queries: the supporting first, and the strongest of each."""
    return (row["rank"] < 0, abs(row["rank"]), row["method"], row["id"], row["label"], row["via"], row["set"])
