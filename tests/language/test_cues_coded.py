"""The project's own coder must take every cue for what it is: an invitation."""

from __future__ import annotations

import json

from tests.language.talk import NLU_DATA
from web.language.coder import Coder
from web.language.conversation import Conversation
from web.language.model import QuestionType, Speaker, Turn


def test_every_cue_is_coded_as_an_invitation() -> None:
    coder = Coder.load()
    held = (NLU_DATA / "held_out" / "child_turns.jsonl").read_text(encoding="utf-8").splitlines()
    coded = []
    for row in map(json.loads, held[::3]):
        if row["speaker"] != "child":
            continue
        talk = Conversation(row["age"])
        coder.code(talk, Turn(Speaker.CHILD, row["text"]))
        for cue in coder.cues(talk):
            asked = coder.code(talk, Turn(Speaker.INTERVIEWER, cue.prompt)).question
            assert asked is not None
            coded.append((cue.prompt, asked))
    assert len(coded) > 40
    assert [prompt for prompt, asked in coded if asked.type is not QuestionType.INVITATION] == []
    new = [prompt for prompt, asked in coded if asked.has("new_info", "new_topic")]
    assert new == []
    flagged = [prompt for prompt, asked in coded if asked.flags]
    # Words like "secret" or "you owe" inside the child's quotation are still taken for the interviewer's.
    assert len(flagged) <= 0.12 * len(coded), flagged
