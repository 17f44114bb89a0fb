"""InDGRM: the battery, for its forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from graphrec.dataset.incidence import Incidence
from graphrec.dataset.kinds import ITEM_ATTRIBUTES
from graphrec.models.indgrm.config import AS_PRINTED
from graphrec.models.indgrm.model import InDGRM
from graphrec.testing import ModelBattery
from tests.models.indgrm.small import SMALL

if TYPE_CHECKING:
    from graphrec.dataset.dataset import Dataset


class TestLifted(ModelBattery):
    """As by default, but for sizes."""

    def make(self, **settings: Any) -> InDGRM:
        small = {name: SMALL[name] for name in ("epochs", "embedding_size", "batch_size", "clusters", "groups")}
        return InDGRM(**{**small, "learning_rate": 0.02, **settings})


class TestAffine(ModelBattery):
    def make(self, **settings: Any) -> InDGRM:
        return InDGRM(**{**SMALL, **settings})


class _ByGenre(ModelBattery):
    """What has categories: an item without any gets a genre, so that there is one."""

    def dressed(self, dataset: Dataset) -> Dataset:
        if dataset.item_attributes.n_entries:
            return dataset
        genre = dataset.attributes.ids.to_pylist().index("item.genre=comedy")
        shape = (len(dataset.items), len(dataset.attributes))
        carried = Incidence.from_pairs(np.array([0]), np.array([genre]), shape)
        return dataset.changed(links={**dataset.links, ITEM_ATTRIBUTES: carried})


class TestWithCategories(_ByGenre):
    def make(self, **settings: Any) -> InDGRM:
        return InDGRM(**{**SMALL, "categories": "genre", "triplets": "items", **settings})


class TestAsPrinted(ModelBattery):
    def make(self, **settings: Any) -> InDGRM:
        return InDGRM(**{**SMALL, **AS_PRINTED, "epochs": 8, "embedding_size": 6, "batch_size": 8, **settings})


class TestAsPrintedWithCategories(_ByGenre):
    def make(self, **settings: Any) -> InDGRM:
        small = {"epochs": 8, "embedding_size": 6, "batch_size": 8, "gate": "variance", "categories": "genre"}
        return InDGRM(**{**SMALL, **AS_PRINTED, **small, **settings})


class TestWithoutClusters(ModelBattery):
    def make(self, **settings: Any) -> InDGRM:
        return InDGRM(**{**SMALL, "clusters": 1, "tied": True, **settings})


class TestWithoutGroups(ModelBattery):
    def make(self, **settings: Any) -> InDGRM:
        return InDGRM(**{**SMALL, "groups": 0, "component_maps": "diagonal", **settings})


class TestWithEASE(ModelBattery):
    def make(self, **settings: Any) -> InDGRM:
        return InDGRM(**{**SMALL, "linear_path": 0.5, "linear_reg": 5.0, "component_maps": "none", **settings})


class TestNetworkDecoder(ModelBattery):
    def make(self, **settings: Any) -> InDGRM:
        return InDGRM(**{**SMALL, "decoder": "network", "lasso": 0.0, **settings})


class TestInnerProduct(ModelBattery):
    def make(self, **settings: Any) -> InDGRM:
        return InDGRM(**{**SMALL, "similarity": "inner", "gumbel": False, "decoder": "identity", **settings})


class TestSampledSoftmax(ModelBattery):
    def make(self, **settings: Any) -> InDGRM:
        return InDGRM(**{**SMALL, "negatives": 4, "inner_steps": 2, **settings})
