"""A recipe at work: the jobs of its rows, the settings that were chosen, and the results."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.reproduce.job import Job

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import numpy.typing as npt

    from graphrec.dataset.dataset import Dataset
    from graphrec.reproduce.cache import Cache
    from graphrec.reproduce.recipe import Recipe, Settings, SplitPlan


@dataclass(frozen=True, eq=False)
class Study:
    """Recipe, data and results, for sections.

    Attributes:
        recipe: what is reproduced.
        dataset: whole.
        splits: fingerprints, one for each seed of the protocol.
        cache: with the results.
        cut: makes a further split and returns its fingerprint.
        kept: rows whose fitted models sections work with.
        detailed: rows of which sections work with the value of every single ranking.
    """

    recipe: Recipe
    dataset: Dataset
    splits: tuple[str, ...]
    cache: Cache
    cut: Callable[[SplitPlan, int], str]
    kept: frozenset[str] = frozenset()
    detailed: frozenset[str] = frozenset()

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
        for settings in self.tried(row):
            job = self._fit(row, settings, 0, keep=False)
            jobs.append(replace(job, keep=row in self.kept and not self.cache.has(job)))
        return jobs

    def fit(self, row: str, place: int = 0) -> Job:
        """Return the fit of a row with its chosen settings on one split; on the first, its model is kept if needed."""
        return self._fit(row, self.chosen(row), place, keep=place == 0 and row in self.kept)

    def fits(self, row: str) -> list[Job]:
        """Return the fits of a row with its chosen settings, one a split."""
        return [self.fit(row, place) for place in range(len(self.splits))]

    def kept_fits(self, row: str) -> list[Job]:
        """Return the fits of a row with its chosen settings, one a split, all of them with their models kept."""
        return [self._fit(row, self.chosen(row), place, keep=True) for place in range(len(self.splits))]

    def varied(self, row: str, settings: Settings, place: int = 0, *, keep: bool = False) -> Job:
        """Return the fit of a row with other settings put over the chosen ones.

        Where they say what was chosen, it is the fit that is there.

        Args:
            row: its name.
            settings: put over the chosen ones.
            place: which split.
            keep: whether the model is worked with.
        """
        return self._fit(row, {**self.chosen(row), **settings}, place, keep=keep)

    def seeded(self, row: str, seed: int) -> Job:
        """Return the fit of a row with another seed, on the first split, its model kept."""
        chosen = self.chosen(row)
        other = seed != chosen.get("seed", 0)  # every model's default, so that the fit that is there serves too
        return self._fit(row, {**chosen, "seed": seed} if other else chosen, 0, keep=True)

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

    def _fit(self, row: str, settings: Settings, place: int, *, keep: bool) -> Job:
        model = self.recipe.row(row).model
        protocol = self.recipe.protocol
        inputs = {
            **self._on(place),
            "model": model,
            "settings": settings,
            "metrics": list(protocol.metrics),
            "candidates": protocol.candidates,
        }
        if protocol.also_candidates:
            inputs["also_candidates"] = list(protocol.also_candidates)
        if row in self.detailed:
            inputs["detailed"] = True
        return Job("fit", model, f"{row}, split {place + 1}: {_listed(settings)}", inputs, keep=keep)

    def _on(self, place: int) -> dict[str, Any]:
        return {
            "data": self.dataset.fingerprint,
            "positive_if": self.recipe.protocol.positive_if,
            "split": self.splits[place],
        }

    # --- results

    def result(self, job: Job) -> dict[str, Any]:
        """Return the result of a job that is done."""
        return self.cache.result(job)

    def chosen(self, row: str) -> Settings:
        """Return the settings with the best validation value on the first split; the first of equals.

        The trials have to be done.
        """
        tried = self.tried(row)
        return max(zip(self.validation(row), tried, strict=True), key=lambda pair: pair[0])[1]

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
