"""The coder of questions, as the validator asks it: what does this prompt code as, said to such a child?"""

from __future__ import annotations

from functools import lru_cache

from protocols.check_packs import Coded
from protocols.library import Library
from protocols.validate import CodePrompt
from web.engines import CoderPort

REMEMBERED = 4096
"""Prompts whose code is kept: while one word is typed all others of the draft stay as they were."""


def code_prompt(coder: CoderPort, library: Library) -> CodePrompt:
    """From prompt and age to type and flags.

    Each prompt is coded for itself, to a child that has said nothing but the sample words of the slots.
    """
    slots = library.vocabulary.slots.values()
    words = " and ".join(slot.sample for slot in slots if slot.filled_by == "child")
    return _remembering(coder, words)  # type: ignore[arg-type] # a protocol says nothing of hashes


@lru_cache(maxsize=2)
def _remembering(coder: CoderPort, words: str) -> CodePrompt:
    from web.language.conversation import Conversation  # brings the parser's library with it
    from web.language.model import Speaker, Turn

    @lru_cache(maxsize=REMEMBERED)
    def code(text: str, age: int | None) -> Coded:
        conversation = Conversation(age=age)
        coder.code(conversation, Turn(Speaker.CHILD, f"I saw {words}."))
        question = coder.code(conversation, Turn(Speaker.INTERVIEWER, text)).question
        if question is None:
            return Coded("none")
        return Coded(question.type.value, tuple(flag.flag for flag in question.flags))

    return code
