"""A run on the small graph whose reasons are taken items, by values that they share and through neighbours.

Alien and Blade Runner share a genre and a director, Dune shares the genre with both, and Emma none with Blade Runner.
Others have Blade Runner with Emma and with Dune, and Alien with Dune.
"""

from __future__ import annotations

from graphrec.tables import Explanations, RunInfo
from tests.cypher.small_graph import NAMES, explanations, reason

GENRE, DIRECTOR = "attribute:genre", "attribute:director"
NEAR_GENRE, NEAR_DIRECTOR = "neighbours:genre", "neighbours:director"


def _taken(user: str, item: str, taken: str, via: str, weight: float, rank: int, **more: object) -> dict[str, object]:
    """Return a reason whose share is its weight, since those of each recommendation add up to 1 at most."""
    return reason(user, item, "Item", taken, "history", weight, weight, rank, None, taken, via=via, **more)


REASONS = [
    _taken("ada", "dune", "alien", GENRE, 0.4, 1, net=0.4),
    _taken("ada", "dune", "blade", GENRE, 0.3, 2, net=0.5),
    _taken("ada", "dune", "blade", NEAR_DIRECTOR, 0.2, 3),
    _taken("ada", "dune", "casa", NEAR_GENRE, 0.1, 4, net=0.1),
    _taken("ben", "dune", "alien", GENRE, 0.6, 1, net=0.6),
    _taken("ben", "dune", "emma", NEAR_GENRE, -0.2, -1, net=-0.2),
    _taken("ben", "blade", "alien", DIRECTOR, 0.5, 1, net=0.7),
    _taken("ben", "blade", "alien", GENRE, 0.2, 2),
    _taken("ben", "blade", "emma", NEAR_GENRE, 0.1, 3, net=0.1),
]


def similar_run(data: str) -> tuple[RunInfo, Explanations]:
    """Return the run; ``data`` is the fingerprint of the data that it saw."""
    run = RunInfo("similar", "network", "ease", "fit-1", "2026-05-01T00:00:00Z", data, "score", "weight")
    numbers = [("ada", "dune", 1.0, 1, 4), ("ben", "dune", 0.4, 2, 2), ("ben", "blade", 0.8, 1, 3)]
    recommendations = [
        {"user": u, "item": i, "name": NAMES[i], "score": s, "rank": k, "rest": 0.0, "n_reasons": n}
        for u, i, s, k, n in numbers
    ]
    return run, explanations(recommendations, REASONS)
