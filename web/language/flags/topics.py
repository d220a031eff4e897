"""What nobody has spoken of yet makes a new topic likelier, more than the learned coder can know.

It hears which words are the child's, but not which the interviewer has brought in before.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from math import exp, log

from web.language.conversation import Conversation
from web.language.flags.quoting import THEIRS
from web.language.learned import Sensed
from web.language.parse import lemmas
from web.language.question.decide import Reading
from web.language.question.words import lexicon

NAME = "new_topic"
_CERTAIN = 1e-6
_FAINT = 0.05
"""Below this no number of words makes a topic of it: most turns are not counted through."""


@cache
def _weights() -> tuple[float, int]:
    """What each word adds, in log-odds, and how many count (data/believed.yml)."""
    given = lexicon("believed")["topic"]
    return float(given["each"]), int(given["most"])


def raised(conversation: Conversation, reading: Reading, sensed: Sensed) -> Sensed:
    """The same with `new_topic` as likely as it is with the words that are new to both."""
    likely = sensed.marks.get(NAME)
    if likely is None or likely < _FAINT:
        return sensed
    each, most = _weights()
    likely = min(likely, 1 - _CERTAIN)
    score = log(likely / (1 - likely)) + each * min(unheard(conversation, reading), most)
    return replace(sensed, marks={**sensed.marks, NAME: 1 / (1 + exp(-score))})


def unheard(conversation: Conversation, reading: Reading) -> int:
    """Words of weight in the turn that neither the child nor the interviewer has said in any form."""
    empty = lexicon("flags")["repeat_empty"]
    return sum(
        not (conversation.said_by_child(word.text) or conversation.said_by_interviewer(word.text))
        for word in reading.words
        if word.text != THEIRS and word.text not in empty and not lemmas(word.text) & empty
    )
