"""NAR, CAR, CNR and CER: the battery, with each of their options."""

from __future__ import annotations

from typing import Any

from graphrec.models.reviews.car import CAR
from graphrec.models.reviews.cnr import CER, CNR
from graphrec.models.reviews.nar import NAR
from graphrec.testing import ReviewModelBattery

SMALL = {"epochs": 12, "embedding_size": 5, "hidden_size": 6, "learning_rate": 0.03, "batch_size": 32}


class Features(ReviewModelBattery):
    learns_from_one = False


class TestNAR(Features):
    def make(self, **settings: Any) -> NAR:
        return NAR(**{**SMALL, **settings})


class TestNAROfFormulaWithALinearHead(Features):
    def make(self, **settings: Any) -> NAR:
        return NAR(**{**SMALL, "unmentioned": "formula", "head": "linear", "averaging": 0.0, **settings})


class TestCAR(Features):
    def make(self, **settings: Any) -> CAR:
        return CAR(**{**SMALL, **settings})


class TestCAROfFormulaBySoftmax(Features):
    def make(self, **settings: Any) -> CAR:
        formula = {"unmentioned": "formula", "loss": "softmax", "negatives": 3, "phi": "times_input", "layers": 2}
        return CAR(**{**SMALL, **formula, **settings})


class TestCAROfUnitLengthWithALinearHead(Features):
    """Profiles of unit length: what is switched off makes the rest count more, so that held effects differ."""

    def make(self, **settings: Any) -> CAR:
        return CAR(**{**SMALL, "profile": "tfidf", "head": "linear", "phi": "absolute", **settings})


class TestCNR(Features):
    def make(self, **settings: Any) -> CNR:
        return CNR(**{**SMALL, "rounds": 4, **settings})


class TestCERWithDropout(Features):
    def make(self, **settings: Any) -> CER:
        return CER(**{**SMALL, "dropout": 0.2, "weight_decay": 1e-4, "phi": "signed", **settings})
