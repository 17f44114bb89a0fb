"""The data of a recipe as arrays: its folder is looked up, loaded into a store, and read."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.filtering import filter_dataset
from graphrec.errors import InputError, UnknownIdError
from graphrec.loading import registry
from graphrec.progress import no_progress
from graphrec.reproduce.sample import sampled
from graphrec.store.opening import open_store
from graphrec.user_modules import import_installed

if TYPE_CHECKING:
    from graphrec.dataset.filtering import FilteredDataset
    from graphrec.progress import Progress
    from graphrec.reproduce.recipe import Recipe
    from graphrec.reproduce.recipe_data import Data
    from graphrec.reproduce.recipe_protocol import SplitPlan
    from graphrec.store.store import Store

VARIABLE = "GRAPHREC_DATA"
"""Environment variable that names the folder of data sets."""


def find_folder(data: Data, folder: Path | None, split: SplitPlan | None = None) -> Path:
    """Return the folder with the files of a data set.

    Args:
        data: of the recipe.
        folder: the folder itself or the one that holds it; None looks in ``GRAPHREC_DATA``, then in ``./data``.
        split: of the recipe, whose files have to be there too.

    Raises:
        InputError: it is not there, or files of it are missing; says where to get them and what is expected.
    """
    base = folder or Path(os.environ.get(VARIABLE) or "data")
    candidates = [base / data.folder, base]
    around_it = _beside(data, split)
    whole = next((place for place in candidates if not _missing(data, place, around_it)), None)
    if whole is not None:
        return whole
    nearest = min(candidates, key=lambda place: len(_missing(data, place, around_it)))
    missing = _missing(data, nearest, around_it)
    what = "is not there" if len(missing) == len(data.files) + len(around_it) else f"lacks {', '.join(missing)}"
    optional = "".join(f", {name} ({purpose})" for name, purpose in data.optional.items())
    beside = f", and beside it there should be {', '.join(around_it)}" if around_it else ""
    raise InputError(
        f"the data of this recipe, {data.name}, {what}",
        where=str(candidates[0]),
        remedy=f"Get it from {data.source}{'. ' + data.about if data.about else ''}. The folder {data.folder} should "
        f"hold {', '.join(data.files)}{'; where they are known also ' + optional[2:] if optional else ''}{beside}. "
        f"Name it, or the folder around it, with --data, or in {VARIABLE}",
    )


def _beside(data: Data, split: SplitPlan | None) -> tuple[str, ...]:
    """Return the files that are named by their place below the folder of data, each once."""
    of_split = () if split is None else split.paths.values()
    return tuple(dict.fromkeys((*data.paths.values(), *data.pairs, *of_split)))


def _missing(data: Data, folder: Path, beside: tuple[str, ...]) -> list[str]:
    around = folder_around(data, folder)
    absent = [name for name in beside if not (around / name).exists()]
    return [*(name for name in data.files if not (folder / name).exists()), *absent]


def folder_around(data: Data, folder: Path) -> Path:
    """Return the folder of data that the folder of a recipe lies in, or itself where it is called otherwise."""
    parts, whole = Path(data.folder).parts, folder.absolute()
    return whole.parents[len(parts) - 1] if whole.parts[-len(parts) :] == parts else whole


def dataset_of(recipe: Recipe, folder: Path, out: Path, progress: Progress = no_progress) -> FilteredDataset:
    """Return what a recipe keeps of its data, or a sample of that where the recipe asks for one.

    The data goes through an embedded store under ``out``, as it does for everybody; it is loaded once.

    Args:
        recipe: what to read and how.
        folder: with the original files.
        out: folder of the report.
        progress: called with what is being done.

    Returns:
        The data set, and the account of the steps of ``keep`` on all data.
    """
    digest = hashlib.sha256(json.dumps(_state(recipe.data, folder), sort_keys=True).encode()).hexdigest()[:12]
    out.mkdir(parents=True, exist_ok=True)
    with open_store(str(out / "store" / digest)) as store:
        if not _is_loaded(store):
            progress(f"loading {recipe.data.name}", 0, 0)
            around = folder_around(recipe.data, folder)
            options = {**recipe.data.options, **{name: str(around / path) for name, path in recipe.data.paths.items()}}
            loaded = registry.read(recipe.data.loader, folder, options, import_installed)
            store.load(loaded.tables, loaded.info, progress)
        progress("reading the data", 0, 0)
        dataset = Dataset.from_store(store, recipe.protocol.positive_if)
    around = folder_around(recipe.data, folder)
    steps = [{**step, "pairs": str(around / step["pairs"])} if "pairs" in step else step for step in recipe.data.keep]
    kept = filter_dataset(dataset, steps)
    return replace(kept, dataset=sampled(kept.dataset, *recipe.sample)) if recipe.sample else kept


def _state(data: Data, folder: Path) -> dict[str, object]:
    """Return everything that a loaded store depends on: other files or options need another store."""
    files = {name: folder / name for name in (*data.files, *data.optional)}
    files |= {path: folder_around(data, folder) / path for path in data.paths.values()}
    sizes = {name: file.stat().st_size for name, file in files.items() if file.is_file()}
    options = {**data.options, **data.paths}
    return {"folder": str(folder.resolve()), "loader": data.loader, "options": options, "sizes": sizes}


def _is_loaded(store: Store) -> bool:
    try:
        store.data_fingerprint()
    except UnknownIdError:
        return False
    return all(info.status == "complete" for info in store.datasets())
