"""What the doctor says of Python and of DGL."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from graphrec.commands import doctor
from graphrec.errors import ModelError
from graphrec.sampling import dgl_import

if TYPE_CHECKING:
    from tests.commands.conftest import Command


@pytest.mark.parametrize(
    ("has_wheel", "remedy"), [(True, "pip install 'dgl>=2.1,<3'"), (False, "None needed: PyTorch samples without it")]
)
def test_doctor_without_dgl_says_which_sampler_there_is(
    has_wheel: bool, remedy: str, graphrec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise ModelError("DGL cannot be imported: it is not installed")

    monkeypatch.setattr(dgl_import, "import_dgl", fails)
    monkeypatch.setattr(dgl_import, "dgl_has_wheel", lambda: has_wheel)
    looked = {one["what"]: one for one in graphrec.good("doctor", "--store", "nowhere", "--json").json}
    assert (looked["dgl"]["state"], looked["dgl"]["remedy"]) == ("missing", remedy)
    assert (looked["sampler"]["state"], looked["sampler"]["detail"]) == ("ok", "PyTorch alone")


@pytest.mark.parametrize(
    ("version", "state"), [((3, 9, 18), "broken"), ((3, 10, 0), "ok"), ((3, 14, 0), "ok"), ((3, 15, 0), "broken")]
)
def test_doctor_knows_the_pythons(
    version: tuple[int, ...], state: str, graphrec: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "sys", SimpleNamespace(version_info=version))
    assert doctor._versions()[1].state == state
