"""docs/large-catalogues.md states the limit of every model that has one, and the settings as they are."""

from __future__ import annotations

import re

from graphrec.models.elsa.config import ELSAConfig
from graphrec.models.registry import MODELS, registered_model
from tests.documentation import DOCS

PAGE = (DOCS / "large-catalogues.md").read_text(encoding="utf-8")


def test_the_limits_are_those_of_the_models() -> None:
    stated = {
        name: int(most.replace(",", "")) for name, most in re.findall(r"^\| `([a-z-]+)` \| ([\d,]+) \|", PAGE, re.M)
    }
    limits = {name: registered_model(name).most_items for name in MODELS}
    assert stated == {name: most for name, most in limits.items() if most is not None}


def test_the_settings_are_those_of_the_model() -> None:
    stated = dict(re.findall(r"^\| `(\w+)` \| .* \| ([\d.]+) \|$", PAGE, re.M))
    assert len(stated) == 6
    assert stated == {name: f"{ELSAConfig.model_fields[name].default:g}" for name in stated}
