"""Remove a person, in one transaction that also records the fingerprint of what remains."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graphrec import queries
from graphrec.errors import UnknownIdError
from graphrec.schema.neo4j import quote
from graphrec.schema.property_graph import SCHEMA
from graphrec.store.accounts import ForgetSummary
from graphrec.store.content import content_fingerprint
from graphrec.store.neo4j.content_record import encoded
from graphrec.store.neo4j.streaming import stream_data
from graphrec.tables.conform import shortened
from graphrec.tables.families import family, latest, owner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import neo4j

    from graphrec.schema.elements import GraphSchema
    from graphrec.tables.records import DatasetInfo


def forget(
    tx: neo4j.ManagedTransaction, user: str, schema: GraphSchema, uri: str, datasets: Sequence[DatasetInfo]
) -> ForgetSummary:
    """Remove a person's node and edges, attributes and features that only they had, and all reasons to or through them.

    Args:
        tx: the transaction in which all of it happens.
        user: id of the person.
        schema: with the declared properties.
        uri: the store's name in messages.
        datasets: records of what the store holds; the fingerprint of the person's data set is recorded anew.

    Raises:
        UnknownIdError: there is no such user.
    """

    def run(name: str, **parameters: Any) -> list[dict[str, Any]]:
        return tx.run(queries.load(f"store/{name}", "neo4j").text, parameters).data()

    if not run("user_known", user=user)[0]["known"]:
        raise UnknownIdError(f"there is no user {shortened(user)}", where=uri)
    alone = [row["attribute"] for row in run("forget_attributes_of", user=user)]
    words = [row["feature"] for row in run("forget_features_of", user=user)]
    run("forget_silence", user=user)
    removed: dict[str, int] = {}
    received = "MATCH (:User {id: $user})-[:RECEIVED]->(n:Recommendation)"
    _remove_edges(tx, user, received, "Recommendation", removed)
    removed["Recommendation"] = run("forget_recommendations", user=user)[0]["removed"]
    _remove_edges(tx, user, "MATCH (n:User {id: $user})", "User", removed)
    gone = run("forget_user", user=user)[0]
    removed |= {"User": gone["removed"], "relationships of others": gone["others"]}
    removed["Attribute"] = run("forget_attributes", attributes=alone)[0]["removed"]
    removed["Feature"] = run("forget_features", features=words)[0]["removed"]
    run("run_counts", runs=[row["row"]["id"] for row in run("runs")])

    def stream(text: str) -> Iterator[tuple[Any, ...]]:
        return (tuple(record.values()) for record in tx.run(text))

    base = owner(datasets, user)
    if base is not None:
        content = content_fingerprint(stream_data(stream, schema), datasets, base)
        record = latest(family(datasets, base.id)).id
        run("data_fingerprint", id=record, fingerprint=content.text(), parts=encoded(content))
    return ForgetSummary(user, {part: count for part, count in removed.items() if count})


def _remove_edges(tx: neo4j.ManagedTransaction, user: str, match: str, label: str, removed: dict[str, int]) -> None:
    """Remove all edges of the nodes ``n`` of ``label`` that ``match`` finds, and count them by kind."""
    for kind in SCHEMA.edge_kinds():
        if label not in (kind.source, kind.target):
            continue
        far, arrow = (kind.target, "-[e:{}]->") if kind.source == label else (kind.source, "<-[e:{}]-")
        if kind.source == kind.target:
            arrow = "-[e:{}]-"
        step = f"MATCH (n){arrow.format(quote(kind.type))}(:{quote(far)})"
        if kind.type == "RECEIVED" and label == "Recommendation":
            text = f"{match} {step} RETURN count(e) AS removed"  # it goes with the recommendation that it leads to
        else:
            text = f"{match} {step} WITH DISTINCT e DELETE e RETURN count(*) AS removed"
        count = tx.run(text, user=user).single(strict=True)["removed"]
        removed[str(kind)] = removed.get(str(kind), 0) + count
