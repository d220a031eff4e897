"""The forms of this room. Nothing that was typed is lost when something is missing."""

from __future__ import annotations

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput

from protocols.model import Flow
from protocols.packs import Shelf
from web.interview import cases
from web.interview.choosing import ChoosingFields
from web.interview.new import AGES, MAX_WORDS, NewInterview
from web.interview.reveal_form import fact_lines
from web.interview.words import data, say

NEW_TALK = "no"
_NOTE = Length(max=MAX_WORDS, message=_l("This is longer than %(max)d characters."))


def language_choices() -> list[SelectChoice]:
    """Codes and names, by name in the reader's language, each with its own name beside it."""
    reader = get_locale() or Locale("en")
    named = []
    for code in data("languages")["languages"]:
        locale = Locale.parse(code, sep="-")
        name, own = locale.get_display_name(reader) or code, locale.get_display_name() or code
        named.append(SelectChoice(code, name if name == own else f"{name} · {own}"))
    return sorted(named, key=lambda choice: choice.label.casefold())


class NewInterviewForm(ChoosingFields, FlaskForm):  # type: ignore[misc]
    """Everything that has to be known before an interview, and the notes that stay out of it."""

    case_code = StringField(
        _l("Case code"),
        [
            InputRequired(_l("Give the case a code.")),
            Length(max=cases.MAX_LENGTH, message=_l("At most %(max)d characters.")),
        ],
    )
    continues = RadioField(
        _l("Is this a further meeting with the same child?"),
        [DataRequired(_l("Say whether this continues an earlier interview."))],
    )
    protocol = RadioField(_l("Protocol"), [DataRequired(_l("Choose a protocol."))])
    child_age = IntegerField(
        _l("The child's age in years"),
        [
            InputRequired(_l("Enter the age in whole years, such as 7.")),
            NumberRange(AGES[0], AGES[-1], _l("The age is in whole years, from %(min)s to %(max)s.")),
        ],
    )
    interviewer_language = SelectField(_l("Your language in this interview"), default="en")
    child_language = SelectField(_l("The child's language"), default="en")
    needs = SelectMultipleField(_l("What this child needs"), option_widget=CheckboxInput())
    persons_present = TextAreaField(_l("Who is in the room, and as what"), [_NOTE])
    own_words = TextAreaField(
        _l("Names and words of the child's own, in its language"), [_NOTE], render_kw={"dir": "auto"}
    )
    told_recording = BooleanField(_l("that the talk is recorded"))
    told_use = BooleanField(_l("what the recording and the words are used for"))
    told_listeners = BooleanField(_l("who listens or watches"))
    told_words = TextAreaField(_l("How it was said, in your words"), [_NOTE])
    assent = RadioField(
        _l("Did the child agree to talk?"),
        choices=[
            SelectChoice("yes", _l("Yes")),
            SelectChoice("no", _l("No")),
            SelectChoice("not_asked", _l("Not asked yet")),
        ],
        default="not_asked",
    )
    assent_how = TextAreaField(_l("How the child showed it"), [_NOTE])
    preparation = TextAreaField(_l("Preparation notes"), [_NOTE])
    facts = fact_lines()
    code_checked = BooleanField(_l("I have checked: this code tells nobody who the child is."), [Optional()])

    def offer(self, flows: dict[str, Flow], shelf: Shelf) -> NewInterviewForm:
        """Fill in what can be chosen. Gives the form."""
        self._flows = flows
        self.ask_code = False
        self.protocol.choices = [
            SelectChoice(flow.id, say(flow.title, str(get_locale()))) for flow in flows.values()
        ]
        self.needs.choices = [
            SelectChoice(pack.id, say(pack.title, str(get_locale())))
            for pack in shelf.of_kind("need", "interpreter")
        ]
        languages = language_choices()
        self.interviewer_language.choices = self.child_language.choices = languages
        return self

    def offer_earlier(self, meetings: dict[str, str]) -> None:
        """Ask whether this continues one of these, by id with the date; asks nothing where there is none."""
        if not meetings:
            del self.continues
            return
        self.continues.choices = [
            SelectChoice(NEW_TALK, _("No, it is a talk of its own")),
            *(
                SelectChoice(name, _("Yes, it continues the interview of %(when)s", when=at))
                for name, at in meetings.items()
            ),
        ]

    def validate_case_code(self, field: Field) -> None:
        """A code that looks like a person is stored only after a second look."""
        field.data = " ".join(str(field.data).split())
        found = cases.warnings(field.data)
        self.ask_code = bool(found)
        if found and not self.code_checked.data:
            raise ValidationError(" ".join(_(text) for text in found))

    def validate_child_age(self, field: Field) -> None:
        flow = self._flows.get(self.protocol.data or "")
        if flow and field.data is not None and not flow.ages[0] <= field.data <= flow.ages[1]:
            raise ValidationError(
                _(
                    "This protocol is for children of %(low)d to %(high)d years.",
                    low=flow.ages[0],
                    high=flow.ages[1],
                )
            )

    def as_new(self) -> NewInterview:
        return NewInterview(
            case_code=self.case_code.data or "",
            protocol=self.protocol.data,
            child_age=int(self.child_age.data or 0),
            interviewer_language=self.interviewer_language.data,
            child_language=self.child_language.data,
            persons_present=self.persons_present.data or "",
            own_words=self.own_words.data or "",
            information_given={
                "recording": self.told_recording.data,
                "use": self.told_use.data,
                "who_listens": self.told_listeners.data,
                "words": self.told_words.data or "",
            },
            assent={"given": self.assent.data, "how": self.assent_how.data or ""},
            preparation=self.preparation.data or "",
            facts=self.facts.data,
            needs=self.needs.data,
            continues=self.continues.data if self.continues and self.continues.data != NEW_TALK else "",
        )


class CloseForm(FlaskForm):  # type: ignore[misc]
    """The end. `key` makes a repeated click one closing."""

    key = HiddenField(validators=[DataRequired(), Length(max=80)])
    reason = TextAreaField(
        _l("Why the interview ends without them"),
        [Length(max=MAX_WORDS, message=_l("This is longer than %(max)d characters."))],
    )
