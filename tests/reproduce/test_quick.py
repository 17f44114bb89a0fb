"""A quick look trains by steps, and says first what it can tell."""

from __future__ import annotations

import pytest

from graphrec.models.config import GradientConfig
from graphrec.models.registry import registered_model
from graphrec.reproduce.quick_words import quick_words
from graphrec.reproduce.recipe_files import read_recipe

SHIPPED = ("reconet", "resolving", "resolving-movielens", "insight-reconet", "insight-resolving")


@pytest.mark.parametrize("name", SHIPPED)
def test_every_row_that_trains_by_gradient_goes_by_steps(name: str) -> None:
    """Of a row that is like another only what is put over that row's settings stands in its trials."""
    for row in read_recipe(name).quickened().rows:
        kind = registered_model(row.model).Config
        for settings in row.tried:
            assert "epochs" not in settings or row.model in ("emf", "nmf", "ocular")
            config = kind.read(dict(settings))
            assert not isinstance(config, GradientConfig) or (config.epochs is None and config.steps >= 300)


@pytest.mark.parametrize("name", SHIPPED)
def test_the_full_recipe_keeps_its_epochs(name: str) -> None:
    """Committed reports were made with them."""
    for row in read_recipe(name).rows:
        kind = registered_model(row.model).Config
        if issubclass(kind, GradientConfig) and not row.like:
            assert all("epochs" in settings for settings in row.tried), row.name


def test_the_words_of_a_quick_look() -> None:
    recipe = read_recipe("reconet")
    assert quick_words(recipe) == ""
    words = quick_words(recipe.quickened())
    assert words.startswith(
        "A quick look at a sample: 600 users at most, the 800 items that they took most, 2 splits, 1 "
    )
    assert words.endswith("That takes the full report: graphrec reproduce reconet.")
