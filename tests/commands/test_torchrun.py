"""The command behind torchrun: trained together, written and said once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

from graphrec.models.saving import load_recommender
from graphrec.store.opening import open_store
from tests.conftest import ROOT
from tests.store.content import load_small

if TYPE_CHECKING:
    from pathlib import Path

TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "graphrec"]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    return subprocess.run([*TORCHRUN, *words], capture_output=True, text=True, check=False, env=environment)


def test_two_processes_train_one_model_and_one_of_them_says_so(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "store")) as store:
        load_small(store)
    out = tmp_path / "fit"
    line = ["train", "reconet", "--set", "epochs=3", "--set", "batch_size=2", "--store", str(tmp_path / "store")]
    done = run(*line, "--out", str(out), "--json")
    assert not done.returncode, done.stderr
    said = json.loads(done.stdout)  # one object: the other process prints nothing
    assert said["model"] == "reconet"
    assert load_recommender(out).config.epochs == 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fit", "store"]

    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "kept.txt").write_text("mine")
    refused = run(*line, "--out", str(tmp_path / "other"))
    assert refused.returncode
    assert refused.stderr.count("holds something that is no model") == 1
    assert [path.name for path in (tmp_path / "other").iterdir()] == ["kept.txt"]


def test_any_other_command_runs_once(tmp_path: Path) -> None:
    with open_store(str(tmp_path / "store")) as store:
        load_small(store)
    done = run("status", "--store", str(tmp_path / "store"), "--json")
    assert not done.returncode, done.stderr
    assert isinstance(json.loads(done.stdout), dict)
