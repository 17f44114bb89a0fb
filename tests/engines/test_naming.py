"""Engines by name."""

from __future__ import annotations

import subprocess
import sys

import pytest

import graphrec as gr
from graphrec.engines import ray_engine
from graphrec.engines.in_process import InProcess
from graphrec.engines.naming import engine_named, engine_of
from graphrec.errors import MissingExtraError, UsageError
from graphrec.models.ease import EASE
from graphrec.testing.toy import toy


@pytest.mark.parametrize("name", ["in-process", "processes:1", "processes:1024", "ray", "ray://head:10001"])
def test_an_engine_knows_its_name(name: str) -> None:
    if name.startswith("ray"):
        pytest.importorskip("ray")
    assert engine_named(name).name == name


@pytest.mark.parametrize(
    "name", ["", "processes", "processes:0", "processes:1025", "processes:-1", "dask", "ray:", "ray://u:p@head:1"]
)
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(UsageError, match="Choose in-process, processes:N"):
        engine_named(name)


def test_no_name_is_this_process_and_an_engine_stays_as_it_is() -> None:
    assert isinstance(engine_of(""), InProcess)
    engine = InProcess()
    assert engine_of(engine) is engine


def test_without_ray_the_extra_is_named_before_anything_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_engine, "find_spec", lambda name: None)
    data = toy()
    with pytest.raises(MissingExtraError, match=r"pip install 'graphrec\[ray\]'"):
        gr.recommend(EASE(reg=5.0).fit(data), data, engine="ray")


def test_ray_is_imported_by_nobody_who_does_not_ask_for_it() -> None:
    code = (
        "import sys; import graphrec.api.recommendations, graphrec.engines.naming as n; n.engine_named('processes:2');"
        "print('ray' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout == "False\n"
