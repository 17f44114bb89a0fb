"""Lists of features beside what people mention: every method beside Random, popularity and counting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import Field, model_validator

from graphrec.evaluation.evaluation import interval_over_users
from graphrec.evaluation.explanations.feature_agreement import METRICS
from graphrec.evaluation.explanations.feature_questions import Form, Unit  # noqa: TC001 - pydantic reads them
from graphrec.report import Column, Finding, Heading, Interval, Table, Text
from graphrec.report.cells import number
from graphrec.reproduce.sections.claims import decided, interval_text, relation
from graphrec.reproduce.sections.of_features import MethodPlan, OfFeatures
from graphrec.reproduce.strict import Strict
from graphrec.wording import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from graphrec.report import Block
    from graphrec.report.document import Cell
    from graphrec.reproduce.job import Job
    from graphrec.reproduce.study import Study

RANDOM, POPULARITY = "Random", "popularity"
_ALWAYS = {RANDOM: MethodPlan(method="random"), POPULARITY: MethodPlan(method="popularity")}
_MEANING = {
    "printed users": "Printed form, users: the features that a user mentions in what methods may see. A method that "
    "names the profile itself is right by construction",
    "printed pairs": "Printed form, pairs: the list for each held-out pair, beside the same features of the user",
    "honest users": "Honest form, users: the features in all of a user's held-out reviews, which no method has seen",
    "honest pairs": "Honest form, pairs: the features in the held-out review of each pair of user and item",
}


class Bar(Strict):
    """What a method is to reach.

    Attributes:
        method: its name in the section.
        form, unit: of the table.
        metric: ``precision``, ``recall``, ``f1`` or ``ndcg``.
        at_least: the value.
    """

    method: str
    form: Form
    unit: Unit
    metric: Literal["precision", "recall", "f1", "ndcg"]
    at_least: float = Field(gt=0, le=1)


@dataclass(frozen=True, eq=False)
class Measured:
    """One method in one form and unit, the cases of all splits together.

    Attributes:
        users: int64 [cases].
        values: float64 [cases] by metric, without its k.
        settings: that were chosen on each split.
    """

    users: npt.NDArray[np.int64]
    values: Mapping[str, npt.NDArray[np.float64]]
    settings: Sequence[Mapping[str, Any]]

    def interval(self, metric: str) -> Interval:
        """Return the mean with its 95 % interval over users."""
        return Interval(*interval_over_users(self.values[metric], self.users))

    def minus(self, other: Measured, metric: str) -> Interval:
        """Return the mean difference on the same cases with its 95 % interval over users."""
        return Interval(*interval_over_users(self.values[metric] - other.values[metric], self.users))


class FeatureAgreementTable(OfFeatures):
    """Precision, recall, F1 and NDCG at k of lists of features, printed and honest, per user and per pair.

    Random and popularity are always among the methods. Source: equation 10 and Table 3 of "From Intrinsic to
    Counterfactual"; the paper's values are those of the printed form per user.

    Attributes:
        methods: beside Random and popularity.
        forms: ``printed``, ``honest``.
        units: ``users``, ``pairs``.
        beside: names of methods that findings compare all that ask a row with, by NDCG; Random and popularity too.
        reach: bars.
        k: places of a list.
        users: users or pairs of a split at most; 0 for all.
        splits: how many of the protocol's splits; all of them if 0.
    """

    kind: ClassVar[str] = "feature_agreement"
    forms: tuple[Form, ...] = Field(("printed", "honest"), min_length=1)
    units: tuple[Unit, ...] = Field(("users", "pairs"), min_length=1)
    beside: tuple[str, ...] = ()
    reach: tuple[Bar, ...] = ()
    k: int = Field(10, ge=1)
    users: int = Field(0, ge=0)
    splits: int = Field(0, ge=0)

    @model_validator(mode="after")
    def _named(self) -> FeatureAgreementTable:
        own = [name for name in self.methods if name in _ALWAYS]
        if own:
            raise ValueError(f"{own[0]} is always measured: give this method another name")
        known = {**_ALWAYS, **self.methods}
        unknown = [name for name in (*self.beside, *(bar.method for bar in self.reach)) if name not in known]
        if unknown:
            raise ValueError(f"{unknown[0]!r:.60} is not among its methods")
        strange = [name for plan in self.methods.values() for name in plan.paper if name not in METRICS]
        if strange:
            raise ValueError(f"the paper's {strange[0]!r:.60} is none of {', '.join(METRICS)}")
        return self

    def jobs(self, study: Study) -> list[Job]:
        """Return one measurement a method and split."""
        return [job for jobs in self._jobs(study).values() for job in jobs]

    def _jobs(self, study: Study) -> dict[str, list[Job]]:
        places = range(len(study.splits))[: self.splits or None]
        return {
            name: [self._job(study, name, plan, place) for place in places]
            for name, plan in {**_ALWAYS, **self.methods}.items()
        }

    def _job(self, study: Study, name: str, plan: MethodPlan, place: int) -> Job:
        inputs = {part: getattr(self, part) for part in ("k", "users", "items", "seed")}
        inputs |= {"forms": list(self.forms), "units": list(self.units), "trials": plan.trials}
        fits = [study.kept_fits(plan.row)[place]] if plan.row else []
        if len(plan.trials) > 1:  # a last fit has learned from the validation part, and cannot be chosen by it
            refit = study.recipe.protocol.refit
            inputs["choosing"] = study.choosing if refit else study.splits[place]
            fits += [study.choosing_fit(plan.row)] if plan.row and refit else []
        return study.job(
            "feature_agreement",
            plan.row or "features",
            f"features by {name}, split {place + 1}",
            {**inputs, "split": study.splits[place]},
            needs=fits,
        )

    def blocks(self, study: Study) -> list[Block]:
        """Return a table for each form and unit, and how each method stands to the others."""
        results = {name: [study.result(job) for job in jobs] for name, jobs in self._jobs(study).items()}
        blocks: list[Block] = []
        for key in (f"{form} {unit}" for form in self.forms for unit in self.units):
            measured = {
                name: _joined([one[key] for one in parts]) for name, parts in results.items() if key in parts[0]
            }
            blocks += [Heading(key.capitalize(), 3), *self._of_table(key, measured)]
        return blocks

    def _of_table(self, key: str, measured: Mapping[str, Measured]) -> list[Block]:
        first = measured[RANDOM]
        cases = f"{len(first.users):,} {'cases' if key.endswith('users') else 'pairs'}"
        users = counted(len(np.unique(first.users)), "user")
        text = (
            f"{_MEANING[key]}. {cases} of {users}, {counted(len(first.settings), 'split')}; intervals are over users."
        )
        paper = [metric for metric in ("f1", "ndcg") if key == "printed users" and self._printed(metric)]
        columns = (
            Column("method"),
            *(Column(f"{metric}@{self.k}", digits=4) for metric in ("precision", "recall")),
            *(Column(f"{metric}@{self.k}", digits=4) for metric in ("f1", "ndcg")),
            *(Column(f"ndcg less {name}", digits=4, signed=True) for name in _ALWAYS),
            *(Column(f"paper's {metric}", digits=4) for metric in paper),
        )
        rows = [(name, *self._cells(name, one, measured, paper)) for name, one in measured.items()]
        best = max(range(len(rows)), key=lambda at: measured[str(rows[at][0])].values["ndcg"].mean())
        chosen = self._chosen(measured)
        table = Table(f"{self.called}-{key.replace(' ', '-')}", columns, tuple(rows), chosen, frozenset({best}))
        return [Text(text), table, *self.findings(key, measured)]

    def _printed(self, metric: str) -> bool:
        return any(metric in plan.paper for plan in self.methods.values())

    def _cells(
        self, name: str, one: Measured, measured: Mapping[str, Measured], paper: Sequence[str]
    ) -> tuple[Cell, ...]:
        plan = self.methods.get(name)
        return (
            *(float(one.values[metric].mean()) for metric in ("precision", "recall")),
            *(one.interval(metric) for metric in ("f1", "ndcg")),
            *(one.minus(measured[other], "ndcg") if name != other else None for other in _ALWAYS),
            *(plan.paper.get(metric) if plan else None for metric in paper),
        )

    def _chosen(self, measured: Mapping[str, Measured]) -> str:
        """Return which settings validation reviews chose, in words."""
        told = [
            f"{name} {', '.join(f'{setting} {value}' for setting, value in chosen.items())}"
            for name, plan in self.methods.items()
            if plan.grid and name in measured
            for chosen in _different({key: one[key] for key in plan.grid} for one in measured[name].settings)
        ]
        return f"Chosen by ndcg@{self.k} on validation reviews: {'; '.join(told)}." if told else ""

    def findings(self, key: str, measured: Mapping[str, Measured]) -> list[Finding]:
        """Return how the methods that ask a row stand to those that they are compared with, and the bars.

        Args:
            key: form and unit.
            measured: by method, on the same cases.
        """
        asking = [name for name, plan in self.methods.items() if plan.row and name in measured]
        found = [
            Finding(
                self._standing(key, other, {name: measured[name].minus(measured[other], "ndcg") for name in asking})
            )
            for other in dict.fromkeys((*_ALWAYS, *self.beside))
            if other in measured and asking
        ]
        for bar in self.reach:
            if f"{bar.form} {bar.unit}" == key and bar.method in measured:
                value = measured[bar.method].interval(bar.metric)
                found.append(
                    Finding(
                        f"{key.capitalize()}: {bar.method} has {bar.metric}@{self.k} {interval_text(value, 4)}; at "
                        f"least {number(bar.at_least, 3)} was to be reached",
                        value.value >= bar.at_least,
                    )
                )
        return found

    def _standing(self, key: str, other: str, differences: Mapping[str, Interval]) -> str:
        groups: dict[bool | None, list[str]] = {True: [], None: [], False: []}
        for name, difference in differences.items():
            if name != other:
                groups[decided(difference)].append(f"{name} ({number(difference.value, 4, signed=True)})")
        told = "; ".join(f"{relation(above)} it {', '.join(names)}" for above, names in groups.items() if names)
        return f"{key.capitalize()}, ndcg@{self.k} beside {other}: {told}"


def _joined(parts: Sequence[Mapping[str, Any]]) -> Measured:
    users = np.concatenate([np.array(part["users"], dtype=np.int64) for part in parts])
    values = {
        metric.partition("@")[0]: np.concatenate([np.array(part["values"][metric]) for part in parts])
        for metric in parts[0]["values"]
    }
    return Measured(users, values, [part["settings"] for part in parts])


def _different(settings: Any) -> list[Mapping[str, Any]]:
    """Return settings without repeats, in their order."""
    kept: list[Mapping[str, Any]] = []
    for one in settings:
        if one not in kept:
            kept.append(one)
    return kept
