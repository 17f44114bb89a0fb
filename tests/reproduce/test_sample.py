"""A small part of a data set."""

from __future__ import annotations

import numpy as np

from graphrec.reproduce.sample import sampled
from graphrec.testing.knowledge import toy_with_knowledge


def test_a_sample_is_the_whole_at_its_users_and_items() -> None:
    whole = toy_with_knowledge(n_users=60, n_items=30)
    part = sampled(whole, users=20, items=8, seed=3)
    users, items = whole.users.require(part.users.ids), whole.items.require(part.items.ids)
    assert (len(users), len(items)) == (20, 8)
    assert (np.diff(users) > 0).all()
    taken = whole.taken.csr().toarray()[users]
    np.testing.assert_array_equal(part.taken.csr().toarray(), taken[:, items])
    counts = taken.sum(axis=0)
    assert counts[items].min() >= np.delete(counts, items).max(), "the items that most of these users took"
    np.testing.assert_array_equal(part.user_attributes.csr().toarray(), whole.user_attributes.csr().toarray()[users])
    np.testing.assert_array_equal(part.item_entities.csr().toarray(), whole.item_entities.csr().toarray()[items])
    assert part.knowledge.n_items == 8
    assert part.fingerprint == "toy-20x8-3"
