"""A recipe at work: the jobs of its rows, the settings that were chosen, and the results."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.models.config import GradientConfig
from graphrec.reproduce.job import Job
from graphrec.reproduce.named_code import model_of_recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.reproduce.cache import Cache
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.recipe_protocol import SplitPlan
    from graphrec.reproduce.strict import Settings


@dataclass(frozen=True, eq=False)
class Study:
    """Recipe, data and results, for sections.

    Attributes:
        recipe: what is reproduced.
        dataset: whole.
        splits: fingerprints, one for each seed of the protocol, of what is measured; with ``refit``, those whose
            validation part is for training too, which may be the same for all seeds.
        cache: with the results.
        cut: makes a further split and returns its fingerprint.
        kept: rows whose fitted models sections work with.
        detailed: rows of which sections work with the value of every single ranking.
        traced: rows of which sections work with the training loss of every epoch.
        choosing: fingerprint of the split whose validation part settings are chosen by; with ``refit`` it is not the
            first of ``splits``.
    """

    recipe: Recipe
    dataset: Dataset
    splits: tuple[str, ...]
    cache: Cache
    cut: Callable[[SplitPlan, int], str]
    kept: frozenset[str] = frozenset()
    detailed: frozenset[str] = frozenset()
    traced: frozenset[str] = frozenset()
    choosing: str = ""

    # --- jobs

    def tried(self, row: str) -> tuple[Settings, ...]:
        """Return the whole settings of every trial; those of the row that this one is like have to be chosen."""
        own = self.recipe.row(row)
        base = self.chosen(own.like) if own.like else {}
        return tuple({**base, **settings} for settings in own.tried)

    def trials(self, row: str) -> list[Job]:
        """Return the fits that settings are chosen by: every trial of a row, on the first split.

        One that is still to be done keeps its model where the winner's is needed, so that the winner is fitted once.
        """
        jobs = []
        refit = self.recipe.protocol.refit
        for settings in self.tried(row):
            job = self._fit(row, settings, 0, split=self.choosing, keep=False)
            jobs.append(replace(job, keep=not refit and row in self.kept and not self.cache.has(job)))
        return jobs

    def fit(self, row: str, place: int = 0) -> Job:
        """Return the fit of a row with its chosen settings on one split; on the first, its model is kept if needed."""
        return self._final(row, {}, place, keep=place == 0 and row in self.kept)

    def fits(self, row: str) -> list[Job]:
        """Return the fits of a row with its chosen settings, one a split."""
        return [self.fit(row, place) for place in range(len(self.splits))]

    def kept_fits(self, row: str) -> list[Job]:
        """Return the fits of a row with its chosen settings, one a split, all of them with their models kept."""
        return [self._final(row, {}, place, keep=True) for place in range(len(self.splits))]

    def choosing_fit(self, row: str) -> Job:
        """Return the fit that the settings of a row were chosen by, on the split ``choosing``, with its model kept."""
        return replace(self.trials(row)[self._chosen_place(row)], keep=True)

    def varied(self, row: str, settings: Settings, place: int = 0, *, keep: bool = False) -> Job:
        """Return the fit of a row with other settings put over the chosen ones.

        Where they say what was chosen, it is the fit that is there.

        Args:
            row: its name.
            settings: put over the chosen ones.
            place: which split.
            keep: whether the model is worked with.
        """
        return self._final(row, settings, place, keep=keep)

    def seeded(self, row: str, seed: int) -> Job:
        """Return the fit of a row with another seed, on the first split, its model kept."""
        protocol = self.recipe.protocol
        own = protocol.seeds[0] if protocol.refit else self.chosen(row).get("seed", 0)  # 0 is every model's default
        return self._final(row, {"seed": seed} if seed != own else {}, 0, keep=True)  # the fit that is there serves too

    def elsewhere(self, row: str, split: str, metrics: Sequence[str], settings: Settings) -> Job:
        """Return the fit of a row with its chosen settings on a further split.

        Args:
            row: its name.
            split: fingerprint, as ``cut`` returned it.
            metrics: what is measured there.
            settings: put over the chosen ones.
        """
        model = self.recipe.row(row).model
        inputs = {
            **self._on(0),
            "split": split,
            "model": model,
            "settings": {**self.chosen(row), **settings},
            "metrics": list(metrics),
            "candidates": self.recipe.protocol.candidates,
        }
        return Job("fit", model, f"{row}, further split {split[:6]}", inputs)

    def reasons(self, name: str) -> Job:
        """Return the measurement of reasons of this name."""
        plan = next(plan for plan in self.recipe.reasons if plan.name == name)
        inputs = {
            "methods": plan.methods,
            "users": plan.users,
            "sizes": list(range(1, plan.up_to + 1)),
            "shift": plan.shift,
            "seed": plan.seed,
        }
        return self.job("reasons", plan.row, f"reasons of {plan.row}", inputs, needs=[self.fit(plan.row)])

    def job(
        self,
        kind: str,
        group: str,
        label: str,
        inputs: Mapping[str, Any],
        *,
        needs: Sequence[Job] = (),
    ) -> Job:
        """Return a job on this data and the first split."""
        return Job(kind, group, label, {**self._on(0), **inputs}, tuple(needs))

    def _final(self, row: str, over: Settings, place: int, *, keep: bool) -> Job:
        """Return a fit that is measured, with the chosen settings and others put over them.

        With ``refit`` it has the seed of its place, and learns from the validation part too, so that nothing tells when
        to stop: a model that is trained in epochs takes as many as the fit that was chosen kept, or all of its
        settings where the row wants them.
        """
        if not self.recipe.protocol.refit:
            return self._fit(row, {**self.chosen(row), **over}, place, split=self.splits[place], keep=keep)
        seed = self.recipe.protocol.seeds[place]
        settings = {**self.chosen(row), **self._epochs_kept(row), "seed": seed, **over}
        job = self._fit(row, settings, place, split=self.splits[place], keep=keep)
        return replace(job, inputs={**job.inputs, "seed": seed})

    def _epochs_kept(self, row: str) -> Settings:
        plan = self.recipe.row(row)
        if plan.all_epochs or not issubclass(model_of_recipe(plan.model).Config, GradientConfig):
            return {}
        return {"epochs": int(self.result(self.trials(row)[self._chosen_place(row)])["best_epoch"])}

    def _fit(self, row: str, settings: Settings, place: int, *, split: str, keep: bool) -> Job:
        model = self.recipe.row(row).model
        protocol = self.recipe.protocol
        inputs = {
            **self._on(place),
            "split": split,
            "model": model,
            "settings": settings,
            "metrics": list(protocol.metrics),
            "candidates": protocol.candidates,
        }
        if protocol.also_candidates:
            inputs["also_candidates"] = list(protocol.also_candidates)
        if row in self.detailed:
            inputs["detailed"] = True
        if row in self.traced:
            inputs["traced"] = True
        return Job("fit", model, f"{row}, split {place + 1}: {_listed(settings)}", inputs, keep=keep)

    def _on(self, place: int) -> dict[str, Any]:
        return {
            "data": self.dataset.fingerprint,
            "positive_if": self.recipe.protocol.positive_if,
            "split": self.splits[place],
            **({"visible": visible} if (visible := self.recipe.protocol.visible.stated) else {}),
        }

    # --- results

    def result(self, job: Job) -> dict[str, Any]:
        """Return the result of a job that is done."""
        return self.cache.result(job)

    def chosen(self, row: str) -> Settings:
        """Return the settings with the best validation value on the first split; the first of equals.

        The trials have to be done.
        """
        return self.tried(row)[self._chosen_place(row)]

    def _chosen_place(self, row: str) -> int:
        values = self.validation(row)
        return values.index(max(values))

    def validation(self, row: str) -> list[float]:
        """Return the validation value of every trial of a row."""
        metric = self.recipe.protocol.metric
        return [float(self.result(job)["validation"][metric]) for job in self.trials(row)]

    def tests(self, row: str, metric: str = "") -> list[float]:
        """Return the mean on the test part of every split.

        Args:
            row: its name.
            metric: the one that settings are chosen by if left out.
        """
        name = metric or self.recipe.protocol.metric
        return [float(self.result(job)["test"][name]) for job in self.fits(row)]

    def test_values(self, row: str, metric: str) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
        """Return the value of every ranking on the test parts of all splits, one split after the other.

        Args:
            row: one of those in ``detailed``.
            metric: its measured name.

        Returns:
            Users int64 [cases], positions in the data; and values float64 [cases].
        """
        parts = [self.result(job)["values"][metric] for job in self.fits(row)]
        users = np.concatenate([np.array(part["users"], dtype=np.int64) for part in parts])
        return users, np.concatenate([np.array(part["values"], dtype=np.float64) for part in parts])

    def seconds(self, jobs: Iterable[Job]) -> float:
        """Return how long jobs took on the clock, each on one thread, in this run or an earlier one.

        A fit that went on from a checkpoint counts from there.

        Args:
            jobs: each counts once, without those that it needs; one whose result was removed counts nothing.
        """
        unique = {job.key: job for job in jobs}.values()
        return sum(float(self.result(job)["took"]) for job in unique if self.cache.has_result(job))

    def forget_losers(self) -> None:
        """Remove the models of settings that lost: nobody needs them."""
        winners = {self.fit(row).key for row in self.kept}
        for row in self.kept:
            for job in self.trials(row):
                if job.key not in winners:
                    self.cache.drop_model(job)


def _listed(settings: Settings) -> str:
    return ", ".join(f"{name} {value}" for name, value in settings.items()) or "as it is"
