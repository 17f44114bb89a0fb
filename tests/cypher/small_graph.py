"""A graph small enough to work out every answer by hand: 4 users, 6 items, two complete runs and a half-written one.

Alien explains Dune to both ada and ben; cat reaches England over two hops (Blade Runner, Ridley Scott, England).
"""

from __future__ import annotations

import pyarrow as pa

from graphrec.schema import SCHEMA, EdgeKind
from graphrec.tables import Explanations, GraphTables, RunInfo
from graphrec.tables.explanations import FACTORS, MEMBERSHIPS, REASONS, RECOMMENDATIONS

NAMES = {
    "alien": "Alien",
    "blade": "Blade Runner",
    "casa": "Casablanca",
    "dune": "Dune",
    "emma": "Emma",
    "fargo": "Fargo",
}
SCIFI, DRAMA, SCOTT = "item.genre=Sci-Fi", "item.genre=Drama", "item.director=Ridley Scott"
YOUNG, WOMAN = "user.age=25-34", "user.gender=F"
SPACE = "factor:fit-1/0"
"""``via`` of a reason through the one factor. Alien speaks through it to ada and to ben, who does not belong to it."""


def _edges(kind: EdgeKind, *rows: tuple[object, ...]) -> dict[EdgeKind, pa.Table]:
    names = ["from", "to", *(p.name for p in SCHEMA.relationship(kind.type).properties)]
    # Rows may leave out the last properties: whole seconds have no microseconds.
    return {kind: pa.Table.from_pylist([dict(zip(names, row, strict=False)) for row in rows])}


def _attributes() -> pa.Table:
    rows = []
    for identity in (SCIFI, DRAMA, SCOTT, YOUNG, WOMAN):
        owner, rest = identity.split(".", 1)
        kind, value = rest.split("=", 1)
        rows.append({"id": identity, "name": value, "owner": owner, "kind": kind, "value": value})
    return pa.Table.from_pylist(rows)


def graph() -> GraphTables:
    """Return the data: who took what, and what is known of it."""
    users = ["ada", "ben", "cat", "dan"]
    entities = [
        ("scott", "Ridley Scott", "person"),
        ("ford", "Harrison Ford", "person"),
        ("england", "England", "place"),
    ]
    features = ["story", "pacing"]
    nodes = {
        "User": pa.table({"id": users, "name": [u.capitalize() for u in users]}),
        "Item": pa.table({"id": list(NAMES), "name": list(NAMES.values())}),
        "Attribute": _attributes(),
        "Entity": pa.table(dict(zip(("id", "name", "kind"), map(list, zip(*entities, strict=True)), strict=True))),
        "Feature": pa.table({"id": features, "name": features}),
    }
    edges = {
        **_edges(
            EdgeKind("INTERACTED", "User", "Item"),
            ("ada", "alien", 5.0, 1.0, 10),
            ("ada", "blade", 4.0, 1.0, 11),
            ("ada", "casa", 2.0, 1.0, 12),
            ("ben", "alien", 4.0, 1.0, 13),
            ("ben", "emma", 5.0, 1.0, 14),
            ("cat", "blade", 3.0, 1.0, 15),
            ("cat", "casa", 5.0, 1.0, 16),
            ("dan", "fargo", 4.0, 1.0, None),
        ),
        **_edges(
            EdgeKind("CO_PURCHASED", "Item", "Item"),
            ("alien", "dune", 3, "counted"),
            ("alien", "dune", None, "also_bought"),
            ("blade", "dune", 2, "counted"),
            ("blade", "emma", 1, "counted"),
        ),
        **_edges(
            EdgeKind("HAS_ATTRIBUTE", "Item", "Attribute"),
            *((i, SCIFI) for i in ("alien", "blade", "dune")),
            *((i, DRAMA) for i in ("casa", "emma", "fargo")),
            *((i, SCOTT) for i in ("alien", "blade")),
        ),
        **_edges(EdgeKind("HAS_ATTRIBUTE", "User", "Attribute"), ("ada", YOUNG), ("ben", YOUNG), ("ada", WOMAN)),
        **_edges(
            EdgeKind("HAS_ENTITY", "Item", "Entity"),
            ("alien", "scott", "director"),
            ("blade", "scott", "director"),
            ("blade", "ford", "starring"),
        ),
        **_edges(EdgeKind("RELATED_TO", "Entity", "Entity"), ("scott", "england", "birthplace")),
        **_edges(EdgeKind("MENTIONED", "User", "Feature"), ("ada", "story", "alien", 0.8, 2)),
        **_edges(EdgeKind("MENTIONED", "Item", "Feature"), ("dune", "pacing", "", 0.5, 4)),
    }
    return GraphTables(nodes, edges)


_MORE = ("anchor", "set", "contrast", "delta", "joint_effect", "flips")


def reason(user: str, item: str, label: str, evidence: str, ground: str, weight: float, share: float, rank: int,
           effect: float | None, anchor: str | None = None, **more: object) -> dict[str, object]:  # fmt: skip
    """Return one row of ``REASONS``."""
    plain = {"method": "lrp", "via": "self", "set": 0, "percent": f"{round(share * 100)} %", "anchor": anchor}
    claim = {"weight": weight, "share": share, "rank": rank, "effect": effect, "ground": ground}
    return {"user": user, "item": item, "label": label, "evidence": evidence, **claim, **plain, **more}


def _recommendation(user: str, item: str, score: float, rank: int, rest: float, n_reasons: int) -> dict[str, object]:
    numbers = {"score": score, "rank": rank, "rest": rest, "n_reasons": n_reasons}
    return {"user": user, "item": item, "name": NAMES[item], **numbers}


REASON_ROWS = (
    reason("ada", "dune", "Item", "alien", "history", 0.8, 0.32, 1, 0.6, "alien", via=SPACE),
    reason("ada", "dune", "Attribute", SCIFI, "item_attribute", 0.5, 0.2, 2, 0.3, "blade"),
    reason("ada", "dune", "Entity", "scott", "entity", 0.3, 0.12, 3, 0.1, "alien", via=SPACE),
    reason("ada", "dune", "Attribute", YOUNG, "profile", 0.1, 0.04, 4, -0.05, via="profile"),
    reason("ada", "dune", "Feature", "story", "mentioned", 0.1, 0.04, 5, 0.02, "alien"),
    reason("ada", "dune", "Feature", "pacing", "item_side", 0.05, 0.02, 6, 0.01),
    reason("ada", "dune", "Factor", "fit-1/0", "factor", 0.05, 0.02, 7, None, via=SPACE),
    reason("ada", "dune", "Item", "casa", "history", -0.1, -0.04, -1, -0.2, "casa"),
    reason("ben", "dune", "Item", "alien", "history", 0.6, 0.6, 1, 0.5, "alien", via=SPACE),
    reason("ben", "dune", "Attribute", SCIFI, "item_attribute", 0.3, 0.3, 2, 0.2, "alien"),
    reason("ben", "blade", "Item", "alien", "history", 0.4, 0.5, 1, 0.4, "alien"),
    reason("cat", "alien", "Item", "blade", "history", 0.5, 0.5, 1, 0.4, "blade"),
    reason("cat", "alien", "Entity", "england", "entity", 0.2, 0.2, 2, 0.1, "blade", via="relation:birthplace"),
)
RECOMMENDATION_ROWS = (
    _recommendation("ada", "dune", 2.0, 1, 0.2, 8),
    _recommendation("ada", "emma", 0.5, 2, 0.5, 0),
    _recommendation("ben", "dune", 1.0, 1, 0.1, 2),
    _recommendation("ben", "blade", 0.8, 2, 0.4, 1),
    _recommendation("cat", "alien", 1.0, 1, 0.3, 2),
)


def table(rows: list[dict[str, object]], schema: pa.Schema) -> pa.Table:
    """Return rows as a table of ``schema``; what a row does not say is null."""
    columns = [pa.array([row.get(f.name) for row in rows], _plain(f.type)).cast(f.type) for f in schema]
    return pa.table(columns, schema=schema)


def _plain(kind: pa.DataType) -> pa.DataType:
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def explanations(
    recommendations: list[dict[str, object]], reasons: list[dict[str, object]], *, factors: bool = False
) -> Explanations:
    """Return a batch made of rows; with ``factors``, also the one factor and who belongs to it."""
    found = [{"id": "fit-1/0", "name": "space", "fit": "fit-1", "kind": "factor", "index": 0}] if factors else []
    people, things = [("User", "ada", 0.7), ("User", "dan", 0.2)], [("Item", "dune", 0.9), ("Item", "alien", 0.6)]
    members = [*people, *things, ("Entity", "scott", 0.5)] if factors else []
    return Explanations(
        table(recommendations, RECOMMENDATIONS),
        table(reasons, REASONS),
        table(found, FACTORS),
        table([dict(zip(("label", "id", "weight"), m, strict=True), factor="fit-1/0") for m in members], MEMBERSHIPS),
    )


def new_run(data: str) -> tuple[RunInfo, Explanations]:
    """Return the run that is to be current."""
    run = RunInfo("new", "ease, second", "ease", "fit-1", "2026-02-01T00:00:00Z", data, "score", "weight", max_hops=2)
    rows = [{**row, "net": row["weight"]} for row in REASON_ROWS]  # no node has two rows
    return run, explanations(list(RECOMMENDATION_ROWS), rows, factors=True)


def old_run(data: str) -> tuple[RunInfo, Explanations]:
    """Return an earlier run of before 0.3, in which Casablanca recommends Fargo to ada."""
    run = RunInfo("old", "ease, first", "ease", "fit-0", "2026-01-01T00:00:00Z", data, "score")
    rows = [reason("ada", "fargo", "Item", "casa", "history", 0.9, 0.9, 1, 0.9, "casa")]
    return run, explanations([_recommendation("ada", "fargo", 1.0, 1, 0.1, 1)], rows)


def half_run(data: str) -> tuple[RunInfo, Explanations]:
    """Return a run that somebody was writing when the power went: its status stays ``writing``."""
    run = RunInfo("half", "ease, third", "ease", "fit-1", "2026-03-01T00:00:00Z", data, "score")
    rows = [reason("ada", "fargo", "Item", "alien", "history", 0.9, 0.9, 1, 0.9, "alien")]
    return run, explanations([_recommendation("ada", "fargo", 1.0, 1, 0.1, 1)], rows)
