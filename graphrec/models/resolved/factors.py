"""The factors of a fit as nodes of the graph: their ids, their names, and who belongs to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def factor_ids(fit: str, shapes: Sequence[tuple[int, int, int]]) -> list[str]:
    """Return an id for each factor: member by member, factors of items first.

    Args:
        fit: id of the fit.
        shapes: C2, C1 and D of each member.
    """
    return [
        f"{fit}/{prefix}{kind}-{number + 1}"
        for member, (own, other, _) in enumerate(shapes)
        for prefix in [f"member-{member + 1}/" if len(shapes) > 1 else ""]
        for kind, count in (("item", own), ("entity", other))
        for number in range(count)
    ]
