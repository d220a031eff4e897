"""The coder: one turn in, its coding out, and the conversation one turn longer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from web.language import cues, indicators, response
from web.language.conversation import KEEP_DOCS, Conversation
from web.language.encoder import Encoder, Meaning
from web.language.flags import find_flags
from web.language.learned import Felt, Sense, Sensed
from web.language.learned.memory import before, remember
from web.language.learned.said import said_before
from web.language.model import Coding, Cue, Question, Response, Speaker, Turn
from web.language.models import check_parser
from web.language.parse import Parsed, load_nlp, parse_many, readable, settle, text_of
from web.language.question import decide, label, read
from web.language.schemes import derive


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn read for itself, before its conversation is looked at."""

    parsed: Parsed
    felt: Felt | None


class Coder:
    """Codes turns one after the other. One instance serves every conversation and thread."""

    def __init__(self, encoder: Encoder, sense: Sense) -> None:
        self._encoder = encoder
        self._sense = sense
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="sense")

    @classmethod
    def load(cls) -> Coder:
        """The coder with its models, loaded once. Raises ModelMissing naming what is wrong."""
        return _load()

    def code(self, conversation: Conversation, turn: Turn, heard: Heard | None = None) -> Coding:
        """Code `turn` in the light of what was said before, and take it into the conversation.

        Other languages than English are taken in but not coded: their codings are empty.
        Of very long turns the first parse.MAX_CHARS characters are read. `heard` is what `read` made
        of the turn, where somebody has done so.
        """
        heard = heard or self.read([turn])[0]
        if heard is None:
            conversation.absorb(turn, None, Coding())
            return Coding()
        if turn.speaker is Speaker.INTERVIEWER:
            coding = self._code_interviewer(conversation, turn, heard)
        else:
            child = turn.speaker is Speaker.CHILD
            coding = self._code_child(conversation, turn, heard) if child else Coding()
            conversation.absorb(turn, heard.parsed.doc, coding)
        if heard.felt is not None:
            remember(conversation, turn.speaker, heard.felt)
        return coding

    def look(self, conversation: Conversation, turn: Turn) -> Coding:
        """What an interviewer's turn would be if it were said now; the conversation stays as it is."""
        heard = self.read([turn])[0]
        return Coding() if heard is None else Coding(question=self._question(conversation, turn, heard)[0])

    def code_many(self, conversation: Conversation, turns: Sequence[Turn]) -> list[Coding]:
        """`code` for turns that follow each other: the same codings in less time."""
        return [
            self.code(conversation, turn, heard) for turn, heard in zip(turns, self.read(turns), strict=True)
        ]

    def read(self, turns: Sequence[Turn]) -> list[Heard | None]:
        """Read turns of any conversations together, which takes under half the time; None if not English."""
        there = [readable(turn.text) for turn in turns if _english(turn) and _felt(turn)]
        if len(turns) == 1:
            parses, felt = self.parse(turns), iter(self._sense.read(there))
        else:  # the sense is a compiled library and lets others run meanwhile
            feeling = self._beside.submit(self._sense.read, there)
            parses = self.parse(turns)
            felt = iter(feeling.result())
        return [
            Heard(parsed, next(felt) if _felt(turn) else None) if parsed else None
            for turn, parsed in zip(turns, parses, strict=True)
        ]

    def parse(self, turns: Sequence[Turn]) -> list[Parsed | None]:
        """The syntax of each turn; None if it is not English."""
        found = iter(parse_many([turn.text for turn in turns if _english(turn)]))
        return [next(found) if _english(turn) else None for turn in turns]

    def recall(self, conversation: Conversation, turns: Sequence[tuple[Turn, Coding]]) -> None:
        """Take in turns that were coded before, in order, as `code` left them, without coding them again.

        For rebuilding a conversation from its record: nothing is decided, no sentence vector is made.
        """
        for start in range(0, len(turns), KEEP_DOCS):
            window = turns[start : start + KEEP_DOCS]
            for (turn, coding), parsed in zip(window, self.parse([turn for turn, _ in window]), strict=True):
                if parsed is None:
                    conversation.absorb(turn, None, coding)
                else:
                    conversation.absorb(turn, parsed.doc, coding, self._meaning(turn, parsed))
            cues.rank(conversation)  # while the parses are at hand
        last = {turn.speaker: turn for turn, _ in turns if _felt(turn) and _english(turn)}
        for speaker, felt in zip(
            last, self._sense.read([readable(turn.text) for turn in last.values()]), strict=True
        ):
            remember(conversation, speaker, felt)

    def cues(self, conversation: Conversation) -> list[Cue]:
        """Words of the child that wait to be explored, the most useful first."""
        return cues.rank(conversation)

    def likeness(self, conversation: Conversation, texts: Mapping[str, str]) -> dict[str, float]:
        """How near in meaning (cosine) each text is to what the interviewer just said; {} if unread."""
        meaning = conversation.last_meaning
        if meaning is None or not texts:
            return {}
        scores = self._encoder.known(list(texts.values())) @ meaning.vector
        return dict(zip(texts, map(float, scores), strict=True))

    def _code_interviewer(self, conversation: Conversation, turn: Turn, heard: Heard) -> Coding:
        question, meaning = self._question(conversation, turn, heard)
        coding = Coding(question=question)
        conversation.absorb(turn, heard.parsed.doc, coding, meaning)
        return coding

    def _question(
        self, conversation: Conversation, turn: Turn, heard: Heard
    ) -> tuple[Question, Meaning | None]:
        parsed, felt = heard.parsed, heard.felt
        meaning = self._meaning(turn, parsed)
        ruled = read(conversation, parsed.doc)
        if felt is None:
            reading, flags = ruled, find_flags(conversation, ruled, meaning, self._encoder)
        else:
            thought = self._sense.think(felt, "kinds", before(conversation, turn, parsed.doc), label(ruled))
            reading = decide(ruled, thought.shares)
            said = said_before(conversation, ruled.words)

            def listen(worded: Collection[str]) -> Sensed:
                return self._sense.marks(felt, thought, worded, said)

            flags = find_flags(conversation, reading, meaning, self._encoder, listen)
        schemes = derive(reading.type, reading.subtype, flags, reading.frame)
        return Question(reading.type, reading.subtype, flags, schemes, reading.confidence), meaning

    def _code_child(self, conversation: Conversation, turn: Turn, heard: Heard) -> Coding:
        doc, felt = heard.parsed.doc, heard.felt
        ruled = response.respond(conversation, turn, doc)
        if felt is None or ruled is Response.NONE:
            found = indicators.find(conversation, turn, doc, ruled)
            return Coding(response=ruled, indicators=found)
        thought = self._sense.think(felt, "responses", before(conversation, turn, doc), ruled.value)
        answer = Response(max(thought.shares, key=lambda name: thought.shares[name]))

        def listen(worded: Collection[str]) -> Sensed:
            return self._sense.marks(felt, thought, worded)

        found = indicators.find(conversation, turn, doc, ruled, listen)
        return Coding(response=answer, indicators=found)

    def _meaning(self, turn: Turn, parsed: Parsed) -> Meaning | None:
        if turn.speaker is not Speaker.INTERVIEWER or not turn.text.strip():
            return None
        return Meaning(text_of(parsed.doc), self._encoder)


def _english(turn: Turn) -> bool:
    return turn.language.lower().startswith("en")


def _felt(turn: Turn) -> bool:
    """Interpreters' turns are never coded, and where nothing is said there is nothing to feel."""
    return turn.speaker is not Speaker.INTERPRETER and bool(turn.text.strip())


@cache
def _load() -> Coder:
    check_parser()
    load_nlp()
    coder = Coder(Encoder.load(), Sense.load())
    for speaker, text in ((Speaker.INTERVIEWER, "Tell me about that."), (Speaker.CHILD, "my dog ran off")):
        coder.code(Conversation(), Turn(speaker, text))  # tables that are read on first use
    settle()
    return coder
