"""A fitted model as a folder: weights as safetensors, metadata as JSON, ids as Parquet. No pickle anywhere.

Of the nodes that it was fitted on, a folder keeps the ids, each kind in the order of its numbers: those of users, so
that it is known who took part in training, without their names or anything else about them. Of items, attributes,
entities and features it also keeps the names, and of attributes owner and kind, because reasons are told with them.
``NodeKind.kept`` in ``graphrec.dataset.kinds`` says what. A model itself may hold more of its users, such as the
histories that user-user neighbours are found by.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pyarrow.parquet as pq
from safetensors.numpy import save

from graphrec import strict_json
from graphrec.atomic_folders import atomic_folder
from graphrec.dataset.kinds import NODES
from graphrec.dataset.visible_reviews import VisibleReviews
from graphrec.errors import InputError, ModelError, UsageError
from graphrec.models.folder_parts import (
    DIGEST,
    FILES,
    WEIGHTS,
    DamagedPart,
    digest_of,
    is_finite,
    read_ids,
    read_weights,
    require_numbers,
    require_stated,
    stated,
)
from graphrec.models.probe import require_scores
from graphrec.models.recommender import FitRecord, Recommender
from graphrec.models.registry import MODELS, registered_model, require_explaining
from graphrec.own_kinds import MODEL
from graphrec.strict_json import read_json

if TYPE_CHECKING:
    from graphrec.models.model import Model

FORMAT = 2
"""Format 1, which is still read, does not list its kinds of nodes, and its users have names."""

_NODES_OF_FORMAT_1 = ("User", "Item", "Attribute", "Entity")
_LARGEST_METADATA = 16 << 20
METADATA = MODEL.mark
"""The file that makes a folder a model's."""


def fit_id(model: Recommender) -> str:
    """Return the name of a fit: the model's name and a digest of its settings, ids and weights."""
    digest = hashlib.sha256(model.config.model_dump_json(exclude=model.config.unstated).encode())
    for ids in model.record.nodes.values():
        digest.update("\n".join(ids.ids.to_pylist()).encode())
    for _, array in sorted(model.arrays().items()):
        digest.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)  # no copy of what may be large
    return f"{model.name}-{digest.hexdigest()[:10]}"


def save_model(model: Recommender, folder: Path | str) -> str:
    """Write a fitted model; the folder appears whole or not at all. Return the id of the fit.

    An older model in the folder is replaced; any other content of it is refused.

    Raises:
        ModelError: an array of the model holds what is no finite number, so that it could not be read again.
        InputError: the folder holds something that is no model.
    """
    folder = Path(folder)
    record = model.record
    identity = fit_id(model)
    arrays = {name: np.ascontiguousarray(array) for name, array in model.arrays().items()}
    for name, array in arrays.items():
        if array.dtype.kind == "f" and not is_finite(array):
            raise ModelError(
                f"{name!r:.60} of the fitted model {model.name} holds what is no finite number, and is not saved",
                where=str(folder),
                remedy="Train again with a smaller learning rate, or look at the data for extreme values",
            )
    meta = {
        "format": FORMAT,
        "fit": identity,
        "model": model.name,
        "nodes": list(record.nodes),
        "config": model.config.model_dump(),
        "data": record.data,
        "split": record.split,
        "positive_if": record.positive_if,
        **({"negative_if": record.negative_if} if record.negative_if else {}),
        **({"visible": record.visible.stated} if record.visible.stated else {}),
        **({} if record.interactions is None else {"interactions": record.interactions}),
        "metrics": dict(record.metrics),
        "warnings": [warning.full for warning in record.warnings],
        "versions": dict(record.versions),
    }
    with atomic_folder(folder, MODEL) as draft:
        (draft / WEIGHTS).write_bytes(save(arrays))
        for label, ids in record.nodes.items():
            pq.write_table(ids.to_table(), draft / f"{NODES[label].file}.parquet")
        whole = {**meta, FILES: stated(draft)}
        text = strict_json.dumps({**whole, DIGEST: digest_of(whole)}, indent=2, sort_keys=True)
        (draft / METADATA).write_text(text + "\n", encoding="utf-8")
    return identity


def load_model(folder: Path | str, kind: type[Recommender] | None = None) -> Model:
    """Read a model that explains its scores; saving and loading changes nothing.

    Args:
        folder: what ``save_model`` wrote.
        kind: class of the model, where it is not one of graphrec's own. A folder never says which code to import.

    Raises:
        InputError: the folder holds no model.
        ModelError: it was written by a newer graphrec, a file of it is missing, damaged, swapped or another fit's,
            holds what is no finite number or lies there without being part of it; or it holds another model than
            ``kind``. Says which file and why.
        UsageError: it scores, but cannot say why; or it is not one of graphrec's own, and no ``kind`` was named.
    """
    loaded = load_recommender(folder, kind)
    require_explaining(type(loaded), str(folder))
    return cast("Model", loaded)


def load_recommender(folder: Path | str, kind: type[Recommender] | None = None) -> Recommender:
    """Read any recommender, with or without explanations; arguments and errors as for ``load_model``."""
    folder = Path(folder)
    meta = read_metadata(folder)
    if meta.get("format") not in (1, FORMAT):
        raise ModelError(
            f"the model has format {meta.get('format')}, this graphrec reads formats 1 and {FORMAT}",
            where=str(folder),
            remedy="Train it again, or use the graphrec that wrote it",
        )
    kind = _kind_of(folder, meta, kind)
    try:
        require_stated(folder, meta)
        require_numbers(meta)
        model = _restored(folder, meta, kind)
        _require_fit(model, meta["fit"])
    except (DamagedPart, UsageError) as error:
        raise _damaged(folder, str(error)) from error
    except KeyError as error:
        raise _damaged(folder, f"it lacks {error!s:.80}") from error
    except (OSError, TypeError, ValueError, AttributeError, RuntimeError, IndexError) as error:
        raise _damaged(folder, f"its parts do not fit each other: {error!s:.200}") from error
    return model


def read_metadata(folder: Path) -> dict[str, Any]:
    """Return what ``model.json`` says, unchecked; raise InputError where there is none."""
    try:
        meta = read_json(folder / METADATA, _LARGEST_METADATA)
    except OSError as error:
        raise _absent(folder) from error
    except ValueError as error:
        raise _absent(folder, f", for {METADATA} cannot be used: {error!s:.200}") from error
    if not isinstance(meta, dict):
        raise _absent(folder)
    return meta


def _require_fit(model: Recommender, fit: str) -> None:
    """Raise an error unless a model is the fit that its metadata names, and scores every item that it has an id of."""
    if fit_id(model) != fit:
        raise DamagedPart(f"its weights, ids or settings are not those of {fit!r:.80}")
    if model.name in MODELS and isinstance(model, Recommender):  # what is read without PyTorch looks for itself
        require_scores(model)


def _absent(folder: Path, why: str = "") -> InputError:
    return InputError(
        f"there is no model here{why}", where=str(folder), remedy="Train one: graphrec train MODEL --out FOLDER"
    )


def _damaged(folder: Path, why: str) -> ModelError:
    return ModelError(f"a file of the model is damaged: {why}", where=str(folder), remedy="Train it again")


def _kind_of(folder: Path, meta: dict[str, Any], kind: type[Recommender] | None) -> type[Recommender]:
    """Return the class of the saved model: the one that the caller names, or a registered one."""
    name = meta.get("model")
    if not isinstance(name, str):
        raise _damaged(folder, f"{METADATA} names no model")
    if kind is None and name not in MODELS:
        raise UsageError(
            f"the model {name!r} is not one of graphrec's own",
            where=str(folder),
            remedy="Name its class: load_model(folder, kind=…) in Python, --kind module:class on the command line",
        )
    if kind is not None and kind.name != name:
        raise ModelError(f"the folder holds the model {name!r}, not {kind.name!r}", where=str(folder))
    return kind or registered_model(name)


def _restored(folder: Path, meta: dict[str, Any], kind: type[Recommender]) -> Recommender:
    """Return the model of a folder's files, without a check that they belong together."""
    model = kind(kind.Config.read(meta["config"]))
    labels = _NODES_OF_FORMAT_1 if meta["format"] == 1 else meta["nodes"]
    if meta["format"] == 1 and "nodes" in meta:
        raise DamagedPart(f"{METADATA} is of two formats")
    model.record = FitRecord(
        nodes={label: read_ids(folder, label) for label in labels},
        data=meta["data"],
        split=meta["split"],
        positive_if=meta["positive_if"],
        metrics=meta["metrics"],
        versions=meta["versions"],
        visible=VisibleReviews(**meta.get("visible", {})),
        interactions=meta.get("interactions"),
        negative_if=meta.get("negative_if", ""),
    )
    model.restore(read_weights(folder))
    return model
