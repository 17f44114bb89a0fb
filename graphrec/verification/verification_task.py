"""The verification of a run: measured batch by batch, and put together at the end."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from graphrec import queries
from graphrec.dataset.dataset import Dataset
from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.errors import UsageError
from graphrec.evaluation.explanations.comparison import comparison
from graphrec.evaluation.explanations.pair_batches import joined
from graphrec.tables.effects import EFFECT_KEY
from graphrec.verification.agreement import changed, effect_agreement, sum_agreement, unchanged
from graphrec.verification.claims import without_fallback
from graphrec.verification.listing import quality_at, stored_and_random, summary
from graphrec.verification.remeasured_counterfactuals import flipping_again
from graphrec.verification.result import Excluded, Verified
from graphrec.verification.sampled_evidence import EvidenceData

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.dataset.splitting import Split
    from graphrec.evaluation.explanations.fidelity import Fidelity
    from graphrec.models.model import Model
    from graphrec.progress import Progress
    from graphrec.store.store import Store
    from graphrec.tables.records import RunInfo
    from graphrec.verification.claims import Claims
    from graphrec.verification.listing import Qualities
    from graphrec.verification.remeasured import Remeasured

LENGTHS = (1, 5, 10)
"""Lengths of lists at which paths are judged, beside the longest list of the run."""


@dataclass(eq=False)
class VerificationTask:
    """The verification of a run in progress, batch by batch."""

    info: RunInfo
    model: Model | None
    data: Dataset
    around: EvidenceData
    sample: int
    seed: int
    grounds: tuple[str, ...]
    longest: int
    progress: Progress
    parts: list[Remeasured] = field(default_factory=list)
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
    ) -> VerificationTask:
        """Read what measuring needs beside the claims; arguments as for ``verify``, ``info`` the run's record."""
        progress("reading the data", 0, 0)
        whole = Dataset.from_store(
            store, info.positive_if, negative_if=info.negative_if, dataset=store.dataset_of_run(info)
        )
        data = whole if split is None else split.apply(whole, visible=VisibleReviews.of_run(info.params)).seen
        rows = store.query(queries.load("lookup/lists", store.engine).text, {"run": info.id})
        grounds = tuple(str(ground) for ground in rows["ground"]) if len(rows) else ()
        longest = int(rows["longest"][0]) if len(rows) else 1
        around = EvidenceData.read(store, data, info.protected)
        return cls(info, model, data, around, sample, seed, grounds, longest, progress)

    def take(self, claims: Claims) -> None:
        """Measure a batch of claims."""
        claims = without_fallback(claims)
        pair = stored_and_random(self.around, claims, self.grounds, seed=self.seed)
        self.qualities.append(quality_at(pair, self.lengths, self.around.types_of(self.grounds)))
        self.users += len(pair[0].link)
        if self.model is not None and claims.measured.any():
            width = self.longest if not self.sample else _most_of_one_user(claims)
            self.parts.append(self._measured(claims, width))
        self.progress("measuring lists", self.users, 0)

    def _measured(self, claims: Claims, width: int) -> Remeasured:
        from graphrec.verification.remeasured import measure_claims

        if self.model is None:
            raise UsageError("nothing is measured without a model", remedy="Give the model that the run came from")
        attributes = self.info.params.get("explainer", {}).get("attributes", "stay")
        return measure_claims(self.model, self.data, claims, width, attributes=attributes, seed=self.seed)

    @property
    def lengths(self) -> tuple[int, ...]:
        """Lengths of lists, k of the qualities of paths."""
        return tuple(sorted({*(k for k in LENGTHS if k < self.longest), self.longest}))

    def finished(self, left_out: tuple[Excluded, ...]) -> Verified:
        """Return what was measured of all batches."""
        paths = summary(self.qualities)
        excluded = (*left_out, *_of_no_model(self.info), *_null_paths(self.around, paths, self.longest))
        whole = Verified(self.info.id, self.sample, users=self.users, paths=paths, left_out=excluded)
        if not self.parts:
            return whole
        scores, stored_scores, sums = (
            np.concatenate([getattr(part, name) for part in self.parts]) for name in ("scores", "stored_scores", "sums")
        )
        agreed, within = sum_agreement(scores, stored_scores, sums), unchanged(stored_scores)
        if self.info.weight_unit != "score":
            agreed["additivity"] = None
            why = f"its weights are in units of {self.info.weight_unit}, and sum to no score"
            whole = replace(whole, left_out=(*whole.left_out, Excluded("additivity", why)))
        rows = np.split(
            np.arange(sum(_users(part) for part in self.parts)),
            np.cumsum([_users(p) for p in self.parts])[:-1],
        )
        curves = _curves(*(joined([getattr(part, side) for part in self.parts], rows) for side in ("stored", "random")))
        first = np.concatenate([part.is_first for part in self.parts])
        effects, held_effects = (
            (_column(self.parts, column)[first], np.concatenate([getattr(part, name) for part in self.parts])[first])
            for column, name in (("effect", "effects"), ("held_effect", "held_effects"))
        )
        net = np.concatenate([_net_weights(part) for part in self.parts])[first]
        return replace(
            whole,
            measured=len(scores),
            effects=effect_agreement(*effects, net, held_effects[1], within=within),
            joint_effects=_joint_effects(self.parts, within),
            counterfactuals=flipping_again([part.counterfactuals for part in self.parts], within),
            held_effects=effect_agreement(*held_effects, net, within=within)
            if self.model and self.model.normalises
            else None,
            sums=agreed,
            curves=curves,
            unwritten=tuple(table for part in self.parts if (table := _unwritten(part, within)).num_rows),
        )


def _most_of_one_user(claims: Claims) -> int:
    users = claims.recommendations["user"].combine_chunks().dictionary_encode().indices.to_numpy()
    return int(np.bincount(users[claims.measured]).max(initial=1))


def _users(part: Remeasured) -> int:
    return len(part.stored.before)


def _column(parts: Sequence[Remeasured], name: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    columns = [part.reasons[name].to_numpy(zero_copy_only=False) for part in parts]
    return np.concatenate(columns).astype(np.float64)


def _joint_effects(parts: Sequence[Remeasured], within: float) -> dict[str, Any] | None:
    stored, measured = (np.concatenate([part.joint_effects[side] for part in parts]) for side in (0, 1))
    alone = np.full(len(stored), np.nan)
    return effect_agreement(stored, measured, alone, within=within) if len(stored) else None


def _net_weights(part: Remeasured) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return the net weight of each reason's node, [reasons]; of older runs, which lack it, over the stored reasons.

    NaN for members of sets: they count together, and claim nothing by themselves.
    """
    keys = part.reasons.select(["user", "item", "label", "evidence", "method"]).to_pandas()
    stored, weights = (_column([part], name) for name in ("net", "weight"))
    of_node = [keys[name] for name in keys.columns]
    sums = pd.Series(weights).groupby(of_node, observed=True).transform("sum").to_numpy()
    net = pd.Series(stored).groupby(of_node, observed=True).transform("max").to_numpy()
    return np.where(_column([part], "set") > 0, np.nan, np.where(np.isnan(net), sums, net))


def _unwritten(part: Remeasured, within: float) -> pa.Table:
    stored = part.reasons["effect"].to_numpy(zero_copy_only=False).astype(np.float64)
    rows = np.flatnonzero(changed(stored, part.effects, within) & part.is_first)
    table = part.reasons.select(list(EFFECT_KEY)).take(pa.array(rows))
    return table.append_column("effect", pa.array(part.effects[rows]))


def _curves(stored: Fidelity, chance: Fidelity) -> dict[str, Any]:
    """Return the curves of both on the same pairs at each size, and how they compare."""
    lacking = np.isnan(stored.without)
    same = replace(
        chance, without=np.where(lacking, np.nan, chance.without), alone=np.where(lacking, np.nan, chance.alone)
    )
    return {
        "stored": stored.to_dict(),
        "random": same.to_dict(),
        "compared": comparison(stored, same).to_dict(),
    }


def _of_no_model(info: RunInfo) -> list[Excluded]:
    """Return what is not measured since it is no model's."""
    fallback = info.params.get("request", {}).get("fallback")
    if fallback is None:
        return []
    what = f"what people without any positive interaction got, by {fallback}"
    return [Excluded(what, "it is not the model's, so that there is nothing to measure with it")]


def _null_paths(around: EvidenceData, paths: dict[str, Any], longest: int) -> list[Excluded]:
    """Return why qualities are null for everybody."""
    if not paths:
        return [Excluded("the qualities of paths", "the run recommends nothing")]
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
        Excluded(name, why) for name, why in because.items() if not paths[f"{name}@{longest}"]["stored_alone"]["users"]
    ]
