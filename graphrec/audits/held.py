"""Which kinds of reasons a run holds, and which audits have nothing to find among them.

The store is asked, not whoever wrote the run: an audit is skipped only where the graph has no reason that its query
would match.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphrec import queries
from graphrec.schema.property_graph import FALLBACK, GROUNDS, SUMMARIES, VIA_ATTRIBUTE, VIA_DISLIKED

if TYPE_CHECKING:
    from graphrec.store.store import Store


@dataclass(frozen=True)
class HeldKinds:
    """Grounds, methods and ways of the stored reasons of a run.

    Attributes:
        grounds: values of ``EXPLAINS.ground``.
        methods: values of ``EXPLAINS.method``.
        ways: values of ``EXPLAINS.via``.
    """

    grounds: frozenset[str]
    methods: frozenset[str]
    ways: frozenset[str]

    @classmethod
    def of(cls, store: Store, run_id: str) -> HeldKinds:
        """Ask the store which kinds the reasons of a run have."""
        rows = store.query(queries.load("store/reasons_held", store.engine).text, {"run": run_id})
        grounds, methods, ways = (frozenset(rows[name].dropna()) for name in ("ground", "method", "via"))
        return cls(grounds, methods, ways)

    def may_concern(self, audit: str) -> bool:
        """Return whether an audit, such as ``audit/factor``, asks about a kind that is held.

        An audit that has the name of a ground asks about reasons of that ground. Audits that ask about all reasons, or
        about recommendations, concern every run.
        """
        name = audit.removeprefix("audit/")
        if name in GROUNDS:
            return name in self.grounds
        if name == "fallback":
            return FALLBACK in self.methods
        if name == "summary":
            return not self.methods.isdisjoint(SUMMARIES)
        if name == "disliked":
            return VIA_DISLIKED in self.ways
        if name == "shared":
            return any(way.startswith(f"{VIA_ATTRIBUTE}:") for way in self.ways)
        return True
