"""docs/explainers.md runs as written, and its table says what there is."""

from __future__ import annotations

import re

from graphrec.explainers.registry import EXPLAINERS, find_explainer
from graphrec.explaining.explainer import ExplainerConfig
from graphrec.models.ease import EASE
from graphrec.testing.toy import toy
from tests.documentation import DOCS, run_blocks

PAGE = (DOCS / "explainers.md").read_text(encoding="utf-8")
ROWS = {cells[0].strip("` "): cells for cells in re.findall(r"^\| (`\w+`) \|(.*)\|(.*)\|(.*)\|$", PAGE, re.MULTILINE)}


def test_the_page_runs() -> None:
    data = toy()
    done = run_blocks("explainers.md", dataset=data, model=EASE(reg=5.0).fit(data))
    assert done["tables"].reasons.num_rows > 3
    assert (done["adaptive"].r2 >= 0.9).all()
    assert done["sets"]["flips"].all()
    assert len(done["sets"]) > 20
    assert (done["stored"]["delta"] == -1).all()
    assert done["stored"]["set_of"].str.startswith("attribute:item.").all()
    assert done["stored"].groupby(["user", "item"], observed=True)["set_of"].nunique().max() == 2


def test_the_table_names_every_explainer_with_its_unit_and_settings() -> None:
    assert set(ROWS) == set(EXPLAINERS)
    model = EASE()
    for name, (_, _, unit, settings) in ROWS.items():
        kind = find_explainer(name)
        if name != "model":
            assert unit.strip() == (f"`{kind().claim(model).weight_unit}`" if kind.storable else "not stored")
        fields = {key: field.default for key, field in kind.Config.model_fields.items()}
        own = {key: value for key, value in fields.items() if key not in ExplainerConfig.model_fields}
        said = dict(re.findall(r"`(\w+)` \(([^)]*)\)", settings))
        assert set(said) == set(own), name
        for key, text in said.items():
            default = "none" if own[key] == {} else own[key]
            assert text == default if isinstance(default, str) else float(text) == default, (name, key)
