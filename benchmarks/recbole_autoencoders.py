"""The peers of ``benchmarks.indgrm``: RecBole's autoencoders in RecBole's own environment. Run by it, not by hand.

    PYTHON recbole_autoencoders.py FOLDER SETTINGS

FOLDER holds ``peer/peer.inter`` and ``peer/peer.item``, RecBole's own format, all of it for training, and
``given.json``, by held-out user the items that are the input; SETTINGS is JSON: model, epochs, seed, and ``own``, what
departs from RecBole's defaults. Nothing of graphrec is imported here, and nothing of RecBole is changed or stood in
for. Prints one line of JSON: seconds of the processor for each epoch, steps of an epoch, what was trained on, peaks of
memory in MB, versions; writes ``scores.npy``, held-out users × items, made of their input by the model's ``forward``.
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
from recbole.data import create_dataset
from recbole.data.utils import get_dataloader
from recbole.trainer import Trainer
from recbole.utils import get_model, init_seed


def config_of(folder: Path, settings: dict[str, Any]) -> Any:
    """Return RecBole's configuration: its own, but for where the data lies, and that all of it is for training."""
    return Config(
        model=settings["model"],
        dataset="peer",
        config_dict={
            "data_path": str(folder),
            "checkpoint_dir": str(folder / "saved"),
            "load_col": {"inter": ["user_id", "item_id"], "item": ["item_id"]},
            "use_gpu": False,
            "show_progress": False,
            "state": "ERROR",
            "seed": settings["seed"],
            "epochs": settings["epochs"],
            "eval_args": {"split": {"RS": [1.0, 0.0, 0.0]}, "order": "RO", "group_by": None, "mode": "full"},
            "train_neg_sample_args": None,
            **settings["own"],
        },
    )


class Epochs(Trainer):  # type: ignore[misc, unused-ignore]
    """RecBole's trainer, with the processor time of each epoch."""

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.seconds: list[float] = []

    def _train_epoch(self, *arguments: Any, **named: Any) -> Any:
        started = time.process_time()
        loss = super()._train_epoch(*arguments, **named)
        self.seconds.append(time.process_time() - started)
        return loss


def peak() -> float:
    """Return this process's peak memory in MB, from the last time that it was forgotten."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def scores_of(model: Any, dataset: Any, given: list[list[int]], n_items: int) -> np.ndarray[Any, Any]:
    """Return float32 [users, items] of users by their items, in the numbers that were handed over."""
    inner = dataset.token2id("item_id", np.array([f"i{item}" for item in range(n_items)]))
    taken = torch.zeros(len(given), dataset.item_num)
    for row, items in zip(taken, given, strict=True):
        row[torch.from_numpy(inner[items])] = 1.0
    model.eval()
    with torch.no_grad():
        return model.forward(taken)[0].numpy()[:, inner].astype(np.float32)  # type: ignore[no-any-return]


def main() -> None:
    folder, settings = Path(sys.argv[1]), json.loads(sys.argv[2])
    torch.set_num_threads(1)
    imports = peak()
    config = config_of(folder, settings)
    init_seed(config["seed"], config["reproducibility"])
    dataset = create_dataset(config)
    train = get_dataloader(config, "train")(config, dataset.build()[0], None, shuffle=True)
    model = get_model(config["model"])(config, train._dataset)  # noqa: SLF001 - as RecBole's own run_recbole does
    reading = peak()
    Path("/proc/self/clear_refs").write_text("5")
    trainer = Epochs(config, model)
    trainer.fit(train, saved=False, verbose=False)
    training = peak()
    given = json.loads((folder / "given.json").read_text())
    np.save(folder / "scores.npy", scores_of(model, dataset, given["items"], given["n_items"]))
    outcome = {
        "epochs": trainer.seconds,
        "steps": len(train),
        "interactions": len(train._dataset),  # noqa: SLF001
        "users": dataset.user_num - 1,
        "items": dataset.item_num - 1,
        "imports": imports,
        "reading": reading,
        "training": training,
        "versions": {name: version(name) for name in ("recbole", "torch", "numpy")},
    }
    print(json.dumps(outcome))


if __name__ == "__main__":
    main()
