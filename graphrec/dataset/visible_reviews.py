"""The choice of reviews and profiles that the data of a split shows."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

Reviews = Literal["training", "not-held-out"]
Profiles = Literal["reviews", "given"]
ItemProfiles = Literal["given", "takers"]


@dataclass(frozen=True)
class VisibleReviews:
    """Which mentions of features stay when a split cuts a data set.

    Attributes:
        reviews: ``training``: those of the pairs of the training part alone. ``not-held-out``: those of every pair that
            is in no held-out part; low ratings, pairs that the split does not name, and reviews whose user or item is
            not among the nodes speak too, and those of the validation part do not.
        profiles: ``reviews``: stored profiles over reviews that are not known one by one are dropped, so that all that
            is seen comes from reviews that may be seen. ``given``: they stay. They hold the reviews of the test part
            too, so that the data is ``Dataset.leaking``; some papers did so.
        item_profiles: with profiles ``given``: ``given`` leaves those of items as stored. ``takers``, for data that
            has none, makes them: the sum of the given profiles of the users who took the item in what may be seen.

    Raises:
        UsageError: a word that there is not, or profiles of items from takers without given profiles.
    """

    reviews: Reviews = "training"
    profiles: Profiles = "reviews"
    item_profiles: ItemProfiles = "given"

    def __post_init__(self) -> None:
        for name, known in (("reviews", Reviews), ("profiles", Profiles), ("item_profiles", ItemProfiles)):
            value = getattr(self, name)
            if value not in get_args(known):
                raise UsageError(f"{name} cannot be {value!r:.60}", remedy=f"Choose {' or '.join(get_args(known))}")
        if self.item_profiles == "takers" and self.profiles != "given":
            raise UsageError(
                "profiles of items are made of their takers' given profiles, and those are dropped",
                remedy='Say profiles = "given" too, or leave out item_profiles',
            )

    @classmethod
    def of_run(cls, params: Mapping[str, Any]) -> VisibleReviews:
        """Return what a run saw, from its parameters, which hold what was ``stated``."""
        return cls(**params.get("visible", {}))

    @property
    def keeps_profiles(self) -> bool:
        """Whether stored profiles stay."""
        return self.profiles == "given"

    @property
    def stated(self) -> dict[str, str]:
        """What departs from the default, by name; empty for the default."""
        plain = asdict(VisibleReviews())
        return {name: value for name, value in asdict(self).items() if value != plain[name]}

    def __str__(self) -> str:
        whose = {
            "training": "reviews of the training part alone",
            "not-held-out": "every review that is not of a held-out pair",
        }[self.reviews]
        if not self.keeps_profiles:
            return whose
        takers = ", those of items the sums of their takers' in training" if self.item_profiles == "takers" else ""
        return f"{whose}, and the given profiles over all reviews{takers}"
