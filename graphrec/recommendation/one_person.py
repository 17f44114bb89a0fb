"""The protocol of what scores one person, with all inputs or without some, whatever computes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.factors import Factors


class Used(NamedTuple):
    """The inputs that a model has of one person, positions.

    Attributes:
        items: int32, taken items.
        attributes: int32, of items and of the person.
        features: int32, those that the person mentions of items.
    """

    items: npt.NDArray[np.int32]
    attributes: npt.NDArray[np.int32]
    features: npt.NDArray[np.int32]


class Scored(NamedTuple):
    """The scores of one person.

    Attributes:
        inputs: how many inputs they come from.
        scores: float32 [items]; None where there is no input.
    """

    inputs: int
    scores: npt.NDArray[np.float32] | None


class OnePerson(Protocol):
    """Scores of one person by a fitted model.

    Attributes:
        name: of the model.
        factors: of the fit.
    """

    @property
    def name(self) -> str:
        """Name of the model."""

    @property
    def factors(self) -> Factors:
        """Factors of the fit."""

    def inputs(self, profile: Profiles) -> Used:
        """Return what the model uses of a person."""

    def scores(self, profile: Profiles) -> Scored:
        """Return the scores of a person."""

    def scores_without(
        self, profile: Profiles, items: npt.NDArray[np.int32], attributes: npt.NDArray[np.int64]
    ) -> Scored:
        """Return the scores with these inputs switched off, and nothing else."""
