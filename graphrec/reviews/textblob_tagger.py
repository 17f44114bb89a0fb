"""TextBlob's rule-based tagger, which needs no download."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from graphrec.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from graphrec.reviews.tagger import TaggedText


@dataclass(frozen=True)
class TextBlobTagger:
    """TextBlob's ``PatternTagger``: a lexicon and rules of English, some 300,000 words a second."""

    @property
    def settings(self) -> Mapping[str, str | int | float]:
        """The version of TextBlob."""
        _tagger()
        return {"tagger": "textblob", "textblob": version("textblob")}

    def tag(self, texts: Sequence[str]) -> list[TaggedText]:
        """Return the tokens of each text with their tags, as ``Tagger`` says."""
        tagger = _tagger()
        return [tagger.tag(text) for text in texts]


@cache
def _tagger() -> Any:
    try:
        from textblob.en.taggers import PatternTagger
    except ImportError as error:
        raise MissingExtraError("textblob", extra="reviews", purpose="Reading features out of reviews") from error
    return PatternTagger()
