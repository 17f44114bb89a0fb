"""Every verb that writes a folder or file of its own beside the store, and what of it a reader sees."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import graphrec as gr
from graphrec.store.export import export_store

if TYPE_CHECKING:
    from collections.abc import Callable


def export(store: gr.Store, out: Path) -> None:
    """Export the store."""
    export_store(store, out)


def train(store: gr.Store, out: Path) -> None:
    """Fit a model and save it."""
    gr.save_model(gr.models.EASE(reg=5.0).fit(gr.Dataset.from_store(store)), out)


def recommend(store: gr.Store, out: Path) -> None:
    """Write recommendations as Parquet."""
    dataset = gr.Dataset.from_store(store)
    gr.recommend(gr.models.EASE(reg=5.0).fit(dataset), dataset, k=3).save(out)


def split(store: gr.Store, out: Path) -> None:
    """Cut the interactions."""
    gr.split(gr.Dataset.from_store(store), seed=1).save(out)


OUTPUTS: dict[str, Callable[[gr.Store, Path], None]] = {
    "export": export,
    "train": train,
    "recommend --out": recommend,
    "split": split,
}


def write(uri: str, verb: str, out: str) -> None:
    """Open a store for reading and write what a verb writes."""
    with gr.open_store(uri, read_only=True) as store:
        OUTPUTS[verb](store, Path(out))


def older(verb: str, uri: str, out: Path) -> None:
    """Put an older output of the verb there, of its own kind and other content, which the verb is to replace."""
    if verb == "split":
        with gr.open_store(uri, read_only=True) as store:
            gr.split(gr.Dataset.from_store(store), seed=2).save(out)
        return
    write(uri, verb, str(out))
    for path in out.iterdir():
        path.write_bytes(path.read_bytes() + b"\n")


def seen(out: Path) -> dict[str, bytes]:
    """Return the bytes of every file of an output, without records that hold times; nothing where there is none."""
    paths = [out] if out.is_file() else sorted(path for path in out.rglob("*") if path.is_file())
    return {path.name: path.read_bytes() for path in paths if path.name not in ("run.json", "model.json")}


def beside(out: Path) -> list[str]:
    """Return the names in the folder that an output lies in."""
    return sorted(path.name for path in out.parent.iterdir())


def clear(out: Path) -> None:
    """Remove an output with what lies beside it."""
    shutil.rmtree(out.parent, ignore_errors=True)
    out.parent.mkdir(parents=True)
