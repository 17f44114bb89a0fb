"""What RecBole reads from a folder, in an environment of its own: the peer of ``benchmarks.recbole_folder``, run by it.

    PYTHON recbole_dataset.py FOLDER

FOLDER holds atomic files in RecBole's own format. Nothing of graphrec is imported here, and nothing of RecBole is
changed or stood in for. Prints one line of JSON: numbers by what they are of.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from recbole.config import Config
from recbole.data import create_dataset


def dataset_of(folder: Path, model: str) -> Any:
    """Return the folder as RecBole reads it for a model, all columns as they are, nothing filtered."""
    return create_dataset(
        Config(
            model=model,
            dataset=folder.name,
            config_dict={
                "data_path": str(folder.parent),
                "load_col": None,
                "normalize_all": False,
                "use_gpu": False,
                "show_progress": False,
                "state": "ERROR",
            },
        )
    )


def general(data: Any) -> dict[str, float]:
    """Return the numbers of users, items and interactions, sums of their floats, and the tokens of each field.

    RecBole counts an id for padding in every field.
    """
    numbers: dict[str, float] = {
        "users": data.user_num - 1,
        "items": data.item_num - 1,
        "interactions": len(data.inter_feat),
        "sum of ratings": float(data.inter_feat[data.config["RATING_FIELD"]].sum()),
        "sum of timestamps": float(data.inter_feat[data.time_field].sum()),
    }
    for feature, ids in ((data.user_feat, data.uid_field), (data.item_feat, data.iid_field)):
        for field in () if feature is None else feature.columns:
            if field != ids and data.field2type[field].value.startswith("token"):
                numbers[f"{field}: different tokens"] = data.num(field) - 1
                numbers[f"{field}: tokens"] = sum(int(np.count_nonzero(tokens)) for tokens in feature[field])
    return numbers


def knowledge(data: Any) -> dict[str, float]:
    """Return the numbers of the knowledge graph; a relation more is RecBole's own, between users and items."""
    return {
        "triples": len(data.kg_feat),
        "relations": data.relation_num - 2,
        "entities that are no items": data.entity_num - data.item_num,
        "linked items": len(data.item2entity),
        "interactions with linked items": len(data.inter_feat),
    }


if __name__ == "__main__":
    path = Path(sys.argv.pop(1)).resolve()  # RecBole takes arguments for settings
    found = general(dataset_of(path, "BPR"))
    if path.joinpath(f"{path.name}.kg").is_file():
        found |= knowledge(dataset_of(path, "KGCN"))
    print(json.dumps(found))
