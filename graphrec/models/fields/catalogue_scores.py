"""Scores of whole catalogues, or of named items, in blocks of bounded memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from graphrec.arrays.bounded_blocks import grid_blocks, row_blocks
from graphrec.models.fields.arithmetic import rows_of

if TYPE_CHECKING:
    from graphrec.models.fields.arithmetic import FieldArithmetic, Parts

NUMBERS_AT_ONCE = 1 << 19
"""Numbers of the cases of a block; 2 MB of float32 stay near the processor."""


@torch.no_grad()
def catalogue_scores(arithmetic: FieldArithmetic, users: Parts, items: Parts) -> torch.Tensor:
    """Return the scores of all items for B users, float32 [B, items].

    Args:
        arithmetic: of the model.
        users: parts of B users.
        items: parts of all items.
    """
    n_users, n_items = (len(next(iter(parts.values()))) for parts in (users, items))
    scores = next(iter(users.values())).new_empty(n_users, n_items)
    for rows, columns in grid_blocks(n_users, n_items, arithmetic.numbers, NUMBERS_AT_ONCE):
        of_users = rows_of(users, rows)
        for column in columns:
            of_items = {name: part[None, column] for name, part in items.items()}
            scores[rows, column] = arithmetic.together(of_users, of_items)
    return scores


@torch.no_grad()
def named_scores(arithmetic: FieldArithmetic, users: Parts, items: Parts, named: torch.Tensor) -> torch.Tensor:
    """Return the scores of the items that are named for each user, float32 [B, k]; the cost grows with k.

    Args:
        arithmetic: of the model.
        users: parts of B users.
        items: parts of all items.
        named: int64 [B, k].
    """
    scores = next(iter(users.values())).new_empty(named.shape)
    if not named.numel():
        return scores
    gathered = sum(part[:1].numel() for part in items.values())
    for rows in row_blocks(len(named), named.shape[1] * (arithmetic.numbers + gathered), NUMBERS_AT_ONCE):
        scores[rows] = arithmetic.together(rows_of(users, rows), rows_of(items, named[rows]))
    return scores
