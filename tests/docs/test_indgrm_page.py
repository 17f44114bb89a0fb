"""docs/indgrm.md works as written, and its table of departures is that of the settings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import graphrec as gr
from graphrec.loaders.movielens import load
from graphrec.models.indgrm.config import AS_PRINTED, LIFTED, InDGRMConfig
from graphrec.store.opening import open_store
from tests.documentation import DOCS, run_blocks
from tests.reproduce.tiny_networks import write_films

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (DOCS / "indgrm.md").read_text(encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> gr.Dataset:
    loaded = load(write_films(tmp_path / "films"))
    with open_store(str(tmp_path / "store")) as store:
        store.load(loaded.tables, loaded.info)
        return gr.Dataset.from_store(store, positive_if="rating>3")


def test_the_page_s_code_runs(data: gr.Dataset) -> None:
    """Its own assertions are the test, and what it looks into is there."""
    done = run_blocks("indgrm.md", data=data)
    assert len(done["sizes"]) == 3
    assert sum(done["smaller"]) <= sum(done["sizes"])
    n_groups = len(done["factors"].of_kind("item_group"))
    assert done["links"].shape == (4, n_groups, 16)
    assert done["gates"].shape == (4, len(done["factors"].ids))


def written(value: bool | float | str | None) -> str:
    """Return a setting as the page writes it."""
    if value is None:
        return "by steps"
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else f"{value:g}"


def test_the_table_of_departures_is_that_of_the_settings() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \| [^|]+ \|$", PAGE, re.MULTILINE)
    assert [name for name, _, _ in rows] == list(AS_PRINTED)
    for name, here, printed in rows:
        assert here == written(LIFTED[name]), name
        assert printed == written(AS_PRINTED[name]), name


def test_the_page_names_no_setting_that_is_not_there() -> None:
    named = set(re.findall(r"`(\w+)=", PAGE)) - {"by"}
    assert named
    assert named <= set(InDGRMConfig.model_fields)
