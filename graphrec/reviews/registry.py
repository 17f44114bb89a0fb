"""Extractors by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphrec.errors import UsageError
from graphrec.reviews.mentions import ALL, FeatureChoice
from graphrec.reviews.names import NamesExtractor
from graphrec.reviews.nouns import NounExtractor
from graphrec.reviews.spacy_tagger import SpacyTagger
from graphrec.reviews.textblob_tagger import TextBlobTagger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from graphrec.reviews.extractor import Extractor

EXTRACTORS = ("textblob", "spacy", "names")
"""Nouns by TextBlob's tagger, nouns by a pipeline of spaCy, the names of a vocabulary."""


def make_extractor(
    name: str, *, window: int = 4, model: str = "", names: Sequence[str] = ()
) -> tuple[Extractor, FeatureChoice]:
    """Return an extractor, and which of its candidates become features unless somebody says otherwise.

    Args:
        name: one of ``EXTRACTORS``.
        window: words to each side of a feature in which an opinion is near.
        model: spaCy's pipeline; ``en_core_web_sm`` if left out.
        names: the vocabulary of ``names``.

    Raises:
        UsageError: the name is not known, or another argument does not fit it.
    """
    if name not in EXTRACTORS:
        raise UsageError(f"there is no extractor {name!r}", remedy=f"Known: {', '.join(EXTRACTORS)}")
    if window < 1:
        raise UsageError(f"the window is {window}", remedy="Give a number of words from 1 on")
    if model and name != "spacy":
        raise UsageError(f"the extractor {name} has no model", remedy="Leave it out, or choose spacy")
    if bool(names) != (name == "names"):
        remedy = "Give a file with a name on each line" if name == "names" else "Leave them out, or choose names"
        raise UsageError(f"the extractor {name} {'needs' if name == 'names' else 'takes no'} names", remedy=remedy)
    if name == "names":
        return NamesExtractor(tuple(dict.fromkeys(names)), TextBlobTagger(), window), ALL
    tagger = SpacyTagger(model) if model else SpacyTagger()
    return NounExtractor(tagger if name == "spacy" else TextBlobTagger(), window), FeatureChoice()
