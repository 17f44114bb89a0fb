"""The peer of ``benchmarks.kgcn_peer``: RecBole's KGCN in RecBole's own environment. Run by that file, not by hand.

    PYTHON recbole_kgcn.py FOLDER SETTINGS

FOLDER holds ``peer/peer.{train,valid,test}.inter``, ``peer/peer.kg`` and ``peer/peer.link``, RecBole's own format;
SETTINGS is JSON: epochs, dim, neighbours, hops, reg, learning_rate, batch, eval_batches, seed, topk. Nothing of
graphrec is imported here, and nothing of RecBole is changed or stood in for. Prints one line of JSON: seconds of the
processor for each epoch and for an evaluation at each evaluation batch size, the metrics, versions; writes
``scores.npy``, users × items as ``requested.json`` lists them, for a check that both sides measure the same.
"""

from __future__ import annotations

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch
from recbole.config import Config
from recbole.data import create_dataset, data_preparation
from recbole.model.knowledge_aware_recommender.kgcn import KGCN
from recbole.trainer import KGTrainer
from recbole.utils import init_seed


def config_of(folder: Path, settings: dict[str, Any], eval_batch: int) -> Any:
    """Return RecBole's configuration: the split is given, everything else is what the settings say."""
    return Config(
        model="KGCN",
        dataset="peer",
        config_dict={
            "data_path": str(folder),
            "checkpoint_dir": str(folder / "saved"),
            "benchmark_filename": ["train", "valid", "test"],
            "load_col": {
                "inter": ["user_id", "item_id"],
                "kg": ["head_id", "relation_id", "tail_id"],
                "link": ["item_id", "entity_id"],
            },
            "use_gpu": False,
            "show_progress": False,
            "state": "ERROR",
            "seed": settings["seed"],
            "reproducibility": True,
            "epochs": settings["epochs"],
            "train_batch_size": settings["batch"],
            "eval_batch_size": eval_batch,
            # without these two every step of KGCN also draws triples that it does not use
            "train_rec_step": 1,
            "train_kg_step": 0,
            "embedding_size": settings["dim"],
            "n_iter": settings["hops"],
            "neighbor_sample_size": settings["neighbours"],
            "reg_weight": settings["reg"],
            "learning_rate": settings["learning_rate"],
            "eval_args": {"group_by": "user", "order": "RO", "mode": "full"},
            "metrics": ["Recall", "NDCG"],
            "topk": settings["topk"],
            "valid_metric": f"NDCG@{max(settings['topk'])}",
            "metric_decimal_place": 6,
        },
    )


class Epochs(KGTrainer):  # type: ignore[misc, unused-ignore]
    """RecBole's trainer, with the processor time of each epoch."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.seconds: list[float] = []

    def _train_epoch(self, *arguments: Any, **named: Any) -> Any:
        started = time.process_time()
        loss = super()._train_epoch(*arguments, **named)
        self.seconds.append(time.process_time() - started)
        return loss


def scores_of(model: Any, dataset: Any, users: list[str], items: list[str]) -> np.ndarray[Any, Any]:
    """Return float32 [users, items], in the order of the arguments."""
    inner_users = torch.from_numpy(dataset.token2id("user_id", np.array(users)))
    inner_items = dataset.token2id("item_id", np.array(items))
    with torch.no_grad():
        rows = [model.full_sort_predict({"user_id": user[None]}).numpy()[inner_items] for user in inner_users]
    return np.stack(rows).astype(np.float32)


def main() -> None:
    folder, settings = Path(sys.argv[1]), json.loads(sys.argv[2])
    torch.set_num_threads(1)
    evaluations: dict[int, float] = {}
    trainer = model = None
    for eval_batch in settings["eval_batches"]:
        config = config_of(folder, settings, eval_batch)
        init_seed(config["seed"], config["reproducibility"])
        dataset = create_dataset(config)
        train, _, test = data_preparation(config, dataset)
        if model is None:
            model = KGCN(config, train._dataset)  # noqa: SLF001 - as RecBole's own run_recbole does
            trainer = Epochs(config, model)
            trainer.fit(train, saved=False, verbose=False)
            seconds, positives = trainer.seconds, len(train._dataset)  # noqa: SLF001
        trainer = Epochs(config, model)
        started = time.process_time()
        metrics = trainer.evaluate(test, load_best_model=False)
        evaluations[eval_batch] = time.process_time() - started
    requested = json.loads((folder / "requested.json").read_text())
    np.save(folder / "scores.npy", scores_of(model, dataset, requested["users"], requested["items"]))
    outcome = {
        "epochs": seconds,
        "interactions": positives,
        "evaluations": evaluations,
        "users": len(requested["users"]),
        "metrics": {name: float(value) for name, value in metrics.items()},
        "versions": {name: version(name) for name in ("recbole", "torch", "numpy")},
    }
    print(json.dumps(outcome))


if __name__ == "__main__":
    main()
