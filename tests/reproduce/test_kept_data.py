"""What a recipe keeps of its data, and what its report says of that."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from graphrec.errors import InputError
from graphrec.report import Table, Text
from graphrec.reproduce.data import dataset_of
from graphrec.reproduce.data_and_protocol import data_and_protocol
from graphrec.reproduce.recipe_files import read_recipe
from tests.reproduce.tiny import QUICK, TINY, write_recipe

if TYPE_CHECKING:
    from pathlib import Path

KEEP = """keep = [{ positives = true }, { item_attributes = ["genre"] }, { users_with = 14 }]
printed = { users = 50, interactions = 700 }
differs = "The toy lost two users."
source ="""


def test_steps_are_done_in_their_order_and_told(toy: Path, tmp_path: Path) -> None:
    """Every user of the toy has 14 positives of five stars, and some of three."""
    text = (TINY + QUICK).replace("source =", KEEP, 1).replace('"rating>=3"', '"rating>3"')
    recipe = read_recipe(str(write_recipe(tmp_path, text)))
    kept = dataset_of(recipe, toy / "toy", tmp_path / "out")
    assert (len(kept.dataset.users), len(kept.dataset.interactions)) == (48, 48 * 14)
    table = next(block for block in data_and_protocol(recipe, kept) if isinstance(block, Table))
    assert table.rows == (
        ("as loaded", 48, 40, 48 * 18),
        ("positive interactions", 48, 40, 48 * 14),
        ("items with genre", 48, 40, 48 * 14),
        ("users with 14 positive interactions or more", 48, 40, 48 * 14),
        ("the paper prints", 50, None, 700),
    )
    texts = [block.text for block in data_and_protocol(recipe, kept) if isinstance(block, Text)]
    assert "The toy lost two users." in texts

    quick = recipe.quickened()
    sample = dataset_of(quick, toy / "toy", tmp_path / "out")
    assert sample.account == kept.account
    assert len(sample.dataset.users) == 30
    told = next(block for block in data_and_protocol(quick, sample) if isinstance(block, Table))
    assert told.caption.endswith("before the sample is drawn.")


def test_a_recipe_that_keeps_everything_has_no_such_table(toy: Path, tmp_path: Path) -> None:
    recipe = read_recipe(str(write_recipe(tmp_path)))
    kept = dataset_of(recipe, toy / "toy", tmp_path / "out")
    assert not any(isinstance(block, Table) for block in data_and_protocol(recipe, kept))
    assert len(kept.dataset.interactions) == 48 * 18


@pytest.mark.parametrize(
    ("new", "said"),
    [
        ("keep = [{ user_with = 5 }]", "step 1 of keep: there is no filter 'user_with'"),
        ("keep = [{ positives = true }, { users_with = 0 }]", "step 2 of keep: the filter users_with cannot be 0"),
        ("printed = { films = 3 }", "printed"),
    ],
)
def test_words_that_are_none(tmp_path: Path, new: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_recipe(str(write_recipe(tmp_path, TINY.replace("source =", f"{new}\nsource =", 1))))
