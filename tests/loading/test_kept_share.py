from __future__ import annotations

import pytest

from graphrec.errors import InputError
from graphrec.loading.contract import FileReport
from graphrec.loading.kept_share import almost_nothing, judge_kept_share


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
        judge_kept_share(account)
    assert str(caught.value) == (
        "only 21 of 10,000 rows can be used: 9,978 times pages is not a number (line 3, 4, 5, 6, 7) (books.csv). "
        "Check what is said of this column: its name, its type, the delimiter"
    )
    judge_kept_share(account, bounded=9_978)


@pytest.mark.parametrize(
    ("kept", "lost", "bounded", "warned"),
    [
        (10, 10, 0, True),
        (11, 10, 0, False),
        (9, 9, 0, False),
        (10, 20, 11, False),
        (10, 25, 5, True),
        (10, 25, 8, False),
    ],
)
def test_a_file_of_which_half_is_lost_is_warned_of(kept: int, lost: int, bounded: int, warned: bool) -> None:
    account = FileReport("r.csv", read=kept + lost, kept=kept)
    account.skip("r is not a number", list(range(lost)), "'4,5'")
    judge_kept_share(account, bounded)
    half = f"half of the rows or more are lost, {lost - bounded} of {kept + lost}; the most since r is not a number"
    assert account.warnings == ([half] if warned else [])
    assert account.faults()[0] == f"{lost} skipped: r is not a number, such as '4,5' (line 0, 1, 2, 3, 4)"
