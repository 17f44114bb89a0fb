"""Inner products of items with all features, kept from batch to batch.

The relevance of feature k for item j is <w_j, q_k> / |FS_u| (``relevance``): but for the length of the set it is the
same for every user. Few items make up most recommendations, and so their products with all features, one matrix product
for many items, are computed once and picked from for everybody.
"""

from __future__ import annotations

import threading

import numpy as np
import torch

from graphrec.arrays.bounded_blocks import blocks, rows_at_once

NUMBERS_KEPT = 48_000_000
"""Products kept at most, 192 MB, whatever the sizes of catalogue and data."""
ITEMS_AT_ONCE = 32
"""Items of a matrix product, always: its numbers then do not depend on which items come together."""
LEAST_SHARE = 1 / 16
"""Least number of relevances of a batch beside the products of its items with all features. With fewer, each relevance
is computed by itself, which is faster unless most products are kept already."""

_CHANGING = threading.Lock()
"""Held while products are added and picked, for a fitted model may answer several threads."""


class ItemProducts:
    """Products of the linear model's items with its features.

    Args:
        output: W, [items, d].
        features: Q, [features, d], the last row zeros, the vector of padding.
    """

    def __init__(self, output: torch.Tensor, features: torch.Tensor) -> None:
        self._output, self._features = output, features
        room = rows_at_once(len(features), NUMBERS_KEPT) // ITEMS_AT_ONCE
        self._products = features.new_empty(room * ITEMS_AT_ONCE, len(features))  # memory is taken as it is filled
        self._forget()

    def _forget(self) -> None:
        self._place = torch.full((len(self._output),), -1, dtype=torch.int64)
        self._filled = 0

    def pay_off(self, items: torch.Tensor, slots: torch.Tensor) -> bool:
        """Return whether a batch is large enough for products of its items with all features, and these fit.

        It depends on the batch alone, so that the same batch gives the same numbers whatever came before it.

        Args:
            items: int64 [B, k].
            slots: int64 [B, n].
        """
        relevances = items.numel() * slots.shape[1]
        distinct = len(torch.unique(items)) if relevances >= LEAST_SHARE * len(self._features) else len(self._output)
        return 0 < distinct <= len(self._products) - ITEMS_AT_ONCE and relevances >= LEAST_SHARE * distinct * len(
            self._features
        )

    def relevances(self, items: torch.Tensor, slots: torch.Tensor, sizes: torch.Tensor) -> torch.Tensor:
        """Return Z, float32 [B, k, n]; arguments as for ``relevance.relevances``.

        Args:
            items: int64 [B, k], of a batch for which products ``pay_off``.
            slots: int64 [B, n], the feature in each slot.
            sizes: |FS_u|, float32 [B].
        """
        with _CHANGING:
            self._add(torch.unique(items))
            first = self._place[items] * len(self._features)
            picked = np.take(self._products.view(-1).numpy(), (first[:, :, None] + slots[:, None, :]).numpy())
        return torch.from_numpy(picked).div_(sizes[:, None, None])

    def _add(self, items: torch.Tensor) -> None:
        """Compute the products of those items, each named once, that are not kept yet."""
        missing = items[self._place[items] < 0]
        if self._filled + len(missing) > len(self._products) - ITEMS_AT_ONCE:
            self._forget()
            missing = items
        for part in blocks(len(missing), ITEMS_AT_ONCE):
            some = missing[part]
            whole = torch.nn.functional.pad(self._output[some], (0, 0, 0, ITEMS_AT_ONCE - len(some)))
            rows = slice(self._filled, self._filled + ITEMS_AT_ONCE)
            torch.mm(whole, self._features.T, out=self._products[rows])
            self._place[some] = torch.arange(self._filled, self._filled + len(some))
            self._filled += len(some)
