"""What a user mentions elsewhere than in the review of an example, against plain dictionaries."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from graphrec.models.aspects.other_reviews import OtherReviews
from graphrec.testing.reviews import with_mentions
from graphrec.testing.toy import build

if TYPE_CHECKING:
    from graphrec.testing.reviews import Mention

USERS, ITEMS, FEATURES = ["u", "v", "w"], ["a", "b", "c", "d"], ["sound", "price", "case"]

ratings = st.dictionaries(
    st.tuples(st.sampled_from(USERS), st.sampled_from(ITEMS)), st.sampled_from([1.0, 5.0]), max_size=10
)
rows = st.dictionaries(
    st.tuples(st.sampled_from(USERS), st.sampled_from([*ITEMS, None]), st.sampled_from(FEATURES)),
    st.integers(1, 5),
    max_size=14,
)


@given(ratings=ratings, rows=rows)
def test_what_is_left_is_what_the_other_reviews_say(
    ratings: dict[tuple[str, str], float], rows: dict[tuple[str, str | None, str], int]
) -> None:
    """Reviews of low ratings speak like any other; a profile over reviews speaks where a user has no review."""
    taken = {user: {item: rating for (who, item), rating in ratings.items() if who == user} for user in USERS}
    mentions: list[Mention] = [(user, item, feature, 1.0, count) for (user, item, feature), count in rows.items()]
    dataset = with_mentions(build(taken, ITEMS, attributes={}, positive_if="rating>=3"), mentions, FEATURES)
    reviews, positives = OtherReviews.of(dataset), dataset.positives
    found = reviews.without_own(np.arange(positives.n_entries))
    assert found.n_rows == positives.n_entries
    for entry in range(positives.n_entries):
        user, item = USERS[positives.row_of_entry[entry]], ITEMS[positives.indices[entry]]
        own = {(of, feature): count for (who, of, feature), count in rows.items() if who == user}
        has_review = any(of is not None for of, _ in own)
        elsewhere: Counter[str] = Counter()
        for (of, feature), count in own.items():
            if of != item and (of is not None or not has_review):
                elsewhere[feature] += count
        part = slice(found.indptr[entry], found.indptr[entry + 1])
        left = zip(found.indices[part], found.weights[part], strict=True)
        assert {FEATURES[feature]: count for feature, count in left if count} == dict(elsewhere)


def test_in_any_order_and_of_some_examples() -> None:
    dataset = with_mentions(
        build({"u": {"a": 5.0, "b": 5.0}, "v": {"b": 5.0}}, ITEMS, attributes={}),
        [
            ("u", "a", "sound", 1.0, 2),
            ("u", "b", "sound", 1.0, 3),
            ("u", "b", "case", 1.0, 1),
            ("v", "b", "case", 1.0, 4),
        ],
        FEATURES,
    )
    reviews = OtherReviews.of(dataset)
    found = reviews.without_own(np.array([2, 1, 0, 1]))
    np.testing.assert_array_equal(found.csr().toarray(), [[0, 0, 0], [2, 0, 0], [3, 0, 1], [2, 0, 0]])
