"""Object-graph classes over the schema, for notebooks that hold a ``py2neo.Graph``.

py2neo is at the end of its life; nothing else in graphrec imports this package, and it only reads.
"""

from graphrec.ogm.classes import Attribute, Entity, Feature, Item, Recommendation, Run, User
from graphrec.ogm.reasons import Reason

__all__ = ["Attribute", "Entity", "Feature", "Item", "Reason", "Recommendation", "Run", "User"]
