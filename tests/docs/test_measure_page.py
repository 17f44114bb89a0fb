"""docs/measure.md works as written."""

from __future__ import annotations

import json

from graphrec.models.ease import EASE
from graphrec.testing.toy import toy
from tests.documentation import run_blocks


def test_the_page_s_code_measures_both_methods() -> None:
    dataset = toy()
    measured = run_blocks("measure.md", model=EASE(reg=1.0).fit(dataset), dataset=dataset)["measured"]
    assert measured.names == ("own", "removal")
    assert measured.no_better_than_random == ()
    assert measured.compare("own", "removal").drop.difference.mean.tolist() == [0, 0, 0]
    assert len(json.dumps(measured.to_dict())) > 1000
