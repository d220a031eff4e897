"""Published schemes derived from our codes."""

from __future__ import annotations

import pytest

from web.language.model import Flag, QuestionType
from web.language.schemes import derive

T = QuestionType


@pytest.mark.parametrize(
    ("kind", "subtype", "lyon4", "lyon6", "nichd", "recommended"),
    [
        (T.INVITATION, "cued", "invitation", "invitation", "invitation", True),
        (T.WH, "action", "wh", "wh", "directive", True),
        (T.WH, "causal", "wh", "wh", "directive", False),
        (T.WH, "feeling", "wh", "wh", "directive", False),
        (T.WH, "time_number", "wh", "wh", "directive", False),
        (T.YES_NO, "plain", "option_posing", "option_posing", "option_posing", False),
        (T.YES_NO, "do_you_know", "option_posing", "do_you_know", "option_posing", False),
        (T.YES_NO, "tag", "option_posing", "tag", "suggestive", False),
        (T.CHOICE, None, "option_posing", "option_posing", "option_posing", False),
        (T.NON_QUESTION, "facilitator", "non_question", "non_question", "facilitator", True),
        (T.NON_QUESTION, "support", "non_question", "non_question", "non_question", False),
    ],
)
def test_every_scheme(
    kind: QuestionType, subtype: str | None, lyon4: str, lyon6: str, nichd: str, recommended: bool
) -> None:
    wanted = {
        "lyon4": lyon4,
        "lyon6": lyon6,
        "nichd": nichd,
        "recommended2": "recommended" if recommended else "not_recommended",
    }
    assert derive(kind, subtype, (), "plain") == wanted


def test_can_you_tell_counts_either_way() -> None:
    assert derive(T.YES_NO, "can_you_tell", (), "plain")["lyon4"] == "option_posing"
    assert derive(T.YES_NO, "can_you_tell", (), "plain", can_tell_open=True)["lyon4"] == "invitation"


@pytest.mark.parametrize(("frame", "nichd"), [("plain", "option_posing"), ("confirm", "suggestive")])
def test_new_content_is_suggestive_where_it_is_taken_for_granted(frame: str, nichd: str) -> None:
    assert derive(T.YES_NO, "plain", (Flag("new_info", ""),), frame)["nichd"] == nichd


def test_pressure_makes_any_form_suggestive() -> None:
    assert derive(T.INVITATION, "general", (Flag("pressure", ""),), "open")["nichd"] == "suggestive"
