"""Written turns played through a protocol: the same parts as in the live room, without a record."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from protocols.labels import Guidance, Label
from web.engines import CoderPort, DialoguePort
from web.interview import labels
from web.interview.actions import ActionIn
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
        phase = self._begun()
        heard = Heard(number, turn.speaker.value, self.coder.code(self.conversation, turn))
        where = self._advance([labels.of_turn(heard.speaker, heard.coding, self._said(phase, heard))])
        moment = Moment(turn=heard, before=self._before, phase=phase, cues=self.coder.cues(self.conversation))
        self._before = heard
        return self._shown(where, moment)

    def press(self, press: ActionIn) -> dict[str, Any]:
        """The same after a key press; the nudge is None."""
        phase, label = self._begun(), press.label()
        where = self._advance([label] if label else [])
        cues = self.coder.cues(self.conversation)
        return self._shown(where, Moment(phase=phase, cues=cues, reopening=labels.just_resumed(self._labels)))

    def _begun(self) -> str:
        """The phase up to now."""
        if self._phase is None:
            self._phase = self._advance([]).phase
        return self._phase

    def _said(self, phase: str, heard: Heard) -> str | None:
        """The card this turn says in its own words; looked for only where the guide may follow it."""
        flow, library = self.setting.flow, self.setting.library
        if flow.phase(phase).stage != "before":
            return None
        return recognise(self.coder, self.conversation, library, flow, heard.coding, self.setting.packs)

    def _shown(self, where: Guidance, moment: Moment) -> dict[str, Any]:
        shown = compose(self.setting, where, moment)
        self._phase = where.phase
        why = {card.id: card.reason for card in where.cards}
        return {
            "phase": {"before": moment.phase, "after": where.phase},
            "step": where.step,
            "cards": [
                {**{name: card[name] for name in ("id", "text", "reason")}, "why": why.get(card["id"])}
                for card in shown["cards"]
            ],
            "nudge": shown["nudge"],
            "explain": shown["explain"],
        }

    def _advance(self, new: list[Label]) -> Guidance:
        known = list(self._labels)
        flow, age = self.setting.flow.id, self.setting.age
        where = self.dialogue.advance(
            self.name, flow, age, lambda: known, len(known), new, edition=self.setting.edition
        )
        self._labels += new
        return where
