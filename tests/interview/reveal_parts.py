"""An interview on its way to where a fact from the file may be put."""

from __future__ import annotations

from itertools import count

from tests.interview.parts import Room
from web.interview.reveal_record import RevealIn
from web.store import Interview

KEYS = count(1)
SECRET = "quetzal"
FACTS = [
    {"text": "Something was seen in the garden shed.", "source": "the teacher's report"},
    {"text": f"A photo shows a {SECRET} mask.", "source": "a photo"},
]
FOCUSED = "focused"
WHY = "Nothing more came to open prompts"


def planned(room: Room, **changes: object) -> Interview:
    return room.new(**{"facts": FACTS, **changes})


def told(room: Room, interview: Interview, prompts: int = 3) -> None:
    """The child has begun to tell, and was asked openly so many times."""
    room.press(interview, "start")
    room.press(interview, "go_to", step="free_account", reason="the child began")
    for _ in range(prompts):
        room.say(interview, "interviewer", "Tell me more about that.")
        room.say(interview, "child", "He was there and then I went back home to my mum again.")


def ready(room: Room, **changes: object) -> Interview:
    """Everything is met: the next fact may be shown."""
    interview = planned(room, **changes)
    told(room, interview)
    room.press(interview, "go_to", step=FOCUSED, reason="after the break")
    room.press(interview, "observe", condition="approved")
    return interview


def answer(room: Room, interview: Interview) -> None:
    """What was shown is put, and the child answers."""
    room.say(interview, "interviewer", "I heard about a garden shed and a mask. Tell me what happened.")
    room.say(interview, "child", "I do not know about that.")


def show(
    room: Room, interview: Interview, reason: str = WHY, key: str | None = None, needed: bool = True
) -> dict[str, object]:
    press = RevealIn(key or f"r{next(KEYS)}", reason, needed)
    return room.service.reveal(interview.id, room.user.id, press)
