"""Stand-ins at the two ports, so that these tests need neither models nor the bot.

The dialogue walks the real flows; only the way to it is replaced. The coder knows a few plain sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

from protocols.labels import Guidance, Label
from protocols.library import Library, load_library
from protocols.walker import advance, start
from web.authoring.libraries import Libraries, folder_of
from web.config import Config
from web.dialogue import DialogueDown
from web.engines import CoderPort, Engines
from web.interview.actions import ActionIn
from web.interview.feed import Feed
from web.interview.new import NewInterview
from web.interview.service import ActionOut, InterviewService, TurnOut
from web.interview.turns import TurnIn
from web.language.model import (
    Coding,
    Cue,
    Flag,
    Indicator,
    Question,
    QuestionType,
    Response,
    Speaker,
    Turn,
)
from web.store import Database, Interview, Role, User, Vault

if TYPE_CHECKING:
    from web.services import Services

LIBRARY = load_library()
KEYS = count(1)


class WalkingDialogue:
    """The flows themselves, in this process. Like the bot it remembers how many labels it saw."""

    def __init__(self, library: Library = LIBRARY) -> None:
        self.library = library
        self.editions: dict[str | None, Library] = {}
        self.away = False
        self.calls: list[tuple[int, int]] = []
        self.rebuilt = 0
        self._seen: dict[str, list[Label]] = {}

    def advance(  # noqa: PLR0917
        self,
        conversation: str,
        protocol: str,
        age: int | None,
        history: Callable[[], list[Label]],
        seen: int,
        new: list[Label],
        edition: str | None = None,
    ) -> Guidance:
        if self.away:
            self._seen.clear()
            raise DialogueDown("unreachable")
        known = self._seen.get(conversation)
        if known is None or len(known) != seen:
            known, self.rebuilt = history(), self.rebuilt + 1
        assert len(known) == seen, "history() must give exactly the labels before the new ones"
        self.calls.append((seen, len(new)))
        labels = self._seen[conversation] = [*known, *new]
        assert age is not None
        flow = self.editions.get(edition, self.library).flows[protocol]
        state, guidance = start(flow, age)
        for label in labels:
            state, guidance = advance(flow, state, label)
        return guidance

    def ready(self) -> bool:
        return not self.away


@dataclass
class Heard:
    """What the plain coder keeps; stands for web.language.conversation.Conversation."""

    texts: list[str] = field(default_factory=list)


class PlainCoder:
    """Codes by the sentence's form; "touch" is never the child's word."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.recalled: list[str] = []
        self.fail_on: str | None = None
        self._cues: dict[int, list[Cue]] = {}

    def code(self, conversation: object, turn: Turn) -> Coding:
        self.heard.append(turn.text)
        if self.fail_on and self.fail_on in turn.text:
            raise RuntimeError(f"cannot read {turn.text}")
        if turn.speaker is Speaker.INTERVIEWER:
            return Coding(question=question(turn.text))
        if turn.speaker is Speaker.CHILD:
            return Coding(response=answer(turn.text))
        return Coding()

    def look(self, conversation: object, turn: Turn) -> Coding:
        return Coding(question=question(turn.text))

    def cues(self, conversation: object) -> list[Cue]:
        return list(self._cues.get(id(conversation), []))

    def recall(self, conversation: object, turns: Sequence[tuple[Turn, Coding]]) -> None:
        self.recalled += [turn.text for turn, _ in turns]

    def likeness(self, conversation: object, texts: object) -> dict[str, float]:
        return {}

    def offer(self, conversation: object, cue: Cue) -> None:
        self._cues.setdefault(id(conversation), []).append(cue)


def question(text: str) -> Question:
    low = text.lower()
    flags: tuple[Flag, ...] = ()
    subtype = None
    if low.startswith(("tell me", "what happened")):
        kind = QuestionType.INVITATION
    elif " or " in low:
        kind = QuestionType.CHOICE
    elif low.startswith(("did", "was", "is", "do", "are")):
        kind, subtype = QuestionType.YES_NO, "plain"
    elif low.startswith(("who", "where", "when", "how", "why")):
        kind = QuestionType.WH
    else:
        kind = QuestionType.NON_QUESTION
    if "touch" in low:
        flags = (Flag("new_info", "“touch” is not a word of the child"),)
    nichd = "suggestive" if "didn't he" in low else kind.value
    return Question(kind, subtype, flags, {"nichd": nichd}, 0.9)


def answer(text: str) -> Response:
    low = text.lower().strip(" .")
    plain = {"yes": Response.YES, "no": Response.NO, "...": Response.NONE, "": Response.NONE}
    if low in plain:
        return plain[low]
    return Response.NARRATIVE if len(low.split()) > 9 else Response.SHORT


@dataclass
class Room:
    """An interview service with its stand-ins, and the shortest ways to use it."""

    config: Config
    database: Database
    vault: Vault
    dialogue: WalkingDialogue
    coder: PlainCoder
    engines: Engines
    service: InterviewService
    user: User

    def new(self, **changes: object) -> Interview:
        values = {"case_code": "K-17", "protocol": "nichd_revised_2014", "child_age": 8, **changes}
        return self.service.create(self.user, NewInterview(**values))  # type: ignore[arg-type]

    def say(self, interview: Interview, speaker: str, text: str, key: str | None = None) -> TurnOut:
        turn = TurnIn(key or f"k{next(KEYS)}", speaker, text)
        return self.service.add_turn(interview.id, self.user.id, turn)

    def press(self, interview: Interview, action: str, key: str | None = None, **values: object) -> ActionOut:
        return self.service.act(
            interview.id, self.user.id, ActionIn(key or f"k{next(KEYS)}", action, dict(values))
        )

    def kinds(self, interview: Interview) -> list[str]:
        return [event.kind.value for event in self.service.history(interview.id)]

    def again(self) -> Room:
        """The same record in a process that has just started: nothing remembered, all parts fresh."""
        return make_room(self.config, self.database, self.user)


def guided(services: Services, coder: CoderPort) -> Services:
    """The console with the guide in this process and this coder."""
    services.engines.dialogue = WalkingDialogue(services.libraries.shipped)
    services.engines._load_coder = lambda: coder
    services.engines.load()
    return services


def make_room(config: Config, database: Database, user: User | None = None) -> Room:
    vault = Vault(config.secret("master-key"))
    dialogue, coder = WalkingDialogue(), PlainCoder()
    engines = Engines(database, dialogue, lambda: coder)
    engines.load()
    libraries = Libraries(database, folder_of(config))
    service = InterviewService(database, vault, libraries, engines, Feed(database))
    if user is None:
        user = User(name="anna", full_name="Anna", role=Role.INTERVIEWER, password_hash="-")
        with database.write() as session:
            session.add(user)
    return Room(config, database, vault, dialogue, coder, engines, service, user)


def force(quote: str, start: int) -> Indicator:
    """A mark of these words of a child, which tell of force."""
    return Indicator(
        tag="ABU-PHY",
        quote=quote,
        start=start,
        end=start + len(quote),
        polarity="affirmed",
        reality="actual",
        experiencer="child",
        time="past",
        role="happened_to_me",
        elicitation="after_invitation",
        urgency=2,
        confidence=0.8,
        why="The child says that someone used force",
    )


def code_as(room: Room, say: Callable[[Turn, Coding], Coding]) -> None:
    """Let `say` have the last word on what the plain coder makes of a turn."""
    plain = room.coder.code
    room.coder.code = lambda conversation, turn: say(turn, plain(conversation, turn))  # type: ignore[method-assign]
