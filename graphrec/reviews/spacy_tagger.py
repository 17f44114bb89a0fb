"""The tagger of a spaCy pipeline that the user has installed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from graphrec.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.reviews.tagger import TaggedText

_NOT_NEEDED = ("ner", "parser", "senter", "lemmatizer", "entity_linker", "textcat")


@dataclass(frozen=True)
class SpacyTagger:
    """A spaCy pipeline's tags.

    Attributes:
        model: name of an installed pipeline, or the folder of one.
    """

    model: str = "en_core_web_sm"

    @property
    def settings(self) -> Mapping[str, str | int | float]:
        """Name and version of the pipeline."""
        meta = _pipeline(self.model).meta
        return {"tagger": "spacy", "model": f"{meta['lang']}_{meta['name']}", "version": str(meta["version"])}

    def tag(self, texts: Sequence[str]) -> list[TaggedText]:
        """Return the tokens of each text with their tags, as ``Tagger`` says.

        Raises:
            MissingExtraError: spaCy is not installed.
            InputError: there is no such pipeline, or it has no tagger.
        """
        documents = _pipeline(self.model).pipe(texts)
        return [[(token.text, token.tag_) for token in document] for document in documents]


@cache
def _pipeline(model: str) -> Any:
    try:
        import spacy
    except ImportError as error:
        raise MissingExtraError("spacy", extra="", purpose="The extractor spacy") from error
    try:
        pipeline = spacy.load(model, exclude=_NOT_NEEDED)
    except (OSError, ValueError) as error:
        raise InputError(
            "there is no such pipeline of spaCy, or it cannot be read",
            where=model,
            remedy="Install one: python -m spacy download en_core_web_sm, and name it by --model",
        ) from error
    if not {"tagger", "attribute_ruler", "morphologizer"} & set(pipeline.pipe_names):
        raise InputError(
            "this pipeline of spaCy gives words no part of speech",
            where=model,
            remedy="Name one that has a tagger, such as en_core_web_sm",
        )
    return pipeline
