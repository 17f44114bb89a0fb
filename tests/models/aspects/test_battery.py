"""Aspects: the battery, with each of its options."""

from __future__ import annotations

from typing import Any

from graphrec.models.aspects.model import Aspects
from graphrec.testing import ModelBattery, ReviewModelBattery

SMALL = {"epochs": 12, "embedding_size": 5, "learning_rate": 0.03, "batch_size": 32}


class Features(ReviewModelBattery):
    """A user has no vector of their own, so that newcomers are scored like anybody else."""

    newcomers = True


class TestTied(Features):
    def make(self, **settings: Any) -> Aspects:
        return Aspects(**{**SMALL, **settings})


class TestApartWithVectors(Features):
    def make(self, **settings: Any) -> Aspects:
        return Aspects(**{**SMALL, "tied": False, "item_vectors": True, **settings})


class TestVectorsOfTakenItemsAlone(Features):
    def make(self, **settings: Any) -> Aspects:
        return Aspects(**{**SMALL, "tied": False, "item_profiles": False, "item_vectors": True, **settings})


class TestWithoutVectorsAndOverlap(Features):
    def make(self, **settings: Any) -> Aspects:
        return Aspects(**{**SMALL, "item_vectors": False, "overlap": False, "averaging": 0.0, **settings})


class TestProfilesOfThePaperAndTwoMembers(Features):
    def make(self, **settings: Any) -> Aspects:
        return Aspects(**{**SMALL, "profile": "paper", "members": 2, **settings})


class TestSampledSoftmax(Features):
    def make(self, **settings: Any) -> Aspects:
        return Aspects(**{**SMALL, "batch_size": 4, "sampled_above": 1, "sampled_items": 5, **settings})


class TestWithoutMentions(ModelBattery):
    """Histories alone, with vectors of items."""

    def make(self, **settings: Any) -> Aspects:
        return Aspects(**{**SMALL, **settings})
