"""The report on an interview's way through its flow, in plain words: what each code in it says."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from protocols.adherence import Gap, Rail
from protocols.course_phases import Departure, PhaseLine
from protocols.labels import CardRef
from web.interview.guidance import Setting
from web.interview.guidance import card as shown
from web.interview.words import data, say


@dataclass(frozen=True)
class Words:
    """Names things in the reader's `language`; cards in the interviewer's own."""

    setting: Setting
    language: str

    def phase(self, phase: str) -> str:
        return say(self.setting.flow.phase(phase).title, self.language)

    def step(self, step: str) -> str:
        return say(self.setting.flow.steps[step].title, self.language)

    def card(self, card: str) -> str:
        """Its words as they were shown, with the packs of this child."""
        return str(shown(self.setting, CardRef(card, ""))["text"])

    def why(self, card: str) -> str:
        """The protocol's own reason for a card."""
        return say(self.setting.flow.cards[card].why, self.language) if card else ""

    def rail(self, rail: Rail) -> str:
        if rail.phase:
            return str(_("%(phase)s, before what may have happened", phase=self.phase(rail.phase)))
        if rail.id == "open_first":
            return str(
                ngettext(
                    "At least %(num)d open prompt before the first focused question",
                    "At least %(num)d open prompts before the first focused question",
                    rail.number,
                )
            )
        names: dict[str, str] = {
            "paired": _("An open prompt after each closed, either-or or leading question"),
            "ladder": _("The transition one card after the other"),
            "reopened": _("An open prompt first after each break"),
            "closed": _("Closing and neutral topic before the end"),
            "contested": _("Contested cards left alone"),
        }
        return names[rail.id]

    def status(self, rail: Rail) -> str:
        if rail.note == "by_stop":
            return str(_("Ended by the child’s stop, with its own cards"))
        if rail.id in ("paired", "reopened") and rail.gaps:
            kept = rail.number - len(rail.gaps)
            return str(_("Done %(kept)d of %(all)d times", kept=kept, all=rail.number))
        names: dict[str, str] = {
            "done": _("Done"),
            "part": _("Done in part"),
            "later": _("Done later, not before"),
            "not_done": _("Not done"),
            "not_arisen": _("Did not come up"),
            "not_yet": _("Not yet"),
        }
        return names[rail.status]

    def gap(self, gap: Gap) -> str:
        card = self.card(gap.card) if gap.card else ""
        if gap.code == "focused_early":
            return str(
                ngettext(
                    "A focused question, with %(num)d open prompt before it.",
                    "A focused question, with %(num)d open prompts before it.",
                    gap.number,
                )
            )
        names: dict[str, str] = {
            "told_first": _("The child began to tell before this had come."),
            "begun": _("What may have happened came up when this was begun and not finished."),
            "left_out": _("What may have happened came up and this had been left out."),
            "card_passed": _("Passed over: %(card)s", card=card),
            "not_paired": _("The next question, in turn %(n)d, was no open prompt.", n=gap.number),
            "closed_last": _("No open prompt about it followed."),
            "rung_skipped": _("Passed over, no turn was taken for it: %(card)s", card=card),
            "not_reopened": _("The first question after the break was no open prompt."),
            "owed": self._owed(gap),
            "contested": _("Used: %(card)s", card=card),
        }
        return names[gap.code]

    def _owed(self, gap: Gap) -> str:
        phase = self.phase(gap.phase) if gap.phase else ""
        if gap.number:
            return str(_("%(phase)s was begun and not finished.", phase=phase))
        return str(_("%(phase)s was not done.", phase=phase))

    def phase_status(self, line: PhaseLine, over: bool) -> str:
        if line.status == "left_out":
            return str(_("Left out: %(how)s", how=self.how(line.how)))
        names: dict[str, str] = {
            "covered": _("Covered"),
            "begun": _("Begun, not finished"),
            "passed": _("Passed through; the interviewer said nothing in it"),
            "ahead": _("Not reached") if over else _("Not yet"),
        }
        return names[line.status]

    def how(self, how: str) -> str:
        """What led from one phase to another."""
        names: dict[str, str] = {
            "start": _("the beginning"),
            "flow": _("the protocol led there"),
            "went": _("the interviewer chose a step"),
            "told": _("the child began to tell"),
            "next": _("the key for the next step"),
            "card": _("a card of it was taken"),
            "followed": _("the interviewer went on in own words"),
            "noted": _("something that was noted"),
        }
        return names[how]

    def departure(self, departure: Departure) -> str:
        if departure.kind == "went":
            source, to = self.step(departure.source), self.step(departure.to)
            return str(_("Went from “%(source)s” to “%(to)s”.", source=source, to=to))
        return str(_("Held back: %(card)s", card=self.card(departure.card)))

    def held(self, reason: str) -> str:
        names: dict[str, str] = {
            "off": _("This card is off unless an agency decides otherwise."),
            "needs_approval": _("It needs a decision of the team first."),
            "open_first": _("Open prompts come before it."),
            "rung_by_rung": _("The cards of the transition come one after the other."),
        }
        return names.get(reason, "")

    def pause(self, kind: str, wants: str) -> str:
        wanted = data("wants")["wants"].get(wants) if wants else None
        if wanted:
            return str(_("The child wanted %(what)s", what=say(wanted["title"], self.language)))
        names: dict[str, str] = {
            "break": _("Break"),
            "stop": _("Stop"),
            "safety": _("Safety"),
            "reluctance": _("The child hesitated"),
        }
        return names[kind]


def duration(seconds: float) -> str:
    """As people say it: whole minutes."""
    minutes = round(seconds / 60)
    return str(ngettext("%(num)d min", "%(num)d min", minutes) if minutes else _("under 1 min"))


def clock(seconds: float) -> str:
    """Time since the beginning: 0:07, 12:30, 1:02:03."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
