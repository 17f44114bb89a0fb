"""A model's folder that somebody changed: refused in words that name the file, or read as if it were not changed."""

from __future__ import annotations

import json
import os
import random
import shutil
import struct
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from safetensors.numpy import load_file, save_file

from graphrec.errors import GraphrecError, ModelError
from graphrec.models.ease import EASE
from graphrec.models.folder_parts import digest_of, stated
from graphrec.models.neighbours.item_item import ItemItem
from graphrec.models.neighbours.user_user import UserUser
from graphrec.models.saving import fit_id, load_recommender, save_model
from graphrec.testing.toy import toy

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from graphrec.models.recommender import Recommender

WEIGHTS, META = "model.safetensors", "model.json"


@pytest.fixture(scope="module")
def fit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("fits") / "fit"
    save_model(EASE(reg=1.0).fit(toy()), folder)
    save_model(EASE(reg=2.0).fit(toy()), folder.with_name("other"))
    return folder


def same(model: Recommender, fit: Path) -> bool:
    """Return whether a model says what the untouched one says: the same scores, ids, names and record."""
    before, data = load_recommender(fit), toy()
    users = data.users.ids.to_pylist()
    ids = [
        (one.to_table(), other.to_table())
        for one, other in zip(model.record.nodes.values(), before.record.nodes.values(), strict=True)
    ]
    records = [(r.data, r.split, r.positive_if, r.metrics, r.versions) for r in (model.record, before.record)]
    return (
        bool((model.score_users(data, users) == before.score_users(data, users)).all())
        and all(one.equals(other) for one, other in ids)
        and records[0] == records[1]
        and fit_id(model) == fit_id(before)
    )


def loaded(folder: Path) -> tuple[Recommender | None, str]:
    """Return the model of a folder, or None and the sentence that refuses it; anything else is an error."""
    try:
        return load_recommender(folder), ""
    except GraphrecError as refused:
        return None, str(refused)


def _parts(folder: Path) -> list[Path]:
    return sorted(folder.iterdir())


def flipped(folder: Path, rng: random.Random) -> None:
    path = rng.choice(_parts(folder))
    content = bytearray(path.read_bytes())
    content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
    path.write_bytes(content)


def cut(folder: Path, rng: random.Random) -> None:
    path = rng.choice(_parts(folder))
    os.truncate(path, rng.randrange(path.stat().st_size))


def grown(folder: Path, rng: random.Random) -> None:
    with rng.choice(_parts(folder)).open("ab") as file:
        file.write(rng.randbytes(rng.randrange(1, 100)))


def swapped(folder: Path, rng: random.Random) -> None:
    path = rng.choice([WEIGHTS, META])
    shutil.copy(folder.with_name("other") / path, folder / path)


def exchanged(folder: Path, rng: random.Random) -> None:
    one, other = rng.sample(_parts(folder), 2)
    one.rename(folder.parent / "aside")
    other.rename(one)
    (folder.parent / "aside").rename(other)


def removed(folder: Path, rng: random.Random) -> None:
    rng.choice(_parts(folder)).unlink()


def added(folder: Path, rng: random.Random) -> None:
    (folder / rng.choice(["notes.txt", "weights.bin", "factors.parquet", "x.py"])).write_text("print()")


def linked(folder: Path, rng: random.Random) -> None:
    path = rng.choice(_parts(folder))
    path.unlink()
    path.symlink_to(rng.choice(["/dev/zero", "/dev/stdin", "/etc/passwd", path.name, "/nowhere"]))


def piped(folder: Path, rng: random.Random) -> None:
    path = rng.choice(_parts(folder))
    path.unlink()
    os.mkfifo(path)


def said_otherwise(folder: Path, rng: random.Random) -> None:
    meta = json.loads((folder / META).read_text())
    entry = rng.choice(sorted(meta))
    meta[entry] = rng.choice([None, [], {}, "x", -1, float("nan"), 1e999, True, {"recall@10": float("nan")}])
    (folder / META).write_text(json.dumps(meta))


def silent(folder: Path, rng: random.Random) -> None:
    meta = json.loads((folder / META).read_text())
    del meta[rng.choice(sorted(meta))]
    (folder / META).write_text(json.dumps(meta))


def measured_otherwise(folder: Path, rng: random.Random) -> None:
    meta = json.loads((folder / META).read_text())
    meta["metrics"] = {"recall@10": rng.random()}
    (folder / META).write_text(json.dumps(meta))


def renamed(folder: Path, rng: random.Random) -> None:
    table = pq.read_table(folder / "items.parquet")
    names = table["name"].to_pylist()
    names[rng.randrange(len(names))] = "something else"
    pq.write_table(table.set_column(1, "name", pa.array(names)), folder / "items.parquet")


def odd_metadata(folder: Path, rng: random.Random) -> None:
    texts = ["[" * 3000, '{"a":' * 3000, "9" * 6000, '{"format": ' + "9" * 6000 + "}", "\ud800", "{}", '{"format": 2}']
    (folder / META).write_bytes(rng.choice(texts).encode("utf-8", "surrogatepass"))


def reordered(folder: Path, rng: random.Random) -> None:
    """The one that changes nothing: the same metadata, written in another order."""
    meta = list(json.loads((folder / META).read_text()).items())
    rng.shuffle(meta)
    (folder / META).write_text(json.dumps(dict(meta)))


DAMAGES: list[Callable[[Path, random.Random], None]] = [
    flipped, cut, grown, swapped, exchanged, removed, added, linked, piped, said_otherwise, silent, measured_otherwise,
    renamed, odd_metadata, reordered,
]  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_changed_folder_is_refused_or_the_same(
    fit: Path, tmp_path: Path, damage: Callable[[Path, random.Random], None], seed: int
) -> None:
    shutil.copytree(fit, tmp_path / "fit")
    shutil.copytree(fit.with_name("other"), tmp_path / "other")
    damage(tmp_path / "fit", random.Random(f"{damage.__name__} {seed}"))
    begun = time.perf_counter()
    model, refusal = loaded(tmp_path / "fit")
    assert time.perf_counter() - begun < 5
    assert str(tmp_path / "fit") in refusal if model is None else same(model, fit)
    assert damage is not reordered or model is not None


# --- by somebody who writes the digests anew


def restated(folder: Path, **entries: object) -> None:
    meta = {**json.loads((folder / META).read_text()), **entries}
    meta["files"] = stated(folder)
    (folder / META).write_text(json.dumps({**meta, "digest": digest_of(meta)}))


def weights_of(folder: Path, change: Callable[[Any], Any]) -> None:
    arrays = load_file(folder / WEIGHTS)
    save_file({name: np.ascontiguousarray(change(array)) for name, array in arrays.items()}, folder / WEIGHTS)


def not_finite(folder: Path) -> None:
    weights_of(folder, lambda array: np.where(array == array.flat[0], np.float32("nan"), array))


def flat(folder: Path) -> None:
    weights_of(folder, lambda array: array.reshape(-1))


def on_its_side(folder: Path) -> None:
    weights_of(folder, lambda array: array.reshape(1, -1))


def long_header(folder: Path) -> None:
    (folder / WEIGHTS).write_bytes(struct.pack("<Q", 1 << 60) + b"{}")


def repeated_ids(folder: Path) -> None:
    ids = pq.read_table(folder / "items.parquet")
    again = pa.array([ids["id"][0].as_py()] * len(ids))
    pq.write_table(ids.set_column(0, "id", again), folder / "items.parquet")


def fewer_ids(folder: Path) -> None:
    pq.write_table(pq.read_table(folder / "items.parquet").slice(1), folder / "items.parquet")


def many_rows(folder: Path) -> None:
    """Twenty million rows in some kilobytes."""
    indices = pa.array(np.zeros(20_000_000, dtype=np.int32))
    ids = pa.DictionaryArray.from_arrays(indices, pa.array(["a"]))
    pq.write_table(pa.table({"id": ids, "name": ids}), folder / "items.parquet", compression="zstd")


def long_names(folder: Path) -> None:
    """Names of 200 megabytes in some kilobytes."""
    ids = pq.read_table(folder / "items.parquet")
    names = pa.array(["n" * 50_000_000] * len(ids))
    pq.write_table(ids.set_column(1, "name", names), folder / "items.parquet", compression="zstd")


def numbered_ids(folder: Path) -> None:
    ids = pq.read_table(folder / "items.parquet")
    pq.write_table(ids.set_column(0, "id", pa.array(range(len(ids)))), folder / "items.parquet")


FORGERIES = {
    not_finite: "holds what is no finite number",
    flat: "its parts do not fit each other",
    on_its_side: "its parts do not fit each other",
    long_header: "has a header of",
    repeated_ids: "an id in items.parquet is missing or repeated",
    fewer_ids: "its weights, ids or settings are not those of",
    many_rows: "items.parquet cannot be read: it says that it holds 20,000,000 rows",
    long_names: "items.parquet cannot be read: ",
    numbered_ids: "the column 'id' holds no texts",
}


@pytest.mark.parametrize(("forgery", "words"), FORGERIES.items(), ids=lambda one: getattr(one, "__name__", ""))
def test_a_forged_folder_is_refused(fit: Path, tmp_path: Path, forgery: Callable[[Path], None], words: str) -> None:
    shutil.copytree(fit, tmp_path / "fit")
    forgery(tmp_path / "fit")
    restated(tmp_path / "fit")
    with pytest.raises(ModelError, match=words):
        load_recommender(tmp_path / "fit")


@pytest.mark.parametrize(
    "metrics", [{"recall@10": 1e400}, {"recall@10": "high"}, {"recall@10": None}, {"recall@10": 10**400}, [1.0]]
)
def test_metrics_that_are_no_numbers_are_refused(fit: Path, tmp_path: Path, metrics: object) -> None:
    shutil.copytree(fit, tmp_path / "fit")
    restated(tmp_path / "fit", metrics=metrics)
    text = (tmp_path / "fit" / META).read_text()
    (tmp_path / "fit" / META).write_text(text.replace("Infinity", "1e400"))
    with pytest.raises(ModelError, match=r"metrics"):
        load_recommender(tmp_path / "fit")


@pytest.mark.parametrize("kind", [ItemItem, UserUser])
def test_rows_that_point_outside_are_refused(tmp_path: Path, kind: type[Recommender]) -> None:
    """What computes with them would read memory that is not theirs."""
    save_model(kind().fit(toy()), tmp_path / "fit")
    arrays = load_file(tmp_path / "fit" / WEIGHTS)
    arrays["items"] = arrays["items"] + np.int32(1 << 28)
    save_file(arrays, tmp_path / "fit" / WEIGHTS)
    restated(tmp_path / "fit")
    with pytest.raises(ModelError, match="its parts do not fit each other: an entry stands in none of the"):
        load_recommender(tmp_path / "fit")


def test_what_could_not_be_measured_is_absent(tmp_path: Path) -> None:
    class Unsure(EASE):
        name = "unsure"

        def learn(self, dataset: Any, context: Any) -> dict[str, float]:
            return {**super().learn(dataset, context), "loss": float("nan"), "best": float("inf"), "epochs": 3.0}

    model = Unsure(reg=1.0).fit(toy())
    assert {"loss", "best", "epochs"} & set(model.record.metrics) == {"epochs"}
    save_model(model, tmp_path / "fit")
    assert load_recommender(tmp_path / "fit", Unsure).record.metrics["epochs"] == 3.0
