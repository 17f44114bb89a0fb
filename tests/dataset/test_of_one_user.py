"""One user's part of a store holds what the whole data set holds of the user."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from graphrec.dataset.dataset import Dataset
from graphrec.dataset.ids import IdMap
from graphrec.dataset.kinds import LINKS
from graphrec.dataset.of_one_user import read_user
from graphrec.dataset.profiles import profiles_of
from graphrec.errors import UnknownIdError
from graphrec.store.opening import open_store
from tests.store.content import copied_small

if TYPE_CHECKING:
    from pathlib import Path


def test_it_is_the_user_s_part_in_another_numbering(tmp_path: Path) -> None:
    copied_small(tmp_path / "store")
    with open_store(tmp_path / "store", read_only=True) as store:
        whole = Dataset.from_store(store, "rating>=4")
        items = whole.items.ids.to_pylist()[::-1]  # a model's numbering, without the item that comes first
        numbering = {**whole.nodes, "Item": IdMap.of("Item", items[:-1])}
        aligned = whole.aligned({label: ids for label, ids in numbering.items() if label != "User"})
        for place, user in enumerate(whole.users.ids.to_pylist()):
            own = read_user(store, user, numbering, "rating>=4")
            assert own.users.ids.to_pylist() == [user]
            assert own.users.columns["name"][0] == whole.users.columns["name"][place]
            assert own.items.ids is numbering["Item"].ids
            assert own.aligned({label: ids for label, ids in numbering.items() if label != "User"}) is own
            assert own.taken.row(0).tolist() == aligned.taken.row(place).tolist()
            known = np.array([-1], dtype=np.int32)
            mine = profiles_of(own, known, np.array([0]))
            theirs = profiles_of(aligned, np.full(len(whole.users), -1, dtype=np.int32), np.array([place]))
            assert mine.items.indices.tolist() == theirs.items.indices.tolist()
            for kind in LINKS.values():
                assert mine.links[kind].keys().tolist() == theirs.links[kind].keys().tolist()
            assert own.knowledge.head.tolist() == aligned.knowledge.head.tolist()
            assert own.knowledge.tail.tolist() == aligned.knowledge.tail.tolist()
            assert (own.fingerprint, own.verbs) == (whole.fingerprint, whole.verbs)


def test_an_unknown_user_is_refused(tmp_path: Path) -> None:
    copied_small(tmp_path / "store")
    with open_store(tmp_path / "store", read_only=True) as store:
        nodes = Dataset.from_store(store).nodes
        with pytest.raises(UnknownIdError, match="no User with id 'eve'"):
            read_user(store, "eve", nodes)
