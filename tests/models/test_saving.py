"""A model's folder that was damaged, or put together from two, is refused."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from graphrec.errors import InputError, ModelError, UsageError
from graphrec.models.ease import EASE
from graphrec.models.saving import fit_id, load_model, save_model
from graphrec.testing.toy import build, toy

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    save_model(EASE(reg=1.0).fit(toy()), tmp_path / "fit")
    return tmp_path / "fit"


def test_a_flipped_bit_of_a_weight_is_found(saved: Path) -> None:
    """The file still reads: only the name of the fit, a digest of its content, tells."""
    weights = bytearray((saved / "model.safetensors").read_bytes())
    weights[-3] ^= 1
    (saved / "model.safetensors").write_bytes(weights)
    with pytest.raises(ModelError, match="a file of the model is damaged"):
        load_model(saved)


def test_files_of_another_fit_are_found(saved: Path, tmp_path: Path) -> None:
    save_model(EASE(reg=2.0).fit(toy()), tmp_path / "same-size")
    save_model(EASE().fit(build({"u": {"a": 5.0, "b": 5.0}}, ["a", "b"])), tmp_path / "smaller")
    for other in ("same-size", "smaller"):
        shutil.copytree(saved, tmp_path / f"mixed-{other}")
        shutil.copy(tmp_path / other / "model.safetensors", tmp_path / f"mixed-{other}")
        with pytest.raises(ModelError, match="a file of the model is damaged"):
            load_model(tmp_path / f"mixed-{other}")


@pytest.mark.parametrize("name", ["items.parquet", "users.parquet", "model.safetensors"])
def test_a_file_that_is_missing_or_something_else_is_found(saved: Path, name: str) -> None:
    (saved / name).unlink()
    with pytest.raises(ModelError, match="a file of the model is damaged"):
        load_model(saved)
    (saved / name).mkdir()
    with pytest.raises(ModelError, match="a file of the model is damaged"):
        load_model(saved)
    (saved / name).rmdir()
    pq.write_table(pa.table({"other": [1]}), saved / name)
    with pytest.raises(ModelError, match="a file of the model is damaged"):
        load_model(saved)


@pytest.mark.parametrize("entry", ["fit", "model", "config", "data", "split", "positive_if", "metrics", "versions"])
def test_metadata_that_lacks_an_entry_is_found(saved: Path, entry: str) -> None:
    meta = json.loads((saved / "model.json").read_text(encoding="utf-8"))
    del meta[entry]
    (saved / "model.json").write_text(json.dumps(meta), encoding="utf-8")
    with pytest.raises(ModelError, match="a file of the model is damaged"):
        load_model(saved)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "5"])
def test_metadata_that_is_no_object_is_no_model(saved: Path, text: str) -> None:
    (saved / "model.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match="there is no model here"):
        load_model(saved)


class Mine(EASE):
    name = "mine"


def test_a_model_of_ones_own_is_loaded_by_its_class(tmp_path: Path) -> None:
    model = Mine(reg=2.0).fit(toy())
    identity = save_model(model, tmp_path / "fit")
    back = load_model(tmp_path / "fit", kind=Mine)
    assert type(back) is Mine
    assert fit_id(back) == identity
    with pytest.raises(UsageError, match=r"the model 'mine' is not one of graphrec's own .*kind=…"):
        load_model(tmp_path / "fit")
    with pytest.raises(ModelError, match="the folder holds the model 'mine', not 'ease'"):
        load_model(tmp_path / "fit", kind=EASE)


def test_a_folder_that_names_a_module_runs_nothing(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "trap_of_a_test.py").write_text("raise SystemExit('this was run')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    meta = json.loads((saved / "model.json").read_text(encoding="utf-8"))
    (saved / "model.json").write_text(json.dumps({**meta, "model": "trap_of_a_test:EASE"}), encoding="utf-8")
    with pytest.raises(UsageError, match="'trap_of_a_test:EASE' is not one of graphrec's own"):
        load_model(saved)
