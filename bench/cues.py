"""Are cued invitations what they should be? `python -m bench.cues [FILE...] [--most N]` prints JSON.

Every cue of every child's turn is put to the project's own coder in its conversation, in each of its
wordings, when it comes up and at the end: it must be an invitation without a flag whose content words
are the child's. Without FILE: all development dialogues and all examples of children's turns strung into
talks, as written and bare.
"""

from __future__ import annotations

import argparse
import copy
import json
import random
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.dialogues import DATA, DEVELOPMENT, dialogues
from web.language import cues
from web.language.coder import Coder
from web.language.conversation import Conversation
from web.language.learned.examples import intents
from web.language.learned.vary import bare
from web.language.model import Cue, QuestionType, Speaker, Turn

PER_TALK = 16
AGES = (4, 6, 8, 11, 15, None)
BETWEEN = ("Mm-hm.", "And then what happened?", "Tell me more about that.", "Okay.", "What happened next?")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
Said = tuple[int | None, list[Turn]]


class Aside(Conversation):
    """A conversation as it is, which keeps nothing of what it is asked."""

    def absorb(self, *_: Any) -> Any:
        return None


@dataclass
class Tally:
    """What was looked at. `wrong` holds each prompt that failed with the reason, to be read by people."""

    cues: int = 0
    words: set[str] = field(default_factory=set)
    prompts: set[str] = field(default_factory=set)
    checked: int = 0
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        fine = 1 - len(self.wrong) / self.checked if self.checked else 0.0
        return {
            "cues": self.cues,
            "different_words": len(self.words),
            "different_invitations": len(self.prompts),
            "codings": self.checked,
            "share_of_invitations_without_flag_in_the_childs_words": round(fine, 6),
            "wrong": self.wrong[:200],
        }


def written(paths: Iterable[Path]) -> Iterator[Said]:
    for path in paths:
        for rows in dialogues(path):
            yield rows[0].get("age"), [Turn(Speaker(row["speaker"]), row["text"]) for row in rows]


def strung(paths: Iterable[Path]) -> Iterator[Said]:
    """Examples of children's turns as talks of PER_TALK answers, always the same; ages by turns."""
    texts = sorted({text for path in paths for text, _ in intents(path)})
    dice = random.Random(7)
    dice.shuffle(texts)
    for start in range(0, len(texts), PER_TALK):
        turns = []
        for text in texts[start : start + PER_TALK]:
            turns += [Turn(Speaker.INTERVIEWER, dice.choice(BETWEEN)), Turn(Speaker.CHILD, text)]
        yield AGES[start // PER_TALK % len(AGES)], turns


def plainly(talks: Iterable[Said]) -> Iterator[Said]:
    for age, turns in talks:
        yield age, [Turn(turn.speaker, bare(turn.text), turn.language) for turn in turns]


def everything() -> Iterator[Said]:
    """All talks there are, as written and bare."""
    for way in (iter, plainly):
        yield from way(written(sorted(DEVELOPMENT.glob("*.jsonl"))))
        yield from way(strung(sorted((DATA / "children").glob("*.yml"))))


def prove(coder: Coder, talks: Iterable[Said], most: int | None = None) -> Tally:
    tally = Tally()
    for place, (age, turns) in enumerate(talks, start=1):
        if most is not None and tally.cues >= most:
            break
        _talk(coder, age, turns, tally)
        if place % 50 == 0:
            print(f"{place} talks, {tally.cues} cues, {len(tally.wrong)} wrong", file=sys.stderr, flush=True)
    return tally


def _talk(coder: Coder, age: int | None, turns: Sequence[Turn], tally: Tally) -> None:
    talk, seen = Conversation(age), set()
    for turn, heard in zip(turns, coder.read(turns), strict=True):
        coder.code(talk, turn, heard)
        if turn.speaker is Speaker.CHILD:
            new = [cue for cue in coder.cues(talk) if (cue.turn, cue.start, cue.end) not in seen]
            seen |= {(cue.turn, cue.start, cue.end) for cue in new}
            tally.cues += len(new)
            tally.words |= {cue.words.lower() for cue in new}
            _put(coder, talk, new, tally)
    _put(coder, talk, coder.cues(talk), tally, every=False)


def _put(coder: Coder, talk: Conversation, found: Sequence[Cue], tally: Tally, every: bool = True) -> None:
    """Each wording of each cue, or its own prompt only, put to the coder beside the conversation."""
    aside = copy.copy(talk)
    aside.__class__ = Aside
    asked = [(cue, text) for cue in found for text in (cues.wordings(cue) if every else [cue.prompt])]
    turns = [Turn(Speaker.INTERVIEWER, text) for _, text in asked]
    said = {
        word
        for heard in talk.turns
        if heard.turn.speaker is Speaker.CHILD
        for word in _words(heard.turn.text)
    }
    for (cue, text), turn, heard in zip(asked, turns, coder.read(turns), strict=True):
        tally.checked += 1
        tally.prompts.add(text)
        question = coder.code(aside, turn, heard).question
        assert question is not None
        reasons = [f"{flag.flag}: {flag.why}" for flag in question.flags]
        if question.type is not QuestionType.INVITATION:
            reasons.append(f"coded {question.type.value}")
        reasons += [f"'{word}' is not the child's" for word in foreign(text, said)]
        if reasons:
            tally.wrong.append({"prompt": text, "said": talk.turns[cue.turn].turn.text, "why": reasons})


def foreign(prompt: str, said: set[str]) -> list[str]:
    """Words of an invitation that neither the templates nor the child had."""
    return [
        word
        for word in _words(prompt)
        if word not in said | cues.template_words() and not cues.turned_from(word) & said
    ]


def _words(text: str) -> list[str]:
    return [word.lower().replace("’", "'") for word in _WORD.findall(text)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--most", type=int, help="stop after so many cues")
    given = parser.parse_args()
    talks = written(given.files) if given.files else everything()
    print(json.dumps(prove(Coder.load(), talks, given.most).figures(), indent=1, ensure_ascii=False))


if __name__ == "__main__":
    main()
