"""The coder of questions, as the validator asks it: what does this prompt code as, said to such a child?"""

from __future__ import annotations

from protocols.check_packs import Coded
from protocols.library import Library
from protocols.validate import CodePrompt
from web.engines import CoderPort


def code_prompt(coder: CoderPort, library: Library) -> CodePrompt:
    """From prompt and age to type and flags.

    Each prompt is coded for itself, to a child that has said nothing but the sample words of the slots.
    """
    from web.language.conversation import Conversation  # brings the parser's library with it
    from web.language.model import Speaker, Turn

    slots = library.vocabulary.slots.values()
    words = " and ".join(slot.sample for slot in slots if slot.filled_by == "child")

    def code(text: str, age: int | None) -> Coded:
        conversation = Conversation(age=age)
        coder.code(conversation, Turn(Speaker.CHILD, f"I saw {words}."))
        question = coder.code(conversation, Turn(Speaker.INTERVIEWER, text)).question
        if question is None:
            return Coded("none")
        return Coded(question.type.value, tuple(flag.flag for flag in question.flags))

    return code
