"""Everything that is measured of one model's reasons, method beside method."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from graphrec.errors import UsageError
from graphrec.evaluation.explanations.comparison import Comparison, comparison

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.evaluation.explanations.additivity import Additivity
    from graphrec.evaluation.explanations.agreement import Agreement
    from graphrec.evaluation.explanations.cost import Cost
    from graphrec.evaluation.explanations.fidelity import Fidelity
    from graphrec.evaluation.explanations.shift import Shift

RANDOM = "random"
"""Name of the control, which stands beside every method."""


@dataclass(frozen=True, eq=False)
class MethodMeasures:
    """The measures of one method.

    Attributes:
        by_count: at numbers of reasons.
        by_share: at shares of a pair's inputs; None where not asked for.
        additivity: None of an order, which has no weights.
        shift: None where nothing was held out, and of an order.
        cost: None where not asked for, and of an order.
    """

    by_count: Fidelity
    by_share: Fidelity | None = None
    additivity: Additivity | None = None
    shift: Shift | None = None
    cost: Cost | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and lists for JSON; null for NaN and for what was not measured."""
        parts = {name: getattr(self, name) for name in ("by_count", "by_share", "additivity", "shift", "cost")}
        return {name: None if part is None else part.to_dict() for name, part in parts.items()}


@dataclass(frozen=True, eq=False)
class ExplanationMeasures:
    """All methods on the same pairs.

    Attributes:
        methods: by the name they were given, and the control as ``random``.
        agreements: by two names, of every two methods.
    """

    methods: Mapping[str, MethodMeasures]
    agreements: Mapping[tuple[str, str], Agreement]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the methods without the control's."""
        return tuple(name for name in self.methods if name != RANDOM)

    @property
    def random(self) -> MethodMeasures:
        """The control."""
        return self.methods[RANDOM]

    @property
    def no_better_than_random(self) -> tuple[str, ...]:
        """Names of the methods that do not beat Random: a report must say so."""
        return tuple(name for name in self.names if not self.compare(name, RANDOM).beats)

    def compare(self, first: str, second: str) -> Comparison:
        """Return how one method compares with another, or with Random, on the same pairs at equal sizes.

        Raises:
            UsageError: a method that was not measured.
        """
        unknown = [name for name in (first, second) if name not in self.methods]
        if unknown:
            raise UsageError(f"{unknown[0]!r} was not measured", remedy=f"Measured: {', '.join(self.methods)}")
        one, two = self.methods[first], self.methods[second]
        return comparison(one.by_count, two.by_count, one.shift, two.shift)

    def times_cheaper(self, first: str, second: str) -> float:
        """Return how many times as much processor time an explanation by the second takes.

        Raises:
            UsageError: one of them was not timed.
        """
        costs = [self.methods[name].cost if name in self.methods else None for name in (first, second)]
        if costs[0] is None or costs[1] is None:
            raise UsageError(f"{first!r} and {second!r} were not both timed", remedy="Give Settings.cost_users")
        return costs[0].times_cheaper_than(costs[1])

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and lists for JSON; null for NaN."""
        two = [*((name, RANDOM) for name in self.names), *combinations(self.names, 2)]
        return {
            "methods": {name: of.to_dict() for name, of in self.methods.items()},
            "no_better_than_random": list(self.no_better_than_random),
            "comparisons": [{"methods": list(names), **self.compare(*names).to_dict()} for names in two],
            "agreements": [{"methods": list(names), **of.to_dict()} for names, of in self.agreements.items()],
        }
