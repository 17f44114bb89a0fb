"""A model's folder that was damaged, or put together from two, is refused."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING

import numpy as np
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


@pytest.mark.parametrize(
    "entry", ["fit", "model", "nodes", "config", "data", "split", "positive_if", "metrics", "versions"]
)
def test_metadata_that_lacks_an_entry_is_found(saved: Path, entry: str) -> None:
    meta = json.loads((saved / "model.json").read_text(encoding="utf-8"))
    del meta[entry]
    (saved / "model.json").write_text(json.dumps(meta), encoding="utf-8")
    with pytest.raises(ModelError, match="a file of the model is damaged"):
        load_model(saved)


def test_kinds_of_nodes_that_there_are_not_are_found(saved: Path) -> None:
    for nodes in (["User", "Shop"], "User", [["User"]], 5):
        _rewritten(saved, nodes=nodes)
        with pytest.raises(ModelError, match="a file of the model is damaged"):
            load_model(saved)


def test_a_folder_tells_nothing_of_users_but_their_ids(saved: Path) -> None:
    columns = {path.stem: pq.read_schema(path).names for path in saved.glob("*.parquet")}
    assert columns == {
        "users": ["id"],
        "items": ["id", "name"],
        "attributes": ["id", "name", "owner", "kind"],
        "entities": ["id", "name"],
        "features": ["id", "name"],
    }
    data = toy()
    fitted, loaded = EASE(reg=1.0).fit(data).record, load_model(saved).record
    for label, ids in loaded.nodes.items():
        assert ids.ids.equals(data.nodes[label].ids)
        assert ids.columns.keys() == fitted.nodes[label].columns.keys()
    assert loaded.items.columns["name"].equals(data.items.columns["name"])


def test_a_folder_of_format_1_is_still_read(saved: Path) -> None:
    """Such a folder does not list its kinds of nodes, has no features, and has names of users."""
    data, now = toy(), load_model(saved)
    pq.write_table(data.users.to_table(), saved / "users.parquet")
    (saved / "features.parquet").unlink()
    meta = json.loads((saved / "model.json").read_text(encoding="utf-8"))
    del meta["nodes"]
    (saved / "model.json").write_text(json.dumps({**meta, "format": 1}), encoding="utf-8")
    old = load_model(saved)
    assert fit_id(old) == fit_id(now) == meta["fit"]
    assert old.record.users.ids.equals(data.users.ids)
    assert not old.record.users.columns
    users = data.users.ids.to_pylist()
    np.testing.assert_array_equal(old.score_users(data, users), now.score_users(data, users))
    save_model(old, saved)
    assert pq.read_schema(saved / "users.parquet").names == ["id"]


def test_the_id_of_a_fit_digests_settings_ids_and_weights() -> None:
    """As format 1 did, so that runs and folders of older fits keep their names."""
    attributes = {"item.genre=x": ("item", "genre")}
    data = build({"u": {"a": 5.0, "b": 5.0}, "v": {"b": 5.0}}, ["a", "b"], attributes=attributes)
    model = EASE(reg=2.0).fit(data)
    digest = hashlib.sha256(model.config.model_dump_json(exclude=model.config.unstated).encode())
    for part in ("u\nv", "a\nb", "item.genre=x"):
        digest.update(part.encode())
    (weights,) = model.arrays().values()
    digest.update(weights.tobytes())
    assert fit_id(model) == f"ease-{digest.hexdigest()[:10]}"


def test_a_newer_format_is_refused(saved: Path) -> None:
    _rewritten(saved, format=3)
    with pytest.raises(ModelError, match="the model has format 3, this graphrec reads formats 1 and 2"):
        load_model(saved)


def _rewritten(folder: Path, **entries: object) -> None:
    meta = json.loads((folder / "model.json").read_text(encoding="utf-8"))
    (folder / "model.json").write_text(json.dumps({**meta, **entries}), encoding="utf-8")


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


def test_what_is_no_finite_number_is_not_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = EASE(reg=1.0).fit(toy())
    arrays = {name: array.copy() for name, array in model.arrays().items()}
    name = next(name for name, array in arrays.items() if array.dtype.kind == "f")
    arrays[name].reshape(-1)[0] = np.nan
    monkeypatch.setattr(model, "arrays", lambda: arrays)
    with pytest.raises(ModelError, match=rf"{name}.*no finite number, and is not saved"):
        save_model(model, tmp_path / "fit")
    assert list(tmp_path.iterdir()) == []
