"""Models by name. A new model is one file and one line here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from graphrec.errors import UsageError

if TYPE_CHECKING:
    from graphrec.models.recommender import Recommender

MODELS = {
    "cke": "graphrec.models.cke.model:CKE",
    "cml": "graphrec.models.cml.model:CML",
    "ease": "graphrec.models.ease:EASE",
    "fm": "graphrec.models.fm.model:FM",
    "item-item": "graphrec.models.neighbours.item_item:ItemItem",
    "kgcn": "graphrec.models.kgcn.model:KGCN",
    "nmf": "graphrec.models.nmf:NMF",
    "ocular": "graphrec.models.ocular.model:OCuLaR",
    "popularity": "graphrec.models.popularity:Popularity",
    "reconet": "graphrec.models.reconet.model:RecoNet",
    "resolved": "graphrec.models.resolved.model:Resolved",
    "ripplenet": "graphrec.models.ripplenet.model:RippleNet",
    "splitter": "graphrec.models.splitter.model:Splitter",
    "user-user": "graphrec.models.neighbours.user_user:UserUser",
    "vgae": "graphrec.models.vgae.model:VGAE",
}
"""Registered name to ``module:class``."""


def find_model(name: str) -> type[Recommender]:
    """Return the class of a registered model; raise UsageError naming those there are."""
    if name not in MODELS:
        raise UsageError(f"there is no model {name!r}", remedy=f"Known models: {', '.join(sorted(MODELS))}")
    module, _, attribute = MODELS[name].partition(":")
    found: type[Recommender] = getattr(import_module(module), attribute)
    return found


def explaining_models() -> list[str]:
    """Return the names of those that can say why."""
    from graphrec.models.model import Model

    return [name for name in sorted(MODELS) if issubclass(find_model(name), Model)]


def require_explaining(kind: type[Recommender], where: str = "") -> None:
    """Raise UsageError for a class that scores items, but cannot say why it recommends them."""
    from graphrec.models.model import Model

    if not issubclass(kind, Model):
        raise UsageError(
            f"{kind.name} scores items, but cannot say why it recommends them",
            where=where,
            remedy=f"Train one that can: {', '.join(explaining_models())}",
        )
