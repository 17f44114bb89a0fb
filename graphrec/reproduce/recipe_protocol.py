"""The protocol of a recipe: how data is cut, what is measured, and what was looked at."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from graphrec.dataset.visible_reviews import ItemProfiles, Profiles, Reviews, VisibleReviews
from graphrec.errors import UsageError
from graphrec.reproduce.measured_names import measured_name
from graphrec.reproduce.strict import Strict, require_below


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
    options: dict[str, Any] = Field(default_factory=dict)
    paths: dict[str, str] = Field(default_factory=dict)
    varies: str = "seed"

    @model_validator(mode="after")
    def _stays_below(self) -> SplitPlan:
        require_below(self.paths.values())
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
