"""Written turns played through a protocol: the same parts as in the live room, without a record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from protocols.labels import Guidance, Label
from web.engines import CoderPort, DialoguePort
from web.interview import labels
from web.interview.guidance import Moment, Setting, compose
from web.interview.nudges import Heard
from web.interview.recognition import recognise
from web.language.conversation import Conversation
from web.language.model import Turn


@dataclass
class Play:
    """One session. `name` is what the dialogue engine knows it by. Raises DialogueDown when that is away."""

    name: str
    setting: Setting
    coder: CoderPort
    dialogue: DialoguePort
    conversation: Conversation = field(init=False)
    _labels: list[Label] = field(default_factory=list)
    _before: Heard | None = None
    _phase: str | None = None

    def __post_init__(self) -> None:
        self.conversation = Conversation(age=self.setting.age, language=self.setting.child_language)

    def turn(self, number: int, turn: Turn) -> dict[str, Any]:
        """`phase` before and after, the `cards` shown then, and the `nudge` with its reason, or None."""
        if self._phase is None:
            self._phase = self._advance([]).phase
        heard = Heard(number, turn.speaker.value, self.coder.code(self.conversation, turn))
        card = recognise(self.coder, self.conversation, self.setting.library, self.setting.flow, heard.coding)
        where = self._advance([labels.of_turn(heard.speaker, heard.coding, card)])
        moment = Moment(
            turn=heard, before=self._before, phase=self._phase, cues=self.coder.cues(self.conversation)
        )
        shown = compose(self.setting, where, moment)
        phase, self._phase, self._before = self._phase, where.phase, heard
        return {
            "phase": {"before": phase, "after": where.phase},
            "step": where.step,
            "cards": [{name: card[name] for name in ("id", "text", "reason")} for card in shown["cards"]],
            "nudge": shown["nudge"],
            "explain": shown["explain"],
        }

    def _advance(self, new: list[Label]) -> Guidance:
        known = list(self._labels)
        where = self.dialogue.advance(
            self.name, self.setting.flow.id, self.setting.age, lambda: known, len(known), new
        )
        self._labels += new
        return where
