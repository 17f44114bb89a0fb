"""Settings and data for tests of InDGRM that take a moment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.profiles import profiles_of
from graphrec.models.indgrm.config import InDGRMConfig
from graphrec.models.indgrm.model import InDGRM
from graphrec.testing.toy import toy

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset
    from graphrec.dataset.profiles import Profiles

SMALL = {
    "epochs": 8,
    "embedding_size": 6,
    "batch_size": 8,
    "learning_rate": 0.02,
    "averaging": 0.5,
    "clusters": 3,
    "groups": 4,
    "gate_temperature": 0.3,
    "lasso": 0.1,
    "tied": False,
    "component_maps": "full",
    "gumbel": True,
    "decoder": "affine",
    "kl_weight": 0.1,
}


def small_config(**settings: Any) -> InDGRMConfig:
    """Return small settings, with some of them changed."""
    return InDGRMConfig.read({**SMALL, **settings})


def fitted(data: Dataset | None = None, **settings: Any) -> InDGRM:
    """Return a fit of small settings on ``toy``, or on other data."""
    return InDGRM(**{**SMALL, **settings}).fit(toy() if data is None else data)


def profiles(data: Dataset, least: int = 1) -> Profiles:
    """Return everybody who took so many items."""
    everybody = profiles_of(data, np.arange(len(data.users), dtype=np.int32), np.arange(len(data.users)))
    return everybody.rows(np.flatnonzero(data.positives.counts >= least))
