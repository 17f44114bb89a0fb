"""Recommendations with reasons, made by hand."""

from __future__ import annotations

from typing import Any

from graphrec.answers import Node, Reason, Why
from graphrec.tables import RunInfo

RUN = RunInfo("run-1", "ease", "ease", "fit-1", "2026-02-01T00:00:00Z", "data", "score")
ALIEN = Node("Item", "alien", "Alien")


def reason(evidence: Node, share: float, rank: int = 1, **more: Any) -> Reason:
    """Return a reason; its weight is ten times its share, its effect half its weight."""
    plain = {"effect": 5 * share, "method": "lrp", "via": "self", "ground": "history"}
    return Reason(evidence, rank, 10 * share, share, **{**plain, **more})


def why(*reasons: Reason, user: str = "Ada", item: str = "Dune") -> Why:
    """Return a recommendation of ``item`` to ``user``."""
    return Why(RUN, Node("User", "ada", user), Node("Item", "dune", item), 2.0, 1, 0.2, reasons, verb="watched")


EVERY_GROUND = why(
    reason(ALIEN, 0.32, 1, anchor=ALIEN),
    reason(Node("Attribute", "item.genre=Sci-Fi", "Sci-Fi"), 0.2, 2, ground="item_attribute", anchor=ALIEN),
    reason(Node("Entity", "scott", "Ridley Scott"), 0.12, 3, ground="entity", anchor=ALIEN, via="relation:director"),
    reason(Node("Attribute", "user.age=25-34", "25-34"), 0.04, 4, ground="profile", via="profile", effect=-0.05),
    reason(Node("Feature", "story", "story"), 0.04, 5, ground="mentioned", effect=0.0),
    reason(Node("Feature", "pacing", "pacing"), 0.02, 6, ground="item_side"),
    reason(Node("Factor", "f/0", "space"), 0.004, 7, ground="factor", effect=None),
    reason(Node("User", "ben", "Ben Secret"), 0.03, 8, ground="item_side"),
    reason(Node("User", "cat", "Cat Secret"), 0.02, 9, ground="item_side"),
    reason(Node("Item", "casa", "Casablanca"), -0.04, -1, anchor=Node("Item", "casa", "Casablanca")),
)

SCOTT = Node("Entity", "scott", "Ridley Scott")
SPACE, DARK = Node("Factor", "f/0", "space"), Node("Factor", "f/1", "dark")


def through(evidence: Node, factor: Node, share: float, rank: int = 1, **more: Any) -> Reason:
    """Return a reason that came from ``ALIEN`` through a factor; its effect is 0.5 whatever its share."""
    ground = "history" if evidence.label == "Item" else "entity"
    plain = {"anchor": ALIEN, "ground": ground, "via": f"factor:{factor.id}", "factor": factor, "effect": 0.5}
    return reason(evidence, share, rank, **{**plain, **more})


THROUGH_FACTORS = why(
    through(ALIEN, SPACE, 0.2, 1),
    through(SCOTT, SPACE, 0.15, 2),
    through(SCOTT, DARK, 0.1, 3),
    reason(SPACE, 0.05, 4, ground="factor", via="factor:f/0", factor=SPACE, effect=None),
    through(ALIEN, DARK, -0.04, -1),
)


def _member(film: int, number: int, name: str, joint: float, effect: float | None) -> Reason:
    node = Node("Item", str(film), f"Film {film}")
    more = {"set": number, "set_name": name, "joint_effect": joint, "delta": -1.0, "anchor": node}
    return reason(node, joint / 2, number, effect=effect, **more)


GROUPS = why(
    _member(0, 1, "genre Drama", 0.5, 0.1),
    _member(2, 1, "genre Drama", 0.5, 0.4),
    _member(0, 2, "genre Horror", 0.4, None),
    _member(1, 2, "genre Horror", 0.4, 0.1),
)
"""Two groups that share Film 0; the effects of single films stand on their first rows."""
