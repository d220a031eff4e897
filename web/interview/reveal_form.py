"""The lines for facts from the file in the form of a new interview."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, FieldList, Form, FormField, StringField
from wtforms.validators import ValidationError

from web.interview.errors import Invalid
from web.interview.reveal_facts import MAX_FACT, MAX_SOURCE, MOST, line


def _one_line(most: int) -> Callable[[Form, Field], None]:
    def check(_form: Form, field: Field) -> None:
        try:
            field.data = line(field.name, field.data or "", most)
        except Invalid as problem:
            raise ValidationError(problem.detail) from problem

    return check


class FactForm(Form):  # type: ignore[misc]
    """One fact and where it is known from; both or neither."""

    text = StringField(_l("What is known"), [_one_line(MAX_FACT)])
    source = StringField(_l("Where from"), [_one_line(MAX_SOURCE)])

    def validate_text(self, field: Field) -> None:
        if self.source.data and not field.data:
            raise ValidationError(_("Say what is known, or empty the line."))

    def validate_source(self, field: Field) -> None:
        if self.text.data and not field.data:
            raise ValidationError(_("Say where this is known from: a report, a photo, a message …"))


def fact_lines() -> Any:
    """As many lines as facts can be listed."""
    return FieldList(FormField(FactForm), min_entries=MOST, max_entries=MOST)
