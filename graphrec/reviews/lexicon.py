"""VADER's lexicon: how good or bad words are, and which words turn that round.

Hutto and Gilbert, “VADER: a parsimonious rule-based model for sentiment analysis of social media text”, ICWSM 2014.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from graphrec.errors import MissingExtraError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy.typing as npt

THOUSANDTHS = 1000
"""Valences are whole numbers of thousandths, so that their sums are exact and a sum of zero is zero."""
CONTRASTS = frozenset({"but", "however", "although", "though", "except", "yet", "while"})
"""Words with which another clause begins: what is said before them says nothing of what follows."""


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Valences of words.

    Attributes:
        words: strings.
        valences: int64, from −4000 (as bad as can be) to 4000.
        negators: strings such as “not”.
        negated: what a valence is multiplied by after a negator.
        version: of the package.
    """

    words: pa.Array
    valences: npt.NDArray[np.int64]
    negators: pa.Array
    negated: float
    version: str

    @property
    def settings(self) -> Mapping[str, str | int | float]:
        """What identifies the lexicon."""
        return {"lexicon": "vader", "vaderSentiment": self.version}

    def valences_of(self, words: pa.Array) -> npt.NDArray[np.int64]:
        """Return the valence of each word in thousandths, 0 for one that is not in the lexicon."""
        places = np.asarray(pc.fill_null(pc.index_in(words, value_set=self.words), -1))
        return np.where(places >= 0, self.valences[places], 0)

    def are_negators(self, words: pa.Array) -> npt.NDArray[np.bool_]:
        """Return whether each word negates what follows."""
        return np.asarray(pc.is_in(words, value_set=self.negators)).astype(bool)


@cache
def lexicon() -> Lexicon:
    """Return VADER's lexicon; raise MissingExtraError where the package is not installed."""
    try:
        from vaderSentiment.vaderSentiment import N_SCALAR, NEGATE, SentimentIntensityAnalyzer
    except ImportError as error:
        raise MissingExtraError(
            "vaderSentiment", extra="reviews", purpose="Reading sentiment out of reviews"
        ) from error
    valences = SentimentIntensityAnalyzer().lexicon
    return Lexicon(
        pa.array(list(valences), pa.string()),
        np.rint(np.array(list(valences.values())) * THOUSANDTHS).astype(np.int64),
        pa.array(sorted({*NEGATE, "no"}), pa.string()),
        float(N_SCALAR),
        version("vaderSentiment"),
    )
