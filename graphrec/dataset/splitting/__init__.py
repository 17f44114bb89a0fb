"""Splits of interactions into training, validation and test: a ``Split``, and the ways to make one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.dataset.splitting.by_interaction import leave_one_out_split, random_split
from graphrec.dataset.splitting.by_item import item_split
from graphrec.dataset.splitting.by_time import time_split
from graphrec.dataset.splitting.by_user import cold_user_split, user_split
from graphrec.dataset.splitting.from_file import file_split
from graphrec.dataset.splitting.given import given_split
from graphrec.dataset.splitting.rounding import ROUNDINGS, Rounding, checked_rounding
from graphrec.dataset.splitting.split import PARTS, Split, SplitData
from graphrec.dataset.splitting.user_folds import HELD_OUT_USERS, HeldOutUsers, checked_held_out_users

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "HELD_OUT_USERS",
    "PARTS",
    "ROUNDINGS",
    "SPLITS",
    "HeldOutUsers",
    "Rounding",
    "Split",
    "SplitData",
    "checked_held_out_users",
    "checked_rounding",
    "cold_user_split",
    "file_split",
    "given_split",
    "item_split",
    "leave_one_out_split",
    "random_split",
    "time_split",
    "user_split",
]

SPLITS: dict[str, Callable[..., Split]] = {
    "random": random_split,
    "leave-one-out": leave_one_out_split,
    "users": user_split,
    "items": item_split,
    "cold-users": cold_user_split,
    "time": time_split,
    "file": file_split,
}
"""Ways to split, by the name that ``graphrec split`` and recipes use; each takes the data set, then keywords."""
