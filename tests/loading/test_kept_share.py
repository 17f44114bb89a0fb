from __future__ import annotations

import pytest

from graphrec.errors import InputError
from graphrec.loading.contract import FileReport
from graphrec.loading.kept_share import almost_nothing, refuse_almost_nothing


@pytest.mark.parametrize(
    ("good", "bad", "answer"),
    [(1, 9, False), (1, 10, True), (2, 18, False), (1, 18, True), (0, 10, True), (0, 9, False), (21, 9979, True)],
)
def test_ten_faults_that_leave_fewer_than_one_in_ten(good: int, bad: int, answer: bool) -> None:
    assert almost_nothing(good, bad) is answer


def test_the_error_says_how_many_why_and_where() -> None:
    account = FileReport("books.csv", read=10_000, kept=21)
    account.skip("code is empty", [2])
    account.skip("pages is not a number", list(range(3, 9981)))
    with pytest.raises(InputError) as caught:
        refuse_almost_nothing(account)
    assert str(caught.value) == (
        "only 21 of 10,000 rows can be used: 9,978 times pages is not a number (line 3, 4, 5, 6, 7) (books.csv). "
        "Check what is said of this column: its name, its type, the delimiter"
    )
    refuse_almost_nothing(account, bounded=9_978)
