"""Models by name. A new model is one file and one line here."""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from typing import TYPE_CHECKING

from graphrec.errors import UsageError
from graphrec.user_modules import import_from_here

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from graphrec.models.recommender import Recommender

MODELS = {
    "afm": "graphrec.models.afm:AFM",
    "aspects": "graphrec.models.aspects.model:Aspects",
    "attribute-knn": "graphrec.models.neighbours.attribute_knn:AttributeKNN",
    "awae": "graphrec.models.autoencoders.awae:AWAE",
    "car": "graphrec.models.reviews.car:CAR",
    "cer": "graphrec.models.reviews.cnr:CER",
    "cke": "graphrec.models.cke.model:CKE",
    "cml": "graphrec.models.cml.model:CML",
    "cnr": "graphrec.models.reviews.cnr:CNR",
    "deepfm": "graphrec.models.deepfm:DeepFM",
    "dglgm": "graphrec.models.autoencoders.dglgm:DGLGM",
    "ease": "graphrec.models.ease:EASE",
    "elsa": "graphrec.models.elsa.model:ELSA",
    "emf": "graphrec.models.emf.model:EMF",
    "eran": "graphrec.models.eran.model:ERAN",
    "feature-overlap": "graphrec.models.reviews.overlap:FeatureOverlap",
    "fism": "graphrec.models.fism.model:FISM",
    "fm": "graphrec.models.fm.model:FM",
    "indgrm": "graphrec.models.indgrm.model:InDGRM",
    "item-item": "graphrec.models.neighbours.item_item:ItemItem",
    "kgcn": "graphrec.models.kgcn.model:KGCN",
    "macridvae": "graphrec.models.autoencoders.macridvae:MacridVAE",
    "mf": "graphrec.models.mf.model:MF",
    "mult-vae": "graphrec.models.autoencoders.mult_vae:MultVAE",
    "nar": "graphrec.models.reviews.nar:NAR",
    "ncf": "graphrec.models.ncf.model:NCF",
    "nmf": "graphrec.models.nmf:NMF",
    "ocular": "graphrec.models.ocular.model:OCuLaR",
    "pnn": "graphrec.models.pnn:PNN",
    "popularity": "graphrec.models.popularity:Popularity",
    "reconet": "graphrec.models.reconet.model:RecoNet",
    "recvae": "graphrec.models.autoencoders.recvae.model:RecVAE",
    "resolved": "graphrec.models.resolved.model:Resolved",
    "ripplenet": "graphrec.models.ripplenet.model:RippleNet",
    "splitter": "graphrec.models.splitter.model:Splitter",
    "svdfeature": "graphrec.models.svdfeature.model:SVDFeature",
    "user-user": "graphrec.models.neighbours.user_user:UserUser",
    "vbpr": "graphrec.models.vbpr.model:VBPR",
    "vgae": "graphrec.models.vgae.model:VGAE",
}
"""Registered name to ``module:class``."""


def registered_model(name: str) -> type[Recommender]:
    """Return the class of a registered model; raise UsageError naming those there are. Nothing else is imported."""
    if name not in MODELS:
        near = get_close_matches(name.lower(), MODELS, n=2)
        raise UsageError(
            f"there is no model {name!r}",
            remedy=(f"Did you mean {' or '.join(near)}? " if near else "")
            + f"Known models: {', '.join(sorted(MODELS))}, or module:class for a model of your own",
        )
    module, _, attribute = MODELS[name].partition(":")
    kind: type[Recommender] = getattr(import_module(module), attribute)
    return kind


def find_model(name: str, import_module_of: Callable[[str], ModuleType] = import_from_here) -> type[Recommender]:
    """Return the class of a registered model, or the class that ``module:class`` names.

    The module is imported, so that ``name`` must come from the person who runs the program, never from a file.

    Args:
        name: of the model.
        import_module_of: imports the module of ``module:class``; by default from the current folder, too.

    Raises:
        UsageError: there is no such model, module or class.
    """
    module_name, colon, attribute = name.partition(":")
    if not colon or not module_name or module_name.startswith("."):
        return registered_model(name)
    from graphrec.models.recommender import Recommender

    module = import_module_of(module_name)
    kind = getattr(module, attribute, None)
    if not (isinstance(kind, type) and issubclass(kind, Recommender)):
        raise UsageError(
            f"the module {module_name!r} has no model {attribute!r}",
            where=getattr(module, "__file__", None) or "",
            remedy="Name a class that inherits from graphrec.models.model.Model or Recommender",
        )
    return kind


def explaining_models() -> list[str]:
    """Return the names of the models that explain their scores."""
    from graphrec.models.model import Model

    return [name for name in sorted(MODELS) if issubclass(registered_model(name), Model)]


def require_explaining(kind: type[Recommender], where: str = "") -> None:
    """Raise UsageError for a class that scores items, but cannot explain its scores."""
    from graphrec.models.model import Model

    if not issubclass(kind, Model):
        raise UsageError(
            f"{kind.name} scores items, but cannot say why it recommends them",
            where=where,
            remedy=f"Train one that can: {', '.join(explaining_models())}",
        )
