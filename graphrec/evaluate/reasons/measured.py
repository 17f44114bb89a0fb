"""Everything that is measured of one model's reasons, method beside method."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.evaluate.reasons.against_random import MannWhitney, Paired, mann_whitney, paired
from graphrec.evaluate.reasons.fidelity import area

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphrec.evaluate.reasons.additivity import Additivity
    from graphrec.evaluate.reasons.agreement import Agreement
    from graphrec.evaluate.reasons.cost import Cost
    from graphrec.evaluate.reasons.fidelity import Fidelity
    from graphrec.evaluate.reasons.shift import Shift


@dataclass(frozen=True, eq=False)
class MethodMeasures:
    """What was measured of one method.

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


@dataclass(frozen=True, eq=False)
class AgainstRandom:
    """One method against Random on the same pairs.

    Attributes:
        test: Mann–Whitney U of Δŷ at each number of reasons.
        drop: paired difference in comprehensiveness at each number of reasons.
        comprehensiveness: paired difference in the area of comprehensiveness.
        sufficiency: paired difference in the area of sufficiency, Random's minus the method's: greater is better.
        shift: paired difference in recall lost, at each n; None where shift was not measured.
    """

    test: MannWhitney
    drop: Paired
    comprehensiveness: Paired
    sufficiency: Paired
    shift: Paired | None

    @property
    def beats(self) -> bool:
        """Whether the method beats Random: its area of comprehensiveness lies above, with the whole interval."""
        return bool(self.comprehensiveness.beats)

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and lists for JSON; null for NaN."""
        return {
            "beats": self.beats,
            "mann_whitney": self.test.to_dict(),
            "drop": self.drop.to_dict(),
            "comprehensiveness": self.comprehensiveness.to_dict(),
            "sufficiency": self.sufficiency.to_dict(),
            "shift": None if self.shift is None else self.shift.to_dict(),
        }


@dataclass(frozen=True, eq=False)
class Measured:
    """All methods on the same pairs.

    Attributes:
        methods: by the name they were given.
        random: the control.
        agreements: by two names, of every two methods.
    """

    methods: Mapping[str, MethodMeasures]
    random: MethodMeasures
    agreements: Mapping[tuple[str, str], Agreement]

    def against_random(self, name: str) -> AgainstRandom:
        """Return how a method compares with Random."""
        one, chance = self.methods[name], self.random
        first, second = one.by_count, chance.by_count
        lost = None
        if one.shift is not None and chance.shift is not None:
            lost = paired(-one.shift.after[:, None], -chance.shift.after[:, None])
        return AgainstRandom(
            test=mann_whitney(first.delta, second.delta, first.sizes),
            drop=paired(first.comprehensiveness(), second.comprehensiveness()),
            comprehensiveness=self._areas("comprehensiveness", one, chance),
            sufficiency=self._areas("sufficiency", chance, one),
            shift=lost,
        )

    def compare(self, first: str, second: str) -> Paired:
        """Return the paired difference in the area of comprehensiveness of two methods, at equal numbers of reasons."""
        return self._areas("comprehensiveness", self.methods[first], self.methods[second])

    @property
    def no_better_than_random(self) -> tuple[str, ...]:
        """Names of the methods that do not beat Random."""
        return tuple(name for name in self.methods if not self.against_random(name).beats)

    @staticmethod
    def _areas(loss: str, first: MethodMeasures, second: MethodMeasures) -> Paired:
        one, two = (getattr(of.by_count, loss)() for of in (first, second))
        both = ~np.isnan(one) & ~np.isnan(two)  # at the sizes that both have: an order may be short
        return paired(*(area(np.where(both, curve, np.nan)) for curve in (one, two)))

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers and lists for JSON; null for NaN."""
        methods = {
            name: {**_of_method(of), "against_random": self.against_random(name).to_dict()}
            for name, of in self.methods.items()
        }
        return {
            "methods": methods,
            "random": _of_method(self.random),
            "no_better_than_random": list(self.no_better_than_random),
            "agreement": [{"methods": list(names), **found.to_dict()} for names, found in self.agreements.items()],
        }


def _of_method(of: MethodMeasures) -> dict[str, Any]:
    single = {name: getattr(of, name) for name in ("additivity", "shift", "cost")}
    return {
        "by_count": of.by_count.to_dict(),
        "by_share": None if of.by_share is None else of.by_share.to_dict(),
        **{name: None if found is None else found.to_dict() for name, found in single.items()},
    }
