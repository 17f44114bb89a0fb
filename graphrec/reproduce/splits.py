"""The splits that all rows share, kept as files so that anybody can look at them or use them again."""

from __future__ import annotations

import hashlib
import inspect
import json
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.dataset.splitting import SPLITS, Split
from graphrec.digests import file_digest
from graphrec.errors import UsageError

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.reproduce.recipe_protocol import SplitPlan


def kept_split(dataset: Dataset, plan: SplitPlan, seed: int, folder: Path, around: Path | None = None) -> Split:
    """Return the split of this data, plan and seed, from its file where it was made before.

    Args:
        dataset: what is cut.
        plan: how.
        seed: of the cut, or the value of the option that varies; a split that leaves nothing to chance has no seed.
        folder: where the files of splits lie.
        around: the folder of data, below which files of the plan lie; None for a plan without.

    Raises:
        UsageError: there is no such kind of split, or it has no such option.
    """
    require_plan(plan)
    make = SPLITS[plan.kind]
    varying = {plan.varies: seed} if plan.varies != "seed" or "seed" in inspect.signature(make).parameters else {}
    files = {name: (around or Path()) / path for name, path in plan.paths.items()}
    decides = {
        "data": dataset.fingerprint,
        "if": dataset.positive_if.text,
        "seed": seed,
        **plan.model_dump(exclude={"paths"}),
        **({"files": {name: file_digest(path) for name, path in files.items()}} if files else {}),
    }
    digest = hashlib.sha256(json.dumps(decides, sort_keys=True).encode()).hexdigest()[:12]
    path = folder / f"{plan.kind}-{seed}-{digest}.parquet"
    if path.is_file():
        return Split.load(path)
    made = make(dataset, **{**plan.options, **varying, **files})
    folder.mkdir(parents=True, exist_ok=True)
    made.save(path)
    return made


def require_plan(plan: SplitPlan) -> None:
    """Raise UsageError if there is no such kind of split, or it has no such option."""
    if plan.kind not in SPLITS:
        raise UsageError(f"there is no split {plan.kind!r}", remedy=f"Known splits: {', '.join(SPLITS)}")
    known = [name for name in inspect.signature(SPLITS[plan.kind]).parameters if name != "dataset"]
    varies = {plan.varies} - {"seed"}  # a split that leaves nothing to chance has no seed
    unknown = sorted((set(plan.options) | set(plan.paths) | varies) - set(known))
    if unknown:
        raise UsageError(f"the split {plan.kind!r} has no option {unknown[0]!r}", remedy=f"It has {', '.join(known)}")
    if plan.kind == "file" and ("path" not in plan.paths or "path" in plan.options):
        raise UsageError(
            "the split 'file' names its file under paths", remedy='Write paths = { path = "folder/positives.csv" }'
        )
