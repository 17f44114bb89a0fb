"""What holds for everything that scores, and what more holds for every model that can say why.

A test of a plain recommender inherits from ``RecommenderBattery``, that of a model from ``Battery``; it says how the
thing is made.
"""

from tests.models.battery.explaining import Battery
from tests.models.battery.frames import ALL, EVERYTHING, frames
from tests.models.battery.scoring import RecommenderBattery

__all__ = ["ALL", "EVERYTHING", "Battery", "RecommenderBattery", "frames"]
