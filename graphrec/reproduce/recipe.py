"""A paper's recipe: data, protocol, rows, sections; and the changes for a quick look."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from graphrec.reproduce.recipe_data import Data  # noqa: TC001 - pydantic reads it
from graphrec.reproduce.recipe_protocol import Protocol  # noqa: TC001 - pydantic reads it
from graphrec.reproduce.recipe_row import Row  # noqa: TC001 - pydantic reads it
from graphrec.reproduce.strict import Settings, Strict


class ReasonsPlan(Strict):
    """Which reasons are measured; sections refer to it by name, so that what several show is measured once.

    Attributes:
        name: unique.
        row: whose fit on the first split is explained.
        methods: explainers by the name that figures give them: ``explainer`` and its settings. Random is always there.
        users: how many, one recommendation each.
        up_to: reasons that are removed at most.
        shift: whether shift@n is measured too.
        seed: of the draw of users, of Random and of ties.
    """

    name: str
    row: str
    methods: dict[str, Settings] = Field(min_length=1)
    users: int = Field(ge=2)
    up_to: int = Field(10, ge=1)
    shift: bool = False
    seed: int = Field(0, ge=0)


class Quick(Strict):
    """What is smaller in a quick look at the same report.

    Attributes:
        users: users in the sample.
        items: of theirs, the items taken most often.
        seeds: splits.
        trials: trials of each row, its first ones.
        models: settings by model that are put over those of the rows. Where they give ``steps``, the rows' ``epochs``
            and ``patience`` go: a sample has few steps in an epoch.
        reasons: of every measurement of reasons.
        sections: parameters by section that are put over those of the recipe.
    """

    users: int = Field(ge=2)
    items: int = Field(ge=2)
    seeds: tuple[int, ...] = Field(min_length=1)
    trials: int = Field(1, ge=1)
    models: dict[str, Settings] = Field(default_factory=dict)
    reasons: dict[str, Any] = Field(default_factory=dict)
    sections: dict[str, dict[str, Any]] = Field(default_factory=dict)


class Recipe(Strict):
    """A paper as data.

    Attributes:
        name: as the command knows it.
        title: of the report.
        paper: which paper, for a reader who wants to find it.
        about: what the report says first.
        rows: what is fitted and compared.
        reasons: whose reasons are measured.
        sections: ``kind`` and the parameters of each section, in the order of the report.
        quick: what is smaller with ``--quick``.
        then: recipes that come with graphrec and are done after this one, such as the paper on other data; each has
            a report of its own.
        sample: the sample to take; empty for all data.
    """

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]*$")
    title: str
    paper: str
    about: str = ""
    data: Data
    protocol: Protocol
    rows: tuple[Row, ...] = Field(min_length=1)
    reasons: tuple[ReasonsPlan, ...] = ()
    sections: tuple[dict[str, Any], ...] = Field(min_length=1)
    quick: Quick | None = None
    then: tuple[str, ...] = ()
    sample: tuple[int, int] | None = None

    @model_validator(mode="after")
    def _fair(self) -> Recipe:
        for what, names in (("rows", [r.name for r in self.rows]), ("reasons", [r.name for r in self.reasons])):
            if len(set(names)) < len(names):
                raise ValueError(f"two {what} have the same name")
        names_of_rows = {row.name for row in self.rows}
        unknown = [plan.row for plan in self.reasons if plan.row not in names_of_rows]
        if unknown:
            raise ValueError(f"reasons are measured of {unknown[0]!r}, which is no row")
        unknown = [name for look in self.protocol.looks for name in look.rows if name not in names_of_rows]
        if unknown:
            raise ValueError(f"looks names {unknown[0]!r}, which is no row")
        self._check_quick()
        for row in self.rows:
            if row.like and (row.like not in {other.name for other in self.rows if not other.like}):
                raise ValueError(f"row {row.name!r} is like {row.like!r}, which is no row with settings of its own")
            if row.like and self.row(row.like).model != row.model:
                raise ValueError(f"row {row.name!r} is like {row.like!r}, which is another model")
        for row in self.rows:
            if len(row.tried) != self.protocol.trials and not row.unequal:
                raise ValueError(
                    f"row {row.name!r} tries {len(row.tried)} settings where the budget is {self.protocol.trials}; "
                    "give it as many, or say under `unequal` why not"
                )
        return self

    def _check_quick(self) -> None:
        quick = self.quick
        if quick is None:
            return
        sections = {str(section.get("name", section.get("kind"))) for section in self.sections}
        for what, changed, names in (
            ("section", quick.sections, sections),
            ("row of the model", quick.models, {row.model for row in self.rows}),
        ):
            unknown = sorted(set(changed) - names)
            if unknown:
                raise ValueError(f"quick changes {unknown[0]!r}, and there is no such {what}")

    def row(self, name: str) -> Row:
        """Return a row by name; KeyError if there is none."""
        return next(row for row in self.rows if row.name == name)

    def quickened(self) -> Recipe:
        """Return the recipe of a quick look: a sample of the data, fewer splits, trials and pairs.

        Raises:
            ValueError: the recipe does not say what is smaller.
        """
        quick = self.quick
        if quick is None:
            raise ValueError("the recipe says nothing of a quick look")
        rows = []
        for row in self.rows:
            tried = tuple(_quicker(trial, quick.models.get(row.model, {})) for trial in row.tried[: quick.trials])
            rows.append(row.model_copy(update={"fixed": {}, "grid": {}, "trials": tried, "unequal": row.unequal}))
        sections = tuple(
            {**section, **quick.sections.get(str(section.get("name", section.get("kind"))), {})}
            for section in self.sections
        )
        reasons = tuple(ReasonsPlan.model_validate({**plan.model_dump(), **quick.reasons}) for plan in self.reasons)
        protocol = self.protocol.model_copy(
            update={"seeds": quick.seeds, "trials": quick.trials, "split": self.protocol.split.in_sample}
        )
        return self.model_copy(
            update={
                "rows": tuple(rows),
                "reasons": reasons,
                "sections": sections,
                "protocol": protocol,
                "sample": (quick.users, quick.items),
            }
        )


def _quicker(trial: Settings, changes: Settings) -> Settings:
    """Return the settings of a trial with those of a quick look over them."""
    by_steps = {"epochs", "patience"} if "steps" in changes else set()
    return {**{name: value for name, value in trial.items() if name not in by_steps}, **changes}
