"""The project's own coder must take every cue for what it is: an invitation with nothing against it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import yaml

from tests.language.talk import NLU_DATA
from web.language.coder import Coder
from web.language.conversation import Conversation
from web.language.model import QuestionType, Speaker, Turn


def _held_out() -> Iterator[tuple[int, str]]:
    for line in (NLU_DATA / "held_out" / "child_turns.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        if row["speaker"] == "child":
            yield row["age"], row["text"]


def _written(name: str) -> Iterator[tuple[int, str]]:
    for entry in yaml.safe_load((NLU_DATA / name).read_text("utf-8"))["nlu"]:
        for line in entry["examples"].splitlines():
            yield 6, line.removeprefix("- ").strip()


SOURCES = {
    "held_out": (_held_out, 150),
    "indicators": (lambda: _written("indicators.yml"), 400),
    "responses": (lambda: _written("responses.yml"), 20),
}


@pytest.mark.parametrize("name", SOURCES)
def test_every_cue_is_coded_as_an_invitation_without_a_flag(name: str) -> None:
    coder, (read, least) = Coder.load(), SOURCES[name]
    turns = list(read())
    talks = [Conversation(age) for age, _ in turns]
    said = [Turn(Speaker.CHILD, text) for _, text in turns]
    for talk, turn, parsed in zip(talks, said, coder.read(said), strict=True):
        coder.code(talk, turn, parsed)
    asked = [(talk, Turn(Speaker.INTERVIEWER, cue.prompt)) for talk in talks for cue in coder.cues(talk)]
    wrong = []
    for (talk, turn), parsed in zip(asked, coder.read([turn for _, turn in asked]), strict=True):
        question = coder.code(talk, turn, parsed).question
        assert question is not None
        if question.type is not QuestionType.INVITATION or question.flags:
            wrong.append((turn.text, question.type.value, question.flags))
    assert wrong == []
    assert len(asked) >= least
