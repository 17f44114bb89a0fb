"""A run on the small graph in which something is wrong for every audit to find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.tables import Explanations, RunInfo
from tests.cypher.small_graph import DRAMA, NAMES, SCIFI, SCOTT, WOMAN, YOUNG, explanations, reason

if TYPE_CHECKING:
    from collections.abc import Mapping

RUN = RunInfo(
    "bad", "ease, wrong", "ease", "fit-0", "2026-04-01T00:00:00Z", "before", "score", status="complete",
    protected=("gender",), max_hops=1,
)  # fmt: skip


def _wrong(label: str, evidence: str, ground: str, rank: int, anchor: str | None = None, **more: object):
    """Return a reason for Alien to dan, who took nothing but Fargo."""
    values = {"weight": 0.1, "share": 0.1, "effect": 0.1, **more}
    weight, share, effect = (values.pop(name) for name in ("weight", "share", "effect"))
    return reason("dan", "alien", label, evidence, ground, weight, share, rank, effect, anchor, **values)


def _set(number: int, *members: tuple[str | None, float | None, bool]) -> list[dict[str, object]]:
    """Return a set of two reasons for Casablanca to ada: rival, joint effect and flip as each of them tells it."""
    said = [dict(zip(("contrast", "joint_effect", "flips"), member, strict=True)) for member in members]
    more = {"method": "counterfactual", "set": number, "delta": -1.0}
    return [
        reason("ada", "casa", "Item", item, "history", 0.0, 0.0, place + 1, 0.0, item, **more, **said[place])
        for place, item in enumerate(("alien", "blade"))
    ]


REASONS = [
    _wrong("Item", "blade", "history", 1, via="relation:entities"),  # They do share an entity.
    _wrong("Attribute", SCIFI, "item_attribute", 2, "fargo", effect=-0.5),
    _wrong("Attribute", YOUNG, "profile", 3),
    _wrong("Entity", "ford", "entity", 4, "fargo"),
    _wrong("Feature", "story", "mentioned", 5),
    _wrong("Feature", "story", "item_side", 6, via="profile"),  # Real: ada spoke of Alien's story.
    _wrong("Feature", "pacing", "item_side", 7),
    _wrong("Factor", "fit-1/0", "factor", 8),
    _wrong("Attribute", WOMAN, "profile", 9),
    _wrong("Item", "emma", "telepathy", 10),
    _wrong("Attribute", DRAMA, "history", 11, share=0.2),
    _wrong("Attribute", SCOTT, "item_attribute", 12, "alien"),
    _wrong("Attribute", DRAMA, "item_attribute", 13, None, via="attribute:genre"),
    _wrong("Item", "fargo", "history", 14, "emma", via="relation:entities"),
    _wrong("Feature", "story", "rival_side", 15, share=0.0, contrast="casa", via="neighbours:x"),
    _wrong("Feature", "story", "rival_side", 16, share=0.0, contrast="alien", via="co-taken"),  # Real: a review of it.
    _wrong("Feature", "pacing", "rival_side", 17, share=0.0, contrast="dune", via="profile"),  # Real: Dune's profile.
    # Alien shares nothing with Casablanca, which is nothing against neighbours, and a director with Blade Runner.
    reason("cat", "alien", "Item", "casa", "history", 0.05, 0.05, 3, 0.1, "casa", via="attribute:genre"),
    reason("cat", "alien", "Item", "casa", "history", 0.05, 0.05, 4, None, "casa", via="neighbours:gender"),
    reason("cat", "alien", "Item", "blade", "history", 0.05, 0.05, 5, 0.1, "blade", via="attribute:director"),
    reason("cat", "alien", "Item", "blade", "history", 0.05, 0.05, 6, None, "blade", via="attribute:gender"),
    # Recommended again to who took it: an item shares with itself what it carries.
    reason("ada", "casa", "Item", "casa", "history", 0.05, 0.05, 1, 0.1, "casa", via="attribute:genre"),
    *_set(1, ("emma", 0.3, True), ("emma", 0.3, True)),  # As it should be.
    *_set(2, ("emma", 0.3, True), ("emma", 0.2, True)),
    *_set(3, ("emma", 0.3, True), ("emma", 0.3, False)),
    *_set(4, ("emma", 0.3, True), ("dune", 0.3, True)),
    *_set(5, ("casa", 0.3, True), ("casa", 0.3, True)),
    *_set(6, ("never made", 0.3, True), ("never made", 0.3, True)),
    *_set(7, (None, None, True), (None, None, True)),
    *_set(8, (None, 0.3, False), (None, 0.3, False)),  # As it should be: no rival overtakes.
    reason("cat", "alien", "Entity", "england", "entity", 0.2, 0.2, 1, 0.1, "blade"),
    reason("cat", "alien", "Entity", "scott", "entity", 0.3, 0.3, 2, 0.0, "blade"),
]


def bad_run() -> tuple[RunInfo, Explanations]:
    """Return the run: its fit is not that of the factor, it saw other data, it protects gender, it takes one hop."""
    numbers = [
        ("dan", "alien", 1.9, 0.2, 13, None),
        ("cat", "alien", 0.8, 0.1, 6, "found"),
        ("ada", "casa", 0.55, 0.5, 17, "none"),
        ("ben", "fargo", 0.5, 0.5, 0, None),
        ("ben", "casa", 0.4, 0.4, 0, "none"),  # As it should be: there was nothing to store.
    ]
    recommendations = [
        {
            "user": u,
            "item": i,
            "name": NAMES[i],
            "score": s,
            "rank": 1,
            "rest": rest,
            "n_reasons": n,
            "counterfactual": c,
        }
        for u, i, s, rest, n, c in numbers
    ]
    return RUN, explanations(recommendations, REASONS)


def _of_dan(*found: tuple[str, str | None]) -> list[tuple[object, ...]]:
    return [("dan", "alien", evidence, anchor) for evidence, anchor in found]


EXPECTED: Mapping[str, list[tuple[object, ...]]] = {
    # user, item, score, rest, stored: 1.9 − 0.2 = 17 × 0.1 holds; 0.8 − 0.1 = 0.2 + 0.3 + 4 × 0.05 holds; and so does
    # 0.55 − 0.5 = 0.05.
    "audit/additivity": [],
    "audit/anchor": _of_dan((SCOTT, "alien"), (DRAMA, None), ("fargo", "emma")),
    "audit/counterfactual": [("ada", "casa", "none", 17, 11), ("cat", "alien", "found", 6, 0)],
    "audit/counts": [("dan", "alien", 13, 17)],
    "audit/current": [],
    "audit/disliked": [],  # It has none of these three: tests/cypher/test_audit.py changes a good run.
    "audit/effect": [("cat", "alien", "scott", "blade", 0.3, 0.0), ("dan", "alien", SCIFI, "fargo", 0.1, -0.5)],
    "audit/ends": [],
    "audit/entity": [("england", "blade", 1), ("ford", "fargo", 1)],
    "audit/factor": _of_dan(("fit-1/0", None)),
    "audit/fallback": [],
    "audit/history": _of_dan(("blade", None)),
    "audit/item_attribute": _of_dan((DRAMA, None), (SCIFI, "fargo")),
    "audit/item_side": _of_dan(("pacing", None)),
    "audit/label": [("Attribute", "history", 1), ("Item", "telepathy", 1)],
    "audit/mentioned": _of_dan(("story", None)),
    "audit/node": [],
    "audit/popularity": [],
    "audit/profile": _of_dan((YOUNG, None), (WOMAN, None)),
    "audit/protected": _of_dan((WOMAN, None)),
    "audit/protected_way": [
        ("cat", "alien", "blade", "attribute:gender"),
        ("cat", "alien", "casa", "neighbours:gender"),
    ],
    "audit/rival_side": [("dan", "alien", "story", "casa")],
    "audit/sets": [("ada", "casa", "counterfactual", number, 2) for number in (2, 3, 4, 5, 6, 7)],
    "audit/shared": [
        ("cat", "alien", "blade", "attribute:gender"),
        ("cat", "alien", "casa", "attribute:genre"),
    ],
    "audit/shared_entities": [("dan", "alien", "fargo", "relation:entities")],
    "audit/shares": [("dan", "alien", "lrp", 1.5)],
    "audit/sign": [],
    "audit/stale": [("bad", "before", "now", "2026-01-15T00:00:00Z")],
    "audit/summary": [],  # It has none: tests/cypher/test_clusters.py
    "audit/taken": [("ada", "casa", 1)],
    "audit/unexplained": [("ben", "fargo", 1)],
}
"""What each audit finds in it, worked out by hand."""
