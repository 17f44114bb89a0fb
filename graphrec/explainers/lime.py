"""LIME: a linear model fitted to the model's scores when some of a user's inputs are missing.

Source: Ribeiro, Singh, Guestrin, "Why Should I Trust You?", KDD 2016, with the authors' package ``lime`` doing every
fit. Two things are ours, because the package's defaults serve a model that averages its inputs badly:

- Perturbations leave out a fixed share of the inputs. The package's way with texts, a uniform number of words left out
  from one to all, makes many users with almost no input; there a mean of few vectors is far from linear, and the fit
  of RecoNet on MovieLens 1M stayed at R² = .8 however many samples it had. With a fixed share the divisor of the mean
  is the same in all samples, and the same model is fitted with R² > .99 as soon as samples outnumber inputs.
- No forward selection, which fits a model for every feature in every round.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
import torch
from pydantic import Field
from typing_extensions import override

from graphrec.explainers.lime_surrogate import SurrogateFits, distances, explained_variance
from graphrec.explainers.removal import SINGLE_INPUT
from graphrec.explaining.explainer import Claim, Explainer, ExplainerConfig
from graphrec.explaining.input_switching import score_subsets
from graphrec.explaining.seeded_draws import slot_keys, uniform, user_keys

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.dataset.profiles import Profiles
    from graphrec.explaining.evidence import Evidence, Slots
    from graphrec.explaining.explainable import Explainable

FRESH = 500
"""Number of samples on which a fit is tested; it is not fitted on them."""

_FIRST_COUNT, _GROWTH = 32, 1.5
_HOW_MANY = 2
"""The stream of draws for the number of inputs that a uniform perturbation leaves out."""


class LimeConfig(ExplainerConfig):
    """Settings of LIME.

    Attributes:
        samples: perturbed users a user, the user as he is among them; all items of a user share them.
        perturbation: ``share`` leaves out a fixed share of the inputs, ``uniform`` a uniform number of them from one to
            all, as the package does with texts.
        removed: the share, at least one input.
        kernel_width: of lime's kernel √exp(−d² / width²), where d = 1 − √(share kept), the cosine distance; lime's own
            width for texts.
        alpha: L2 penalty of the ridge regression.
        selection: lime's ``feature_selection``: ``none`` fits all inputs, ``highest_weights`` refits the strongest.
        features: inputs that ``highest_weights`` keeps; the others weigh 0.
    """

    samples: int = Field(5000, ge=2, description="perturbed users a user")
    perturbation: Literal["share", "uniform"] = Field("share", description="share or uniform")
    removed: float = Field(0.2, gt=0, lt=1, description="share of the inputs that a perturbation leaves out")
    kernel_width: float = Field(0.25, gt=0, description="of lime's kernel, in cosine distance")
    alpha: float = Field(1e-4, ge=0, description="L2 penalty of the ridge regression")
    selection: Literal["none", "highest_weights"] = Field("none", description="none or highest_weights")
    features: int = Field(10, ge=1, description="inputs that highest_weights keeps")


@dataclass(frozen=True, eq=False)
class AdaptiveFit:
    """LIME with as few samples as needed.

    Attributes:
        evidence: weights of the last fit of each pair.
        samples: int64 [B, k], how many it had; 0 for a user without inputs.
        r2: float64 [B, k], weighted R² on ``FRESH`` samples that it had not seen; NaN for a user without inputs.
    """

    evidence: Evidence
    samples: npt.NDArray[np.int64]
    r2: npt.NDArray[np.float64]


class Lime(Explainer):
    """The weight of an input is its coefficient in the linear model, in units of the score.

    Raises:
        MissingExtraError: the package ``lime`` is absent.
    """

    name: ClassVar[str] = "lime"
    Config: ClassVar[type[ExplainerConfig]] = LimeConfig

    def __init__(self, config: ExplainerConfig | None = None, **settings: Any) -> None:
        super().__init__(config, **settings)
        chosen = self.config
        self._fits = SurrogateFits(chosen.kernel_width, chosen.alpha, chosen.selection, chosen.features, chosen.seed)

    @override
    def weigh(self, model: Explainable, profiles: Profiles, items: torch.Tensor) -> Evidence:
        slots = model.inputs(profiles)
        weights = np.zeros((*items.shape, slots.labels.shape[1]), dtype=np.float32)
        for row, filled, presence, scores in self._sampled(model, profiles, slots, items, 0, self.config.samples):
            for place in range(items.shape[1]):
                weights[row, place, filled] = self._fits.fit(presence, scores, place)[0]
        return slots.weighed(torch.from_numpy(weights))

    def fit_adaptively(
        self, model: Explainable, profiles: Profiles, items: torch.Tensor, *, target: float = 0.9
    ) -> AdaptiveFit:
        """Fit with more and more samples, half as many again each time, until the fit holds on fresh ones.

        Args:
            model: fitted.
            profiles: of B users.
            items: int64 [B, k].
            target: the weighted R² to reach on fresh samples; at ``samples`` of the settings it stops all the same.
        """
        slots = model.inputs(profiles)
        weights = np.zeros((*items.shape, slots.labels.shape[1]), dtype=np.float32)
        counts, r2 = np.zeros(items.shape, dtype=np.int64), np.full(items.shape, np.nan)
        fit_samples = self._sampled(model, profiles, slots, items, 0, self.config.samples)
        fresh_samples = self._sampled(model, profiles, slots, items, 1, FRESH)
        for (row, filled, presence, scores), (_, _, fresh_presence, fresh_scores) in zip(
            fit_samples, fresh_samples, strict=True
        ):
            close = self._fits.proximity(distances(fresh_presence))
            for place in range(items.shape[1]):
                for count in _counts(self.config.samples):
                    fitted, intercept = self._fits.fit(presence[:count], scores[:count], place)
                    predicted = (fresh_presence @ fitted + intercept)[:, None]
                    r2[row, place] = explained_variance(predicted, fresh_scores[:, place : place + 1], close)[0]
                    counts[row, place] = count
                    if r2[row, place] >= target:
                        break
                weights[row, place, filled] = fitted
        return AdaptiveFit(slots.weighed(torch.from_numpy(weights)), counts, r2)

    def _sampled(
        self, model: Explainable, profiles: Profiles, slots: Slots, items: torch.Tensor, stream: int, samples: int
    ) -> Iterator[tuple[int, npt.NDArray[np.bool_], npt.NDArray[np.float64], npt.NDArray[np.float64]]]:
        """Yield for each user with inputs: the row, its filled slots, presence [samples, n] and scores [samples, k]."""
        users, keys = user_keys(profiles, slots), slot_keys(slots)
        for row in np.flatnonzero((slots.labels >= 0).any(axis=1)):
            filled = slots.labels[row] >= 0
            present = self._presence(users[row : row + 1], keys[row, filled], stream, samples)
            on_inputs = torch.zeros(1, samples, len(filled), dtype=torch.bool)
            on_inputs[0, :, filled] = torch.from_numpy(present)
            alone = slice(row, row + 1)
            scores = score_subsets(
                model,
                profiles.rows(np.array([row])),
                slots.rows(alone),
                items[alone],
                samples,
                lambda _, part, on_inputs=on_inputs: on_inputs[:, part],  # type: ignore[misc]
            )
            yield int(row), filled, present.astype(np.float64), scores[0].numpy().astype(np.float64)

    def _presence(
        self, user: npt.NDArray[np.uint64], keys: npt.NDArray[np.uint64], stream: int, samples: int
    ) -> npt.NDArray[np.bool_]:
        """Return bool [samples, n]; the first row of the first stream has all inputs."""
        sample = np.arange(samples)[:, None]
        random = uniform(self.config.seed, stream, user[:, None], sample, keys[None, :])
        if self.config.perturbation == "uniform":
            last = (uniform(self.config.seed, _HOW_MANY, stream, user[:, None], sample) * len(keys)).astype(np.int64)
            highest = np.take_along_axis(np.sort(random, axis=1), last, axis=1)
        else:
            last_of_all = max(1, round(self.config.removed * len(keys))) - 1
            highest = np.partition(random, last_of_all, axis=1)[:, last_of_all : last_of_all + 1]
        present = random > highest
        if stream == 0:
            present[0] = True
        return present

    @override
    def claim(self, model: Explainable) -> Claim:
        del model
        note = (
            f"Weights are coefficients of LIME's linear model, fitted to {self.config.samples} samples; {SINGLE_INPUT}"
        )
        return Claim("perturbation", note)


def _counts(most: int) -> list[int]:
    """Return the sample counts to try."""
    counts = [min(_FIRST_COUNT, most)]
    while counts[-1] < most:
        counts.append(min(round(counts[-1] * _GROWTH), most))
    return counts
