"""Object-graph classes over the schema, for notebooks that hold a ``py2neo.Graph``.

py2neo is at the end of its life; nothing else in graphrec imports this package, and it only reads.

Raises:
    MissingExtraError: py2neo is not installed, or cannot be imported here.
"""

from graphrec.errors import MissingExtraError

try:
    import py2neo as _  # noqa: F401
except ImportError as error:
    raise MissingExtraError("py2neo", extra="", purpose="graphrec.ogm") from error

from graphrec.ogm.classes import Attribute, Entity, Feature, Item, Recommendation, Run, User
from graphrec.ogm.reasons import Reason

__all__ = ["Attribute", "Entity", "Feature", "Item", "Reason", "Recommendation", "Run", "User"]
