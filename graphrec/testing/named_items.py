"""What holds for scores of named items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from graphrec.dataset.profiles import profiles_of

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.models.recommender import Recommender


class NamedItemsBattery:
    """Assertions on the scores of some items of each user."""

    def test_named_items_score_as_in_the_catalogue(self, model: Recommender, dataset: Dataset) -> None:
        """Score some items, one of them twice: the same as in the scores of all items."""
        profiles = profiles_of(*model.align(dataset), np.arange(len(dataset.users)))
        whole = model.score(profiles)
        draw = np.random.default_rng(3)
        items = torch.from_numpy(draw.integers(0, len(dataset.items), (len(profiles), 5)))
        items[:, 4] = items[:, 1]
        some = model.score(profiles, items)
        assert some.dtype == torch.float32
        torch.testing.assert_close(some, whole.gather(1, items), atol=1e-5, rtol=1e-5)
        every = torch.arange(len(dataset.items)).repeat(len(profiles), 1)
        torch.testing.assert_close(model.score(profiles, every), whole, atol=1e-5, rtol=1e-5)

    def test_named_items_of_nobody_and_no_items(self, model: Recommender, dataset: Dataset) -> None:
        """Score no items, and no users."""
        profiles = profiles_of(*model.align(dataset), np.arange(3))
        assert model.score(profiles, torch.empty(3, 0, dtype=torch.int64)).shape == (3, 0)
        nobody = profiles.rows(np.empty(0, dtype=np.int64))
        assert model.score(nobody, torch.empty(0, 2, dtype=torch.int64)).shape == (0, 2)
