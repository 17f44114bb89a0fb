"""Tests that every model has to pass, for models in graphrec and for models of other people.

A test of a model is a class of five lines that inherits from one of these batteries and says how the model is made:

* ``RecommenderBattery`` for what scores items (``graphrec.models.recommender.Recommender``);
* ``ModelBattery`` for what can also say why (``graphrec.models.model.Model``);
* ``KnowledgeBattery`` and ``KnowledgeModelBattery`` for the same on data with a knowledge graph;
* ``ReviewRecommenderBattery`` and ``ReviewModelBattery`` for the same on data whose reviews mention features.

The data sets are small and made in memory: ``graphrec.testing.toy``, ``knowledge`` and ``reviews``. pytest is
needed: ``pip install 'graphrec[testing]'``. ``docs/add-a-model.md`` shows a model and its test.
"""

from graphrec.errors import MissingExtraError

try:
    import pytest
except ImportError as error:
    raise MissingExtraError("pytest", extra="testing", purpose="The tests that every model has to pass") from error

_MODULES = ("explaining", "grounds", "measures", "named_items", "recommending", "reviews", "scoring", "switching")

# Before the modules are imported: pytest then shows the values of an assertion that fails, as it does in test files.
pytest.register_assert_rewrite(*(f"{__name__}.{module}" for module in _MODULES))

from graphrec.testing.explaining import ModelBattery  # noqa: E402
from graphrec.testing.frames import ALL, EVERYTHING, frames  # noqa: E402
from graphrec.testing.knowledge import KnowledgeBattery, KnowledgeModelBattery  # noqa: E402
from graphrec.testing.reviews import ReviewModelBattery, ReviewRecommenderBattery  # noqa: E402
from graphrec.testing.scoring import RecommenderBattery  # noqa: E402

__all__ = [
    "ALL",
    "EVERYTHING",
    "KnowledgeBattery",
    "KnowledgeModelBattery",
    "ModelBattery",
    "RecommenderBattery",
    "ReviewModelBattery",
    "ReviewRecommenderBattery",
    "frames",
]
