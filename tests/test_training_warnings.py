"""The sentences that a fit's metrics give, worked out by hand."""

from __future__ import annotations

import pytest

from graphrec.training_warnings import Verdict, training_warnings, verdict_of

COMPARED = {
    "compared_ndcg@10": 0.25,
    "popularity_ndcg@10": 0.2,
    "over_popularity_ndcg@10": 0.05,
    "over_popularity_low": 0.01,
    "over_popularity_high": 0.09,
    "compared_users": 400.0,
}
UNTRAINED = {"loss": 4.84, "loss_without_knowledge": 4.8675}


def test_what_was_not_measured_is_not_doubted() -> None:
    assert verdict_of({"seconds": 3.0}) is None
    assert training_warnings({"seconds": 3.0, "loss": 7.0}) == ()


def test_a_model_that_is_better_than_popularity_has_no_warning() -> None:
    assert verdict_of(COMPARED) is Verdict.BETTER
    assert training_warnings({**COMPARED, "loss": 4.0, "loss_without_knowledge": 4.8675}) == ()


def test_a_loss_near_that_of_no_knowledge_is_told_of_a_better_model_too() -> None:
    """Where popularity is worse than chance, an untrained model is better than popularity."""
    (warning,) = training_warnings({**COMPARED, **UNTRAINED})
    assert "though the model ranks better than popularity: it may have learned little" in warning.full
    assert warning.short.startswith("This model may have learned little")


@pytest.mark.parametrize(("loss", "warned"), [(4.8675, True), (4.771, True), (4.77, False), (3.0, False), (6.0, True)])
def test_the_loss_has_to_fall_by_two_hundredths(loss: float, warned: bool) -> None:
    """0.98 · 4.8675 = 4.77015."""
    assert bool(training_warnings({**UNTRAINED, "loss": loss})) is warned


def test_the_loss_is_told_in_full_and_in_short() -> None:
    (warning,) = training_warnings(UNTRAINED)
    assert warning.full.startswith("The training loss, 4.84, stays near that of no knowledge, 4.867: ")
    assert "higher learning_rate" in warning.full
    assert (
        warning.short == "This model has learned next to nothing: its training loss stayed near that of no knowledge."
    )


def test_a_model_below_popularity_is_no_better() -> None:
    (warning,) = training_warnings({**COMPARED, "over_popularity_low": -0.02, "over_popularity_high": -0.01})
    assert warning.short == "On held-out data this model is no better than popularity."
    assert warning.full == (
        "On the validation part the model is no better than popularity: its ndcg@10 is 0.2500, popularity's 0.2000; "
        "difference 0.0500, 95 % interval −0.0200 to −0.0100, 400 users."
    )


@pytest.mark.parametrize(("low", "high"), [(-0.01, 0.09), (0.0, 0.09), (-0.1, 0.0), (0.0, 0.0)])
def test_an_interval_that_holds_zero_leaves_it_open(low: float, high: float) -> None:
    metrics = {**COMPARED, "over_popularity_low": low, "over_popularity_high": high}
    assert verdict_of(metrics) is Verdict.OPEN
    (warning,) = training_warnings(metrics)
    assert warning.short == "On held-out data nobody can tell this model from popularity."


def test_too_few_users_say_nothing() -> None:
    (warning,) = training_warnings({"compared_users": 1.0})
    assert "is open: the validation part has 1 user to compare them on, and 10 are needed" in warning.full
    assert "has 3 users to" in training_warnings({"compared_users": 3.0})[0].full


def test_both_are_said_of_a_model_that_has_neither() -> None:
    of_loss, of_users = training_warnings({**UNTRAINED, **COMPARED, "over_popularity_low": -0.1})
    assert "loss" in of_loss.short
    assert "popularity" in of_users.short
