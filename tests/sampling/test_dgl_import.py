"""DGL beside whatever PyTorch is here: in processes of their own, since an import happens once."""

from __future__ import annotations

import platform
import re
import subprocess
import sys

import pytest
from packaging.requirements import Requirement

from graphrec.sampling.dgl_import import dgl_has_wheel
from tests.conftest import ROOT
from tests.sampling.dgl_here import need_dgl

SAMPLES = """
from graphrec.sampling.dgl_import import import_dgl, stand_ins
dgl = import_dgl()
import torch
assert import_dgl() is dgl
graph = dgl.heterograph({("user", "took", "item"): (torch.tensor([0, 1, 1]), torch.tensor([0, 0, 1]))})
drawn = dgl.sampling.sample_neighbors(graph, {"item": torch.tensor([0])}, 1)
assert drawn.num_edges() == 1
graph.nodes["user"].data["x"] = torch.tensor([1.0, 2.0])
graph.update_all(dgl.function.copy_u("x", "m"), dgl.function.sum("m", "y"))
assert graph.nodes["item"].data["y"].tolist() == [3.0, 2.0]
print("said", *stand_ins())
"""

HERE = f"{platform.python_version()} on {platform.system()} x86_64"

ABSENT = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {absent}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
for name in [name for name in sys.modules if name.split(".")[0] in {absent}]:
    del sys.modules[name]
"""

NEW_SETUPTOOLS = """
import sys
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "packaging" or name.startswith("setuptools.extern"):
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
sys.meta_path.insert(0, Absent())
"""

REAL = """
import sys, types
for name in ("dgl", "dgl.graphbolt"):  # a DGL that needs nothing
    sys.modules[name] = types.ModuleType(name)
from graphrec.sampling.dgl_import import import_dgl, stand_ins
assert import_dgl() is sys.modules["dgl"]
print("said", *stand_ins())
"""


def run(program: str) -> str:
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    return [line for line in done.stdout.splitlines() if line.startswith("said")][-1].removeprefix("said").strip()


@pytest.fixture
def _dgl() -> None:
    need_dgl()


@pytest.mark.usefixtures("_dgl")
def test_dgl_samples_and_passes_messages_beside_this_pytorch() -> None:
    assert run(SAMPLES) in ("", "dgl.graphbolt")


@pytest.mark.usefixtures("_dgl")
def test_without_packaging_a_stand_in_compares_versions() -> None:
    assert {"dgl.graphbolt", "setuptools.extern.packaging.version"} <= set(run(NEW_SETUPTOOLS + SAMPLES).split())


def test_a_dgl_that_can_be_imported_is_taken_as_it_is() -> None:
    assert run(REAL) == ""


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ((3, 12, 1), "it is not installed"),
        ((3, 13, 0), f"it comes with Python 3.10 to 3.12 on Linux alone, and this is Python {HERE}"),
    ],
)
def test_without_dgl_the_error_says_why_and_nothing_stays_registered(version: tuple[int, ...], reason: str) -> None:
    program = (
        ABSENT.format(absent='("dgl",)')
        + f"""
import platform
sys.platform, platform.machine = "linux", lambda: "x86_64"
import torch
sys.version_info = {version}
"""
        + """
from graphrec.errors import ModelError
from graphrec.sampling.dgl_import import import_dgl, stand_ins
try:
    import_dgl()
except ModelError as error:
    print("said", error.what, *stand_ins(), [name for name in sys.modules if name.startswith("dgl")])
"""
    )
    assert run(program) == f"DGL cannot be imported: {reason} []"


def test_where_dgl_fails_for_another_reason_that_reason_is_said() -> None:
    program = """
import sys, tempfile, pathlib
folder = pathlib.Path(tempfile.mkdtemp())
(folder / "dgl").mkdir()
(folder / "dgl" / "__init__.py").write_text("from . import part")
(folder / "dgl" / "part.py").write_text("raise OSError('no such library')")
sys.path.insert(0, str(folder))
from graphrec.errors import ModelError
from graphrec.sampling.dgl_import import import_dgl, stand_ins
try:
    import_dgl()
except ModelError as error:
    print("said", error.what, stand_ins(), [name for name in sys.modules if name.startswith("dgl")])
"""
    assert run(program) == "DGL cannot be imported: OSError: no such library [] []"


def test_versions_are_compared_by_their_numbers() -> None:
    from graphrec.sampling.dgl_import import _numbers

    assert _numbers("2.0.0a0") < _numbers("2.15.0+cpu")
    assert _numbers("1.13.0") < _numbers("2.0.0") < _numbers("2.4.1")


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
@pytest.mark.parametrize("machine", ["x86_64", "aarch64", "riscv64"])
@pytest.mark.parametrize("version", [(3, 10), (3, 12), (3, 13), (3, 14)])
def test_dgl_is_expected_exactly_where_the_package_asks_for_it(
    system: str, machine: str, version: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    (line,) = re.findall(r'^    "(dgl>.*)",$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    marker = Requirement(line).marker
    assert marker is not None
    there = {"sys_platform": system, "platform_machine": machine, "python_version": f"{version[0]}.{version[1]}"}
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setattr(sys, "version_info", version)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert dgl_has_wheel() == marker.evaluate(there)
