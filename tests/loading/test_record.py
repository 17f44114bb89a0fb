"""The record of a data set, before anything is stored."""

from __future__ import annotations

import pytest

from graphrec.errors import InputError
from graphrec.loading.record import refuse_unusable_record
from graphrec.tables.records import DatasetInfo


@pytest.mark.parametrize("prefix", ["i", "item", "item.", "item.genre", "u", "user.", "user.age="])
def test_a_prefix_that_ids_of_attributes_begin_with_is_refused(prefix: str) -> None:
    """Attributes of a data set without a prefix are called ``item.genre=Drama``: they would change their owner."""
    with pytest.raises(InputError, match=r"is the beginning of ids of attributes, such as '(item|user)\."):
        refuse_unusable_record(DatasetInfo("second", "Second", "tests", prefix=prefix))


@pytest.mark.parametrize("prefix", ["", "o:", "items:", "i:", "user:", "a.item."])
def test_other_prefixes_are_taken(prefix: str) -> None:
    refuse_unusable_record(DatasetInfo("second", "Second", "tests", prefix=prefix))
