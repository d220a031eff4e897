"""The forms of the authoring pages."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from web.authoring.publishing import MAX_NOTE
from web.authoring.wording_file import OwnWords

LONGEST = 120
_LENGTH = Length(max=LONGEST, message=_l("At most %(max)d characters."))
_PLAIN = Regexp(
    r"[^\0-\x1f\x7f\xad\u200b\u202a-\u202e\u2060-\u206f\ufeff\ud800-\udfff\U000e0000-\U000e007f]*\Z",
    message=_l("Use one line of plain text."),
)
_REQUIRED = DataRequired(_l("Please fill this in."))
COPIES = ("copy:", "copy_pack:")


class AddForm(FlaskForm):  # type: ignore[misc]
    """One thing more to change."""

    what = SelectField(_l("What do you want to change?"))
    name = StringField(_l("Name of the copy"), [_LENGTH, _PLAIN], render_kw={"autocomplete": "off"})
    short = StringField(
        _l("Short name of the copy"),
        [_LENGTH, _PLAIN],
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )

    def offer(self, choices: list[SelectChoice]) -> AddForm:
        self.what.choices = choices
        return self

    def validate_name(self, field: Field) -> None:
        """A copy under the name of the original would stand twice in every list."""
        if str(self.what.data).startswith(COPIES) and not (field.data or "").strip():
            raise ValidationError(_("Give the copy a name of its own."))


class NewDraftForm(AddForm):
    title = StringField(_l("What is this draft about?"), [_LENGTH, _PLAIN], render_kw={"autocomplete": "off"})


class PublishForm(FlaskForm):  # type: ignore[misc]
    note = TextAreaField(
        _l("What changed, and why"),
        [_REQUIRED, Length(max=MAX_NOTE, message=_l("At most %(max)d characters.")), Regexp(r"[^\0]*\Z")],
        render_kw={"rows": 3},
    )
    version = HiddenField(validators=[Regexp(r"\d{1,9}\Z")])


class WordsForm(FlaskForm):  # type: ignore[misc]
    """Who wrote the words and who found them good; the words themselves are one field a card."""

    author = StringField(_l("Who wrote these words"), [_REQUIRED, _LENGTH, _PLAIN])
    version = StringField(_l("Version"), [_REQUIRED, Length(max=40), _PLAIN], default="1.0")
    by = StringField(_l("Validated by"), [_LENGTH, _PLAIN])
    on = StringField(_l("Validated on"), [_PLAIN], render_kw={"type": "date"})
    seen = HiddenField()

    def validate_by(self, field: Field) -> None:
        if bool((field.data or "").strip()) != bool(self.on.data):
            raise ValidationError(_("Give both who and when, or neither while the words are a draft."))

    def validate_on(self, field: Field) -> None:
        if field.data:
            try:
                date.fromisoformat(field.data)
            except ValueError:
                raise ValidationError(_("Write the date as in 2026-11-22.")) from None

    def still_validated(self, before: OwnWords, now: OwnWords) -> bool:
        """Whether nobody is said to have validated words that were changed afterwards."""
        same = (before.by, before.on) == (now.by, now.on)
        if now.validated and same and dict(before.texts) != dict(now.texts):
            self.by.errors = [
                *self.by.errors,
                _("The words were changed since. Say who validated them as they are now, or empty both."),
            ]
        return not self.by.errors
