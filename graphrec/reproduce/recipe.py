"""A paper's recipe: data, protocol, rows, sections; and the changes for a quick look."""

from __future__ import annotations

from itertools import product
from math import prod
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from graphrec.dataset.visible_reviews import ItemProfiles, Profiles, Reviews, VisibleReviews
from graphrec.errors import UsageError
from graphrec.reproduce.measured_names import measured_name

if TYPE_CHECKING:
    from collections.abc import Iterable

Settings = dict[str, Any]
"""Settings of a model by name."""


Counted = Literal["users", "items", "interactions"]
"""What is counted of data."""

_MOST_TRIALS = 10_000


def _require_below(paths: Iterable[str]) -> None:
    """Raise ValueError for a path that leads out of the folder of data."""
    for path in paths:
        parts = PurePath(path).parts
        if not parts or PurePath(path).is_absolute() or ".." in parts:
            raise ValueError(f"{path!r:.60} does not lie below the folder of data, where a recipe looks alone")


class Strict(BaseModel):
    """A part of a recipe: nothing unknown is taken, nothing changes later."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Data(Strict):
    """Origin of the data.

    Attributes:
        name: what people call it.
        loader: as ``graphrec load`` knows it.
        folder: looked for under ``--data``, or what ``--data`` itself names.
        files: what has to lie in that folder.
        optional: files that are used where they lie there, and what for.
        options: of the loader.
        paths: options of the loader that name files or folders, by their place below the folder of data, where
            ``folder`` lies too; they have to be there.
        keep: what is kept of it, steps of ``graphrec.dataset.filtering.filter_dataset`` in their order; the file of
            ``pairs`` by its place below the folder of data.
        printed: how many ``users``, ``items`` and ``interactions`` the paper has, to stand beside what is kept here.
        differs: why these are not the numbers here.
        source: address of the owner's page.
        about: how to get from there to the folder.
    """

    name: str
    loader: str
    folder: str
    files: tuple[str, ...] = Field(min_length=1)
    optional: dict[str, str] = {}
    options: dict[str, Any] = {}
    paths: dict[str, str] = {}
    keep: tuple[dict[str, Any], ...] = ()
    printed: dict[Counted, int] = {}
    differs: str = ""
    source: str
    about: str = ""

    @model_validator(mode="after")
    def _stays_below(self) -> Data:
        _require_below((self.folder, *self.files, *self.optional, *self.paths.values(), *self.pairs))
        return self

    @property
    def pairs(self) -> tuple[str, ...]:
        """Files that steps of ``keep`` name, by their place below the folder of data."""
        return tuple(str(step["pairs"]) for step in self.keep if "pairs" in step)


class Look(Strict):
    """A look at validation parts beyond the trials that a recipe lists, such as the search that its trials come from.

    Attributes:
        rows: whose; empty where it was not noted of which.
        settings: how many were looked at; None where they were not counted.
        about: what was looked at, or what came of it.
    """

    rows: tuple[str, ...] = ()
    settings: int | None = Field(None, ge=1)
    about: str = ""


class SplitPlan(Strict):
    """How the data is cut.

    Attributes:
        kind: a registered way to split.
        options: its options, without the one that varies.
        paths: options that name files, by their place below the folder of data; they have to be there.
        varies: the option that the protocol's ``seeds`` are given to, one split each: ``seed``, or ``fold``.
    """

    kind: str = "random"
    options: dict[str, Any] = {}
    paths: dict[str, str] = {}
    varies: str = "seed"

    @model_validator(mode="after")
    def _stays_below(self) -> SplitPlan:
        _require_below(self.paths.values())
        return self

    @property
    def in_sample(self) -> SplitPlan:
        """The plan for a sample of the data, which lacks users and items that somebody's file of parts names."""
        if self.kind != "file":
            return self
        return self.model_copy(update={"options": {**self.options, "unknown": "skip"}})


class Protocol(Strict):
    """What is measured, and on which parts.

    Attributes:
        positive_if: which interactions are positive.
        split: how the data is cut.
        seeds: one split each; the first is the one that settings are chosen on, by its validation part alone.
        metric: what settings are chosen by, such as ``recall@50``.
        also: further metrics to measure.
        candidates: what is ranked, as ``graphrec evaluate`` has it: ``full``, a number of sampled negatives, or the
            mean over all samples.
        also_candidates: further choices of what is ranked, measured on the same fits; sections show them as
            ``ndcg@5 (100-expected)``.
        trials: settings that every row tries.
        reviews: whose reviews speak: those of the ``training`` part alone, or every one that is ``not-held-out``
            (``graphrec.dataset.visible_reviews``).
        profiles: of features: made of these ``reviews``; or as ``given``, over all reviews, which leaks: the report is
            marked so.
        item_profiles: as ``given``, or where the data has none, of their ``takers`` in training.
        refit: whether what is measured are fits on the training and the validation part together, with the settings
            that the first split's validation part chose and as many epochs as that fit kept, one for each seed: of the
            fit, and of the negatives that are drawn.
        looks: at validation parts beyond those trials; a report says that budgets are equal only where there are none.
        choices: what the paper leaves open and was decided here, a sentence each.
    """

    positive_if: str = ""
    split: SplitPlan = SplitPlan()
    seeds: tuple[int, ...] = Field(min_length=1)
    metric: str
    also: tuple[str, ...] = ()
    candidates: str = "full"
    also_candidates: tuple[str, ...] = ()
    trials: int = Field(ge=1)
    reviews: Reviews = "training"
    profiles: Profiles = "reviews"
    item_profiles: ItemProfiles = "given"
    refit: bool = False
    looks: tuple[Look, ...] = ()
    choices: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _is_visible(self) -> Protocol:
        try:
            self.visible  # noqa: B018 - reading it is the check
        except UsageError as error:
            raise ValueError(f"{error.what}. {error.remedy}") from error
        return self

    @property
    def visible(self) -> VisibleReviews:
        """Which reviews and profiles may be seen."""
        return VisibleReviews(self.reviews, self.profiles, self.item_profiles)

    @property
    def leaks(self) -> bool:
        """Whether models see profiles that hold the reviews of the test part."""
        return self.profiles == "given"

    @property
    def metrics(self) -> tuple[str, ...]:
        """All that is measured, the one that decides first."""
        return (self.metric, *(name for name in self.also if name != self.metric))

    @property
    def measured(self) -> tuple[str, ...]:
        """The names of all figures of a fit, those with further candidates last."""
        further = (measured_name(metric, text) for text in self.also_candidates for metric in self.metrics)
        return (*self.metrics, *further)


class Row(Strict):
    """One row of the paper's table.

    Attributes:
        name: how sections call it; unique.
        model: registered model.
        group, variant: where it stands in a table that sets variants (such as "with attributes") side by side.
        paper: the paper's value by metric.
        printed_as: how the paper's table calls the row that these values are of; the name if left out.
        fixed: settings that all trials share.
        trials: what each trial sets; or
        grid: values by setting, of which every combination is a trial.
        like: another row, whose chosen settings these are put over; empty for none.
        unequal: why this row has another number of trials than the protocol says; needed if it has.
        all_epochs: with ``refit``, whether the last fits take all epochs of the settings, as a paper that stops nowhere
            early prints them, instead of as many as the fit that was chosen kept.
        note: what a reader has to know of the row.
    """

    name: str
    model: str
    group: str = ""
    variant: str = ""
    paper: dict[str, float] = {}
    printed_as: str = ""
    fixed: Settings = {}
    trials: tuple[Settings, ...] = ()
    grid: dict[str, tuple[Any, ...]] = {}
    like: str = ""
    unequal: str = ""
    all_epochs: bool = False
    note: str = ""

    @model_validator(mode="after")
    def _one_budget(self) -> Row:
        if self.trials and self.grid:
            raise ValueError("give trials or a grid, not both")
        if self.grid and not 0 < prod(len(values) for values in self.grid.values()) <= _MOST_TRIALS:
            raise ValueError(f"the grid has no combination, or more than {_MOST_TRIALS:,}")
        return self

    @property
    def in_paper(self) -> str:
        """How the paper's table calls the row."""
        return self.printed_as or self.name

    @property
    def tried(self) -> tuple[Settings, ...]:
        """The whole settings of every trial; of a row that is ``like`` another, what is put over its settings."""
        if self.grid:
            combinations = product(*self.grid.values())
            return tuple({**self.fixed, **dict(zip(self.grid, values, strict=True))} for values in combinations)
        return tuple({**self.fixed, **trial} for trial in self.trials or ({},))


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
    models: dict[str, Settings] = {}
    reasons: dict[str, Any] = {}
    sections: dict[str, dict[str, Any]] = {}


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
