"""What of a run is taken over into the next one of the same fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec import strict_json
from graphrec.explaining.explainer import Explainer
from graphrec.explaining.model_explainer import ModelExplainer
from graphrec.tables.explanations import FACTORS, RECOMMENDATIONS, Explanations

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy.typing as npt

    from graphrec.store.store import Store
    from graphrec.tables.records import RunInfo


def unchanged_users(earlier: pa.Array, bases: pa.DictionaryArray) -> npt.NDArray[np.bool_]:
    """Return whose lists a run may take over: bool [users], those that would be computed from the same again.

    Args:
        earlier: what the lists of the earlier run were computed from, string [users]; null where that is not known.
        bases: what they would be computed from now, as ``graphrec.recommendation.basis.bases_of``.
    """
    same = pc.fill_null(pc.equal(earlier, bases.cast(pa.string())), False)
    mask: npt.NDArray[np.bool_] = np.asarray(same.to_numpy(zero_copy_only=False), dtype=bool)
    return mask


def may_take_over(earlier: RunInfo, record: RunInfo, explainer: Explainer) -> bool:
    """Return whether a run may take over lists of an earlier one at all.

    Both must be of one fit, ask the same, and be computed by one version. An explainer that looks at the data of
    everybody (``Explainer.prepare``) may say something else of people whose own data is as it was; the model's own
    checks its settings there, and reads nothing.

    Args:
        earlier: record of the earlier run.
        record: of the run.
        explainer: of the run.
    """
    alone = type(explainer).prepare in (Explainer.prepare, ModelExplainer.prepare)
    said = [
        (run.fit, strict_json.dumps(run.params, sort_keys=True), run.scope, run.positive_if, run.versions["graphrec"])
        for run in (earlier, record)
    ]
    return alone and said[0] == said[1]


def kept_batches(store: Store, run: RunInfo, users: pa.Array) -> Iterator[Explanations]:
    """Yield what a run recommends to some users, with reasons and memberships, as rows of the next run.

    Rows without ``computed`` get the time of their run. Factors and memberships of all but users are left out: they are
    the next run's own.

    Args:
        store: that holds the run.
        run: its record.
        users: string array, ids of the users.
    """
    for batch in store.read_run(run.id):
        memberships = batch.memberships.filter(pc.equal(batch.memberships["label"].cast(pa.string()), "User"))
        kept = Explanations(
            _dated(_of(batch.recommendations, "user", users), run.created),
            _of(batch.reasons, "user", users),
            FACTORS.empty_table(),
            _of(memberships, "id", users),
            _of(batch.summaries, "user", users),
        )
        if kept.recommendations.num_rows or kept.memberships.num_rows:
            yield kept


def _of(table: pa.Table, column: str, ids: pa.Array) -> pa.Table:
    return table.filter(pc.is_in(table[column].cast(pa.string()), value_set=ids))


def _dated(recommendations: pa.Table, created: str) -> pa.Table:
    times = pc.fill_null(recommendations["computed"].cast(pa.string()), created).dictionary_encode()
    place = recommendations.column_names.index("computed")
    return recommendations.set_column(place, RECOMMENDATIONS.field(place), times)
