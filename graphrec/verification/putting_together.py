"""The verification of a run, put together from what was measured of batches of its claims."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from graphrec.evaluation.explanations.comparison import comparison
from graphrec.evaluation.explanations.pair_batches import joined
from graphrec.tables.effects import EFFECT_KEY
from graphrec.verification.agreement import changed, effect_agreement, sum_agreement, unchanged
from graphrec.verification.listing import summary
from graphrec.verification.remeasured_counterfactuals import flipping_again
from graphrec.verification.result import Excluded, Verified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.evaluation.explanations.fidelity import Fidelity
    from graphrec.tables.records import RunInfo
    from graphrec.verification.claim_measure import ClaimMeasure, MeasuredClaims
    from graphrec.verification.remeasured import Remeasured
    from graphrec.verification.sampled_evidence import EvidenceData


def put_together(measure: ClaimMeasure, batches: Sequence[MeasuredClaims], left_out: tuple[Excluded, ...]) -> Verified:
    """Return what was measured of a run.

    Args:
        measure: that measured it.
        batches: what it measured, in the order of the claims.
        left_out: what could not be measured, and why.
    """
    info, model = measure.info, measure.model
    paths = summary([batch.qualities for batch in batches])
    excluded = (*left_out, *_of_no_model(info), *_null_paths(measure.around, paths, measure.longest))
    users = sum(batch.users for batch in batches)
    whole = Verified(info.id, measure.sample, users=users, paths=paths, left_out=excluded)
    parts = [batch.remeasured for batch in batches if batch.remeasured is not None]
    if not parts:
        return whole
    scores, stored_scores, sums = (
        np.concatenate([getattr(part, name) for part in parts]) for name in ("scores", "stored_scores", "sums")
    )
    agreed, within = sum_agreement(scores, stored_scores, sums), unchanged(stored_scores)
    if info.weight_unit != "score":
        agreed["additivity"] = None
        why = f"its weights are in units of {info.weight_unit}, and sum to no score"
        whole = replace(whole, left_out=(*whole.left_out, Excluded("additivity", why)))
    rows = np.split(
        np.arange(sum(_users(part) for part in parts)),
        np.cumsum([_users(p) for p in parts])[:-1],
    )
    curves = _curves(*(joined([getattr(part, side) for part in parts], rows) for side in ("stored", "random")))
    first = np.concatenate([part.is_first for part in parts])
    effects, held_effects = (
        (_column(parts, column)[first], np.concatenate([getattr(part, name) for part in parts])[first])
        for column, name in (("effect", "effects"), ("held_effect", "held_effects"))
    )
    net = np.concatenate([_net_weights(part) for part in parts])[first]
    return replace(
        whole,
        measured=len(scores),
        effects=effect_agreement(*effects, net, held_effects[1], within=within),
        joint_effects=_joint_effects(parts, within),
        counterfactuals=flipping_again([part.counterfactuals for part in parts], within),
        held_effects=effect_agreement(*held_effects, net, within=within) if model and model.normalises else None,
        sums=agreed,
        curves=curves,
        unwritten=tuple(table for part in parts if (table := _unwritten(part, within)).num_rows),
    )


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
