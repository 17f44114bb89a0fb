"""A latent space as measures of it see it: histories are encoded, vectors are decoded into scores, and vary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import row_blocks
from graphrec.dataset.profiles import Profiles, profiles_of
from graphrec.errors import ModelError, UsageError
from graphrec.models.latent import LatentModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.incidence import Incidence
    from graphrec.models.recommender import Recommender


class LatentSpace(Protocol):
    """An encoder and a decoder over d dimensions."""

    def encode(self, histories: Incidence) -> npt.NDArray[np.float64]:
        """Return z of B newcomers with these items, float64 [B, d].

        Args:
            histories: B × items.
        """

    def decode(self, latents: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
        """Return the scores that any z gives, float32 [B, items].

        Args:
            latents: float64 [B, d].
        """


def latent_model(model: Recommender) -> LatentModel:
    """Return the model as one with a latent space; raise UsageError where it has none."""
    if not isinstance(model, LatentModel):
        raise UsageError(
            f"{model.name} has no latent space: it is no graphrec.models.latent.LatentModel",
            remedy="Take a model that has one, such as nmf, mf or vgae",
        )
    return model


def item_latents(model: Recommender) -> npt.NDArray[np.float64] | None:
    """Return the vectors of items, float64 [items, d]; None where they have none, UsageError without a latent space."""
    vectors = latent_model(model).item_latents()
    return None if vectors is None else _array(vectors)


def user_latents(
    model: Recommender, dataset: Dataset, users: npt.NDArray[Any] | None = None
) -> Iterator[npt.NDArray[np.float64]]:
    """Yield z of users who have inputs, float64 [b, d], in blocks of bounded memory.

    Args:
        model: with a latent space.
        dataset: the users' inputs, in any numbering.
        users: positions in ``dataset.users``; all if left out.

    Raises:
        UsageError: the model has no latent space.
        ModelError: nobody has an input.
    """
    latent = latent_model(model)
    data, known = model.align(dataset)
    asked = np.arange(len(data.users)) if users is None else users
    nobody = True
    for block in row_blocks(len(asked), len(data.items)):
        profiles = profiles_of(data, known, asked[block])
        able = np.flatnonzero(model.count_inputs(profiles))
        if len(able):
            nobody = False
            yield _array(latent.user_latents(profiles.rows(able)))
    if nobody:
        raise ModelError(
            f"no user has an input that {model.name} can encode", remedy="Give data with users whom the model can score"
        )


@dataclass(frozen=True, eq=False)
class ModelSpace:
    """The latent space of a fitted model, for users whom it does not know.

    Attributes:
        model: fitted.
        nobody: no users, with the links of items that histories are encoded with.
    """

    model: Recommender
    nobody: Profiles

    @classmethod
    def of(cls, model: Recommender, dataset: Dataset) -> ModelSpace:
        """Return the space of a model.

        Args:
            model: with a latent space.
            dataset: with what the model knows of items.

        Raises:
            UsageError: the model has no latent space.
        """
        latent_model(model)
        data, known = model.align(dataset)
        return cls(model, profiles_of(data, known, np.empty(0, dtype=np.int64)))

    def encode(self, histories: Incidence) -> npt.NDArray[np.float64]:
        """Return z of newcomers, as ``LatentSpace``.

        Raises:
            UsageError: the model encodes only users whom it was fitted on.
        """
        links = {kind: matrix for kind, matrix in self.nobody.links.items() if kind.source != "User"}
        newcomers = Profiles(np.full(histories.n_rows, -1, dtype=np.int32), histories, links)
        if histories.n_entries and not self.model.count_inputs(newcomers).any():
            raise UsageError(
                f"{self.model.name} has vectors of the users of its fit alone: it cannot encode what is decoded",
                remedy="Take a model that encodes histories, such as nmf or vgae",
            )
        return _array(latent_model(self.model).user_latents(newcomers))

    def decode(self, latents: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
        """Return the scores of vectors, as ``LatentSpace``; raise ModelError where they are no numbers."""
        decoded = latent_model(self.model).scores_of_latents(torch.from_numpy(latents.astype(np.float32)))
        scores: npt.NDArray[np.float32] = decoded.detach().numpy()
        if np.isnan(scores).any():
            raise ModelError(f"{self.model.name} decodes a vector of its latent space into NaN")
        return scores


@dataclass(frozen=True, eq=False)
class RotatedSpace:
    """The same space in other coordinates, z ↦ (z − c) R: every score stays what it was.

    Attributes:
        space: the one that is rotated.
        centre: c, float64 [d].
        rotation: R, float64 [d, d], orthogonal.
    """

    space: LatentSpace
    centre: npt.NDArray[np.float64]
    rotation: npt.NDArray[np.float64]

    def to(self, latents: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Return vectors of the first space in the coordinates of this one, float64 [n, d]."""
        rotated: npt.NDArray[np.float64] = (latents - self.centre) @ self.rotation
        return rotated

    def encode(self, histories: Incidence) -> npt.NDArray[np.float64]:
        """Return z of newcomers, as ``LatentSpace``."""
        return self.to(self.space.encode(histories))

    def decode(self, latents: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
        """Return the scores of vectors, as ``LatentSpace``."""
        return self.space.decode(latents @ self.rotation.T + self.centre)


def _array(vectors: torch.Tensor) -> npt.NDArray[np.float64]:
    return vectors.detach().numpy().astype(np.float64)
