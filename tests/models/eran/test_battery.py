"""eRAN passes what every model has to pass, in each of its forms."""

from __future__ import annotations

from typing import Any

from graphrec.models.eran.config import AS_PRINTED
from graphrec.models.eran.model import ERAN
from graphrec.testing import ModelBattery

SMALL = {"epochs": 4, "embedding_size": 6, "dropout": 0.0, "weight_decay": 0.1}


class TestNetworks(ModelBattery):
    learns_from_one = False

    def make(self, **settings: Any) -> ERAN:
        return ERAN(**{**SMALL, **settings})


class TestDistance(TestNetworks):
    def make(self, **settings: Any) -> ERAN:
        return ERAN(**{**SMALL, "forms": "distance", **settings})


class TestBothForms(TestNetworks):
    def make(self, **settings: Any) -> ERAN:
        return ERAN(**{**SMALL, "forms": "networks,distance", "members": 2, **settings})


class TestEvenAttention(TestNetworks):
    def make(self, **settings: Any) -> ERAN:
        return ERAN(**{**SMALL, "attention": "even", **settings})


class TestLearnedUsers(TestNetworks):
    newcomers = False  # their z is the mean of the others', and not their own

    def make(self, **settings: Any) -> ERAN:
        return ERAN(**{**SMALL, "user_vectors": "learned", "forms": "distance", **settings})


class TestAsPrinted(TestNetworks):
    """The paper's settings, with smaller layers, and trained until vectors differ in more than the last digits."""

    newcomers = False

    def make(self, **settings: Any) -> ERAN:
        printed = {**AS_PRINTED, "embedding_size": 6, "hidden_sizes": (16, 8), "batch_size": 40}
        printed |= {"epochs": 40, "learning_rate": 0.03}
        return ERAN(**{**printed, **settings})


class TestWithAllPairs(TestNetworks):
    def make(self, **settings: Any) -> ERAN:
        return ERAN(**{**SMALL, "all_pairs": True, **settings})
