"""The folder of resources: Cypher texts, loaders, recipes, the Compose file.

A wheel has them inside the package. No symbolic link is needed, so a checkout works on file systems without them.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent

RESOURCES = _PACKAGE if (_PACKAGE / "cypher").is_dir() else _PACKAGE.parent
"""The folder that holds ``cypher/``, ``loaders/``, ``recipes/`` and ``docker-compose.yml``."""
