"""Whether a model is fitted again, by numbers on both sides of every border."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import torch

import graphrec as gr
from graphrec.errors import ModelError, UsageError
from graphrec.refreshing.growth import Growth, growth_since, scores_from_histories
from graphrec.refreshing.rules import decide
from tests.killing.verbs import INFO, tables
from tests.refreshing.nights import without_item

if TYPE_CHECKING:
    from graphrec.dataset.profiles import Profiles

QUIET = Growth(same_data=False, from_histories=True, at_fit=1000, now=1050, unknown=5, gone=0)
"""5 % new, a tenth of that with unknown items: as much as is kept."""


@pytest.mark.parametrize(
    ("change", "again", "why"),
    [
        ({}, False, "5.00%, at most 5%, and 10.0% of the new ones"),
        ({"now": 950}, False, "5.00%, at most 5%"),
        ({"now": 1051}, True, "5.10%, more than 5%"),
        ({"now": 949}, True, "5.10%, more than 5%"),
        ({"unknown": 6}, True, "12.0% of the new interactions"),
        ({"now": 1000, "unknown": 1}, True, "100.0% of the new interactions"),
        ({"now": 1000, "unknown": 0}, False, "0.00%"),
        ({"from_histories": False}, True, "does not score people from their histories"),
        ({"at_fit": None}, True, "is from before 0.8"),
        ({"at_fit": None, "same_data": True}, False, "is of this data"),
        ({"gone": 2}, True, "2 of the items and entities of the fit"),
    ],
)
def test_the_first_rule_that_applies_decides(change: dict[str, Any], again: bool, why: str) -> None:
    decision = decide(replace(QUIET, **change))
    assert decision.again == again
    assert why in decision.why


def test_what_is_asked_is_done() -> None:
    much = replace(QUIET, now=9000)
    assert not decide(much, "keep").again
    assert decide(QUIET, "again").again
    assert not decide(replace(QUIET, same_data=True), "again").again
    with pytest.raises(ModelError, match="the data no longer has 1 of"):
        decide(replace(QUIET, gone=1), "keep")
    with pytest.raises(UsageError, match="Choose auto, keep, again"):
        decide(QUIET, "never")  # type: ignore[arg-type]


def test_growth_is_counted() -> None:
    """A fit without i00 sees what its takers took of it as unknown; one with it, of data without, lacks an item."""
    with_it, without = (gr.Dataset.from_tables(day, INFO) for day in (tables(), without_item("i00")))
    takers = len(with_it.interactions) - len(without.interactions)
    model = gr.models.EASE(reg=5.0).fit(without)
    seen = growth_since(model, with_it)
    assert seen == Growth(False, True, len(without.interactions), len(with_it.interactions), takers, 0)
    assert (seen.new, seen.unknown_share, seen.share) == (takers, 1.0, takers / len(without.interactions))
    assert growth_since(model, without).same_data
    assert growth_since(gr.models.EASE(reg=5.0).fit(with_it), without).gone == 1


class Silent(gr.models.EASE):
    """EASE that does not say what its scores come from."""

    scores_follow_inputs = False


class Learned(Silent):
    """EASE with something more for people whom the fit knows."""

    def score(self, profiles: Profiles, items: torch.Tensor | None = None) -> torch.Tensor:
        return super().score(profiles, items) + torch.from_numpy(profiles.known >= 0)[:, None]


@pytest.mark.parametrize(("kind", "answer"), [(gr.models.EASE, True), (Silent, True), (Learned, False)])
def test_who_scores_from_histories_is_found_out(kind: type[gr.models.EASE], answer: bool) -> None:
    dataset = gr.Dataset.from_tables(tables(), INFO)
    assert scores_from_histories(kind(reg=5.0).fit(dataset), dataset) == answer
