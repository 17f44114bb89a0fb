"""Read a run's claims from the store, measure them, and say what of it could not be measured, and why."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from graphrec import queries
from graphrec.store.base import silent
from graphrec.verify.agreement import changed, effect_agreement, sum_agreement
from graphrec.verify.claims import read_claims

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.splitting import Split
    from graphrec.evaluate.reasons.fidelity import Fidelity
    from graphrec.models.base import Model
    from graphrec.store.base import Progress, Store
    from graphrec.tables.records import RunInfo
    from graphrec.verify.claims import Claims
    from graphrec.verify.evidence import Surroundings
    from graphrec.verify.listing import Qualities
    from graphrec.verify.measuring import Remeasured

LENGTHS = (1, 5, 10)
"""Lengths of lists at which paths are judged, beside the longest list of the run."""


@dataclass(frozen=True)
class LeftOut:
    """Something that was not measured.

    Attributes:
        what: the measurements.
        why: what is wanting.
        how: what the reader can do; empty if nothing.
    """

    what: str
    why: str
    how: str = ""


@dataclass(frozen=True, eq=False)
class Verified:
    """What was measured of a run.

    Attributes:
        run: id of the run.
        sample: recommendations asked for; 0 for all.
        measured: recommendations measured with the model.
        users: of the lists whose paths were judged.
        effects: as ``effect_agreement`` returns them; None without a model.
        sums: as ``sum_agreement`` returns them; None without a model.
        curves: of stored and of random reasons, on the same pairs, with the comparison of both; None without a model.
        paths: qualities by name and length of list; None where the run's data cannot be had.
        left_out: what was not measured.
        unwritten: tables of ``EFFECTS`` that differ from what is stored.
    """

    run: str
    sample: int
    measured: int = 0
    users: int = 0
    effects: dict[str, Any] | None = None
    sums: dict[str, Any] | None = None
    curves: dict[str, Any] | None = None
    paths: dict[str, Any] | None = None
    left_out: tuple[LeftOut, ...] = ()
    unwritten: tuple[pa.Table, ...] = ()

    @property
    def changes(self) -> int:
        """How many effects differ from what is stored."""
        return sum(table.num_rows for table in self.unwritten)

    def to_dict(self) -> dict[str, Any]:
        """Return plain numbers for JSON; null for what was not measured."""
        names = ("sample", "measured", "users", "effects", "sums", "curves", "paths")
        return {
            **{name: getattr(self, name) for name in names},
            "left_out": [{"what": one.what, "why": one.why, "how": one.how} for one in self.left_out],
        }


def verify_run(
    store: Store,
    run: str = "",
    *,
    model: Model | None = None,
    split: Split | None = None,
    sample: int = 500,
    seed: int = 0,
    progress: Progress = silent,
) -> Verified:
    """Measure what a stored run claims; nothing is written.

    Args:
        store: where the run is.
        run: id of a complete run, or empty for the current one.
        model: the fit that the run came from; without it, only what needs no model is measured.
        split: the split that cut the run's data, if one did.
        sample: how many recommendations are measured; 0 for all.
        seed: of the sample, and of random reasons.
        progress: told how far it has come.

    Raises:
        UnknownIdError: there is no such run.
        ModelError: the run came from another fit; the difference is named.
        UsageError: the split is not the run's.
    """
    info = store.run(run)
    if model is not None:
        from graphrec.verify.fit import refuse_other_fit

        refuse_other_fit(model, info)
    wanting = _wanting(store, info, split)
    if wanting is not None:
        return Verified(info.id, sample, left_out=(wanting,))
    task = _Task.of(store, info, model, split, sample, seed, progress)
    left_out = () if model is not None else (_without_model(info),)
    for claims in read_claims(store.read_run(info.id), sample, seed=seed):
        task.take(claims)
    return task.finished(left_out)


def _without_model(info: RunInfo) -> LeftOut:
    return LeftOut(
        "effects, curves, comprehensiveness and sufficiency, additivity",
        "no model was given",
        f"graphrec verify {info.id} --model FOLDER, with the folder of the fit {info.fit}",
    )


def _wanting(store: Store, info: RunInfo, split: Split | None) -> LeftOut | None:
    """Return why the data that the run saw cannot be had; None if it can."""
    from graphrec.errors import UsageError

    everything = "effects, curves, sums and the qualities of paths"
    if store.data_fingerprint() != info.data:
        return LeftOut(
            everything, "the data changed after the run", "Recommend again: graphrec recommend FOLDER, and verify that"
        )
    if split is not None and split.fingerprint != info.split:
        raise UsageError(
            f"the run saw the split {info.split}, and this is {split.fingerprint}",
            where=f"run {info.id}",
            remedy="Give the file of the run's split, or none where it saw all",
        )
    if split is None and info.split != "none":
        return LeftOut(
            everything, f"the run saw only the training part of the split {info.split}", "Name its file with --split"
        )
    return None


@dataclass(eq=False)
class _Task:
    """A run that is being measured, batch by batch."""

    info: RunInfo
    model: Model | None
    data: Dataset
    around: Surroundings
    sample: int
    seed: int
    grounds: tuple[str, ...]
    longest: int
    progress: Progress
    found: list[Remeasured] = field(default_factory=list)
    qualities: list[Qualities] = field(default_factory=list)
    users: int = 0

    @classmethod
    def of(
        cls,
        store: Store,
        info: RunInfo,
        model: Model | None,
        split: Split | None,
        sample: int,
        seed: int,
        progress: Progress,
    ) -> _Task:
        from graphrec.dataset.reading import read_dataset
        from graphrec.verify.evidence import Surroundings

        progress("reading the data", 0, 0)
        whole = read_dataset(store, info.positive_if)
        data = whole if split is None else split.apply(whole).seen
        rows = store.query(queries.load("lookup/lists", store.engine).text, {"run": info.id})
        grounds = tuple(str(ground) for ground in rows["ground"]) if len(rows) else ()
        longest = int(rows["longest"][0]) if len(rows) else 1
        around = Surroundings.read(store, data, info.protected)
        return cls(info, model, data, around, sample, seed, grounds, longest, progress)

    def take(self, claims: Claims) -> None:
        """Measure a batch of claims."""
        from graphrec.verify.listing import quality_at, stored_and_random

        pair = stored_and_random(self.around, claims, self.grounds, seed=self.seed)
        self.qualities.append(quality_at(pair, self.lengths, self.around.types_of(self.grounds)))
        self.users += len(pair[0].link)
        if self.model is not None:
            from graphrec.verify.measuring import measure_claims

            width = self.longest if not self.sample else _most_of_one_user(claims)
            self.found.append(measure_claims(self.model, self.data, claims, width, seed=self.seed))
        self.progress("measuring lists", self.users, 0)

    @property
    def lengths(self) -> tuple[int, ...]:
        """Lengths of lists, k of the qualities of paths."""
        return tuple(sorted({*(k for k in LENGTHS if k < self.longest), self.longest}))

    def finished(self, left_out: tuple[LeftOut, ...]) -> Verified:
        """Return what was measured of all batches."""
        from graphrec.verify.listing import summary

        paths = summary(self.qualities)
        said = (*left_out, *_null_paths(self.around, paths, self.longest))
        whole = Verified(self.info.id, self.sample, users=self.users, paths=paths, left_out=said)
        if not self.found:
            return whole
        from graphrec.evaluate.reasons.pairs import joined

        scores, stored_scores, sums = (
            np.concatenate([getattr(part, name) for part in self.found]) for name in ("scores", "stored_scores", "sums")
        )
        agreed = sum_agreement(scores, stored_scores, sums)
        if self.info.weight_unit != "score":
            agreed["additivity"] = None
            why = f"its weights are in units of {self.info.weight_unit}, and sum to no score"
            whole = replace(whole, left_out=(*whole.left_out, LeftOut("additivity", why)))
        rows = np.split(
            np.arange(sum(_users(part) for part in self.found)), np.cumsum([_users(p) for p in self.found])[:-1]
        )
        curves = _curves(*(joined([getattr(part, side) for part in self.found], rows) for side in ("stored", "random")))
        effects = (_column(self.found, "effect"), np.concatenate([part.effects for part in self.found]))
        return replace(
            whole,
            measured=len(scores),
            effects=effect_agreement(*effects, _column(self.found, "weight")),
            sums=agreed,
            curves=curves,
            unwritten=tuple(table for part in self.found if (table := _unwritten(part)).num_rows),
        )


def _most_of_one_user(claims: Claims) -> int:
    users = claims.recommendations["user"].combine_chunks().dictionary_encode().indices.to_numpy()
    return int(np.bincount(users[claims.measured]).max(initial=1))


def _users(part: Remeasured) -> int:
    return len(part.stored.before)


def _column(found: Sequence[Remeasured], name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    columns = [part.reasons[name].to_numpy(zero_copy_only=False) for part in found]
    return np.concatenate(columns).astype(np.float64)


def _unwritten(part: Remeasured) -> pa.Table:
    from graphrec.tables.effects import EFFECT_KEY

    stored = part.reasons["effect"].to_numpy(zero_copy_only=False).astype(np.float64)
    rows = np.flatnonzero(changed(stored, part.effects))
    table = part.reasons.select(list(EFFECT_KEY)).take(pa.array(rows))
    return table.append_column("effect", pa.array(part.effects[rows]))


def _curves(stored: Fidelity, chance: Fidelity) -> dict[str, Any]:
    """Return the curves of both on the same pairs at each size, and how they compare."""
    from graphrec.evaluate.reasons.comparison import comparison

    lacking = np.isnan(stored.without)
    same = replace(
        chance, without=np.where(lacking, np.nan, chance.without), alone=np.where(lacking, np.nan, chance.alone)
    )
    return {
        "stored": stored.to_dict(),
        "random": same.to_dict(),
        "compared": comparison(stored, same).to_dict(),
    }


def _null_paths(around: Surroundings, paths: dict[str, Any], longest: int) -> list[LeftOut]:
    """Say why a quality is null for everybody."""
    if not paths:
        return [LeftOut("the qualities of paths", "the run recommends nothing")]
    timed = not np.isnan(around.data.interactions.timestamp).all()
    because = {
        "LIR": "no user has first reasons through interactions at different times"
        if timed
        else "the interactions have no timestamps",
        "SEP": "no first reason is an attribute or an entity of a type whose nodes differ in degree",
        "SED": "no first reason is an attribute or an entity",
        "LID": "no first reason comes through a taken item",
        "PTD": "no recommendation has a reason",
        "PTC": "nobody has two recommendations with reasons",
    }
    return [
        LeftOut(name, why) for name, why in because.items() if not paths[f"{name}@{longest}"]["stored_alone"]["users"]
    ]
