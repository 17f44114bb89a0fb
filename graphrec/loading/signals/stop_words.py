"""English words that stand in every text and say nothing of it."""

from __future__ import annotations

_ARTICLES_AND_DETERMINERS = (
    "the this that these those each every any some all both few many more most much other another such own same"
)
_PRONOUNS = (
    "you your yours yourself yourselves she her hers herself him his himself its itself they them their theirs "
    "themselves our ours ourselves myself mine who whom whose which what someone anyone everyone something anything "
    "everything nothing one ones"
)
_PREPOSITIONS = (
    "about above across after against along among around before behind below beneath beside besides between beyond "
    "during for from inside into near off onto out outside over past since through throughout toward towards under "
    "until upon via with within without"
)
_CONJUNCTIONS = "and but nor yet because although though while whereas unless whether than then thus hence therefore"
_AUXILIARIES = (
    "are was were been being has have had having does did doing done can could may might must shall should will would "
    "get gets got getting"
)
_ADVERBS = (
    "not only also just very too even ever never always often again once here there where when why how now still "
    "almost quite rather however instead otherwise perhaps soon already away back down else"
)
_CONTRACTIONS = "don doesn didn isn aren wasn weren hasn haven hadn wouldn couldn shouldn mustn mightn needn shan ain"

STOP_WORDS = frozenset(
    " ".join(
        (
            _ARTICLES_AND_DETERMINERS,
            _PRONOUNS,
            _PREPOSITIONS,
            _CONJUNCTIONS,
            _AUXILIARIES,
            _ADVERBS,
            _CONTRACTIONS,
        )
    ).split()
)
"""Function words of three letters and more, in small letters; what is left of a contraction before its apostrophe."""
